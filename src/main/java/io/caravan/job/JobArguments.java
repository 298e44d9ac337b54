package io.caravan.job;

import io.caravan.error.SettingChecks;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a run of a job was told, or what holds without it: every value is as its parameter asks. */
public final class JobArguments {

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    private JobArguments() {}

    /**
     * Takes what was given, by parameters' names.
     *
     * <ul>
     *   <li>in: {@code resolved} makes of a default what its placeholders stand for
     *   <li>errors: {@link io.caravan.error.ConfigurationException} with a sentence for each parameter that breaks a rule
     * </ul>
     */
    public static JobArguments of(JobDefinition job, Map<String, List<String>> given, UnaryOperator<String> resolved) {
        JobArguments arguments = new JobArguments();
        SettingChecks checks = new SettingChecks(job.name());
        for (JobParameter parameter : job.parameters()) {
            List<String> said = Optional.ofNullable(given.get(parameter.name()))
                    .orElseGet(() -> parameter.standard().stream()
                            .map(resolved)
                            .filter(value -> !value.isEmpty())
                            .toList());
            List<String> taken = new ArrayList<>();
            for (String value : said) {
                String meant = parameter.type() == JobParameter.Type.BOOLEAN ? value.toLowerCase(Locale.ROOT) : value;
                Optional<String> broken = parameter.broken(meant);
                checks.must(
                        broken.isEmpty(), parameter.option(), broken.orElse(""), parameter.secret() ? "*****" : value);
                if (broken.isEmpty()) taken.add(meant);
            }
            checks.must(!parameter.required() || !said.isEmpty(), parameter.option(), "be given", "");
            checks.must(
                    parameter.list() || said.size() <= 1, parameter.option(), "be given once", String.join(",", said));
            if (!taken.isEmpty()) arguments.values.put(parameter.name(), List.copyOf(taken));
            if (parameter.secret()) arguments.secrets.addAll(said);
        }
        checks.check();
        return arguments;
    }

    /** What nobody may see. */
    public Set<String> secrets() {
        return Set.copyOf(secrets);
    }

    public boolean has(String parameter) {
        return values.containsKey(parameter);
    }

    /** The values of a list; none when none was said. */
    public List<String> texts(String parameter) {
        return values.getOrDefault(parameter, List.of());
    }

    /** The value, or those of a list with commas between them; blank for none. */
    public String text(String parameter) {
        return String.join(",", texts(parameter));
    }

    /** The value of an {@code integer}. */
    public long whole(String parameter) {
        return Long.parseLong(text(parameter));
    }

    /** The value of a {@code boolean}; false for none. */
    public boolean truth(String parameter) {
        return text(parameter).equals("true");
    }

    /** The value of a {@code date}; empty for none. */
    public Optional<LocalDate> date(String parameter) {
        return has(parameter) ? Optional.of(LocalDate.parse(text(parameter))) : Optional.empty();
    }
}
