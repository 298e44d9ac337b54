package io.caravan.job;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a job file says. {@link JobFile} reads one.
 *
 * @param target what it runs
 * @param settings for its runs only, with placeholders of parameters
 * @param retries how often it is tried again when it failed
 * @param timeout of all tries together
 * @param concurrencyKey with placeholders of parameters
 */
public record JobDefinition(
        String name,
        String description,
        List<JobParameter> parameters,
        Target target,
        Map<String, String> settings,
        int retries,
        Duration retryDelay,
        Optional<Duration> timeout,
        Optional<String> concurrencyKey) {

    /** What a job runs, and its name. */
    public record Target(Kind kind, String name) {}

    /** What can be run. */
    public enum Kind {
        PIPELINE,
        CHAIN,
        DATASET,
        BACKFILL,
        JAVA;

        /** As files and people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a backfill is told beside its pipeline's parameters, as its command is; only the first two must be. */
    public static final List<String> OF_BACKFILL = List.of("since", "until", "by", "parallel");

    /** The name of a parameter; one of a setting has a dot, and one of a function a colon. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-zA-Z0-9_-]+)}}");

    public JobDefinition {
        parameters = List.copyOf(parameters);
        settings = new LinkedHashMap<>(settings);
    }

    /** The parameters that a text names, in order. */
    static List<String> named(String text) {
        return PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** Throws a {@link ConfigurationException} when a text names a parameter that there is not; {@code unit}, {@code field}: of the text. */
    public void mustKnow(String unit, String field, String text) {
        List<String> known = parameters.stream().map(JobParameter::name).toList();
        SettingChecks checks = new SettingChecks(unit);
        for (String name : named(text)) {
            checks.must(
                    known.contains(name),
                    field,
                    "name parameters of " + this.name + ": " + String.join(", ", known),
                    name);
        }
        checks.check();
    }

    /** A text with the values of the parameters that it names. */
    public String filled(String text, JobArguments arguments) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(arguments.text(found.group(1))));
    }

    /** What must not go on twice at once, such as {@code agency 10}; empty when it may. */
    public Optional<String> key(JobArguments arguments) {
        return concurrencyKey.map(key -> filled(key, arguments));
    }

    /** The settings of its runs that its file says. */
    public Map<String, String> settings(JobArguments arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach((name, text) -> values.put(name, filled(text, arguments)));
        return values;
    }

    /** Whether the file gives a parameter a place in a setting; else it is the setting that it is called like. */
    public boolean sets(JobParameter parameter) {
        return settings.values().stream().anyMatch(text -> named(text).contains(parameter.name()));
    }

    /** Whether a parameter has a place in a setting or in the concurrency key. */
    public boolean uses(JobParameter parameter) {
        return sets(parameter)
                || concurrencyKey
                        .filter(key -> named(key).contains(parameter.name()))
                        .isPresent();
    }
}
