package io.caravan.job;

import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Makes jobs for the table of what their parameters are told, each checked as a run of the job would check it. Thread-safe.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.ConfigurationException} with a sentence for each rule that is broken
 * </ul>
 */
public final class NewJobs {

    /** Longer ones would not fit into an index. */
    private static final int LONGEST_KEY = 1_000;

    private static final int MOST_BYTES = 2_000;

    private final JobDefinition job;
    private final UnaryOperator<String> resolved;

    /** {@code resolved}: makes of a default what its placeholders stand for. */
    public NewJobs(JobDefinition job, UnaryOperator<String> resolved) {
        this.job = job;
        Map<String, String> known = new ConcurrentHashMap<>();
        this.resolved = text -> known.computeIfAbsent(text, resolved);
    }

    public JobDefinition job() {
        return job;
    }

    /** {@code key}: what two have in common that are one, with placeholders of parameters; empty for all that they are told. */
    public NewJob of(Map<String, List<String>> told, Optional<String> key) {
        JobArguments arguments = checked(told);
        Map<String, List<String>> values = values(told, arguments);
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

    /** The same with this very key, which is data; of one that is too long its beginning and its hash. */
    public NewJob keyed(String key, Map<String, List<String>> told) {
        JobArguments arguments = checked(told);
        new SettingChecks(job.name())
                .must(!key.isBlank() && key.indexOf('\0') < 0, "key", "not be blank nor hold a NUL character", key)
                .check();
        return new NewJob(job.name(), fitting(key), new Payload(values(told, arguments)), job.key(arguments));
    }

    private static String fitting(String key) {
        if (key.length() <= LONGEST_KEY && key.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) return key;
        String beginning = key.substring(0, Math.min(key.length(), LONGEST_KEY / 2));
        // not half a pair
        return beginning.replaceFirst("[\\ud800-\\udbff]$", "") + "... " + Sha256.hex(key, 32);
    }

    private JobArguments checked(Map<String, List<String>> told) {
        SettingChecks checks = new SettingChecks(job.name());
        List<String> names = job.parameters().stream().map(JobParameter::name).toList();
        for (String name : told.keySet()) {
            checks.must(
                    names.contains(name), "--" + name, "be one of its parameters " + String.join(", ", names), name);
        }
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
        checks.check();
        return JobArguments.of(job, told, resolved);
    }

    /** As they are after the check, in the order of the job's parameters. */
    private Map<String, List<String>> values(Map<String, List<String>> told, JobArguments arguments) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (JobParameter parameter : job.parameters()) {
            if (told.containsKey(parameter.name())) values.put(parameter.name(), arguments.texts(parameter.name()));
        }
        return values;
    }

    private String all(Map<String, List<String>> values) {
        List<String> parts = new ArrayList<>();
        values.forEach((name, said) -> parts.add(name + "=" + String.join(",", said)));
        return parts.isEmpty() ? job.name() : String.join(" ", parts);
    }
}
