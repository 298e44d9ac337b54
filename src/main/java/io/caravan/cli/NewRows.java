package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobArguments;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobParameter;
import io.caravan.job.NewJob;
import io.caravan.job.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes rows for the table of jobs of what their parameters are told, each checked as a run of the job would check it. All that
 * is wrong with any of them is known before one is stored.
 */
final class NewRows {

    /** Longer ones would not fit into an index. */
    private static final int LONGEST_KEY = 1_000;

    private static final int MOST_PROBLEMS = 100;

    private final JobDefinition job;
    private final Optional<String> key;
    private final UnaryOperator<String> resolved;
    private final Map<String, NewJob> rows = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long repeated;
    private long wrong;

    /**
     * @param key what two rows have in common that are one, with placeholders of parameters; empty for all that they are told
     * @param resolved makes of a default what its placeholders stand for
     */
    NewRows(JobDefinition job, Optional<String> key, UnaryOperator<String> resolved) {
        this.job = job;
        this.key = key;
        Map<String, String> known = new HashMap<>();
        this.resolved = text -> known.computeIfAbsent(text, resolved);
    }

    /** Adds what is wrong with a row that is none. */
    void problem(String sentence) {
        wrong++;
        if (problems.size() < MOST_PROBLEMS) problems.add(sentence);
    }

    /** Adds a row; {@code place}: what a sentence about it begins with, such as {@code agencies.csv:3: }. */
    void add(String place, Map<String, List<String>> told) {
        SettingChecks checks = new SettingChecks(job.name());
        for (JobParameter parameter : job.parameters()) {
            List<String> said = told.getOrDefault(parameter.name(), List.of());
            checks.must(
                    !parameter.secret() || said.isEmpty(),
                    parameter.option(),
                    "not be told to a table, where others could read it; give it a default such as {{env:NAME}}",
                    "*****");
            checks.must(
                    said.stream().noneMatch(value -> value.indexOf('\0') >= 0),
                    parameter.option(),
                    "hold no NUL character",
                    String.join(",", said));
        }
        try {
            checks.check();
            JobArguments arguments = JobArguments.of(job, told, resolved);
            put(place, job(told, arguments));
        } catch (ConfigurationException e) {
            e.getMessage().lines().forEach(sentence -> problem(place + sentence));
        }
    }

    private NewJob job(Map<String, List<String>> told, JobArguments arguments) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (JobParameter parameter : job.parameters()) {
            if (told.containsKey(parameter.name())) values.put(parameter.name(), arguments.texts(parameter.name()));
        }
        String common = key.map(text -> job.filled(text, arguments)).orElseGet(() -> all(values));
        new SettingChecks(job.name())
                .must(
                        common.length() <= LONGEST_KEY,
                        "--key",
                        "be at most " + LONGEST_KEY + " characters; say one such as \"agency {{agency-id}}\"",
                        common.length() > LONGEST_KEY ? common.length() + " characters" : common)
                .must(!common.isBlank(), "--key", "not be blank", common)
                .check();
        return new NewJob(job.name(), common, new Payload(values), job.key(arguments));
    }

    private String all(Map<String, List<String>> values) {
        List<String> parts = new ArrayList<>();
        values.forEach((name, said) -> parts.add(name + "=" + String.join(",", said)));
        return parts.isEmpty() ? job.name() : String.join(" ", parts);
    }

    private void put(String place, NewJob row) {
        NewJob before = rows.putIfAbsent(row.key(), row);
        if (before == null) {
            places.put(row.key(), place);
        } else if (before.payload().equals(row.payload())) {
            repeated++;
        } else {
            problem(place
                    + SettingChecks.sentence(
                            job.name(),
                            "--key",
                            "differ from that of another row that is told something else ("
                                    + places.get(row.key()).replaceFirst(": $", "") + ")",
                            row.key()));
        }
    }

    /** How many were like an earlier one. */
    long repeated() {
        return repeated;
    }

    /**
     * All of them, none twice.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} with all that is wrong
     * </ul>
     */
    Collection<NewJob> rows() {
        if (problems.isEmpty()) return rows.values();
        List<String> all = new ArrayList<>(problems);
        if (wrong > problems.size()) all.add(job.name() + ": and " + (wrong - problems.size()) + " problems more");
        throw new ConfigurationException(all);
    }
}
