package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition;
import io.caravan.job.NewJob;
import io.caravan.job.NewJobs;
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

    private static final int MOST_PROBLEMS = 100;

    private final NewJobs jobs;
    private final Optional<String> key;
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
        this.jobs = new NewJobs(job, resolved);
        this.key = key;
    }

    /** Adds what is wrong with a row that is none. */
    void problem(String sentence) {
        wrong++;
        if (problems.size() < MOST_PROBLEMS) problems.add(sentence);
    }

    /** Adds a row; {@code place}: what a sentence about it begins with, such as {@code agencies.csv:3: }. */
    void add(String place, Map<String, List<String>> told) {
        try {
            put(place, jobs.of(told, key));
        } catch (ConfigurationException e) {
            e.getMessage().lines().forEach(sentence -> problem(place + sentence));
        }
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
                            jobs.job().name(),
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
        if (wrong > problems.size())
            all.add(jobs.job().name() + ": and " + (wrong - problems.size()) + " problems more");
        throw new ConfigurationException(all);
    }
}
