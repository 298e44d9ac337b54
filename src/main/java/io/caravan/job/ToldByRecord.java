package io.caravan.job;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Record;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Makes a job of a record, as settings say: which, what it is told, and what two have in common that are one. */
final class ToldByRecord {

    private static final String FIELD = "field:";
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    private final Map<String, NewJobs> jobs;
    private final Map<String, FieldText> parameters = new LinkedHashMap<>();
    private final Optional<String> told;
    private final Optional<FieldText> key;
    private final String patternField;
    private final Optional<Pattern> pattern;
    private final Set<String> groups;

    /**
     * @param jobs that may be meant
     * @param parameters {@code name={field}, name={field}}; {@code field:<name>} of one that holds them; blank: fields of their names
     * @param key {@code {field}}; blank for the record's
     * @param patternField whose named groups by {@code pattern} are fields too; blank for none
     */
    ToldByRecord(
            SettingChecks settings,
            List<NewJobs> jobs,
            String parameters,
            String key,
            String patternField,
            String pattern) {
        this.jobs = new LinkedHashMap<>();
        jobs.forEach(one -> this.jobs.put(one.job().name(), one));
        settings.must(!jobs.isEmpty(), "job", "name a job's file", "");
        this.told = parameters.startsWith(FIELD)
                ? Optional.of(parameters.substring(FIELD.length()).strip())
                : Optional.empty();
        if (told.isEmpty()) SettingList.of(parameters).forEach(one -> parameter(settings, one));
        settings.must(
                jobs.size() < 2 || told.isPresent(),
                "parameters",
                "be " + FIELD + "<name>, as of several jobs each is told by names of its own",
                parameters);
        this.key = Optional.of(key).filter(text -> !text.isBlank()).map(FieldText::new);
        this.patternField = patternField;
        this.pattern = compiled(settings, pattern);
        this.groups =
                GROUP.matcher(pattern).results().map(found -> found.group(1)).collect(Collectors.toSet());
        settings.must(
                patternField.isBlank() == this.pattern.isEmpty(),
                "patternField",
                "be said with pattern, and pattern with patternField",
                patternField);
    }

    private void parameter(SettingChecks settings, String one) {
        String[] pair = one.split("=", 2);
        String name = pair[0].strip();
        settings.must(pair.length == 2, "parameters", "be like agency={agency}, or field:<name>", one);
        for (NewJobs job : jobs.values()) {
            List<String> names =
                    job.job().parameters().stream().map(JobParameter::name).toList();
            settings.must(
                    names.contains(name),
                    "parameters",
                    "name parameters of " + job.job().name() + ": " + String.join(", ", names),
                    name);
        }
        if (pair.length == 2) parameters.put(name, new FieldText(pair[1].strip()));
    }

    private static Optional<Pattern> compiled(SettingChecks settings, String pattern) {
        try {
            return pattern.isBlank() ? Optional.empty() : Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            settings.must(false, "pattern", "be a regular expression", pattern);
            return Optional.empty();
        }
    }

    /**
     * The job of a record.
     *
     * <ul>
     *   <li>errors: {@link BadRecordException}, or {@link ConfigurationException} with the rules of the job that are broken
     * </ul>
     */
    NewJob of(Record record) {
        Function<String, Optional<Object>> fields = pattern.isEmpty() ? record::get : parts(record);
        NewJobs meant = meant(fields);
        Map<String, List<String>> said = told.map(field -> held(field, fields)).orElseGet(() -> filled(meant, fields));
        String common = key.map(text -> one(text.of(fields), "key")).orElseGet(record::key);
        return meant.keyed(common, said);
    }

    /** The record's fields, and the parts of one of them. */
    private Function<String, Optional<Object>> parts(Record record) {
        String text = one(record.get(patternField).map(FieldText::texts).orElse(List.of()), patternField);
        Matcher parts = pattern.orElseThrow().matcher(text);
        if (!parts.matches())
            throw new BadRecordException(
                    SettingChecks.sentence("the record", patternField, "match " + pattern.get(), text));
        return name -> groups.contains(name) ? Optional.ofNullable(parts.group(name)) : record.get(name);
    }

    /** Data chooses among the jobs that the settings name, and no other. */
    private NewJobs meant(Function<String, Optional<Object>> fields) {
        if (told.isEmpty()) return jobs.values().iterator().next();
        String name = one(fields.apply("job").map(FieldText::texts).orElse(List.of()), "job");
        NewJobs job = jobs.get(name);
        if (job == null)
            throw new BadRecordException(
                    SettingChecks.sentence("the record", "job", "be one of " + String.join(", ", jobs.keySet()), name));
        return job;
    }

    private Map<String, List<String>> filled(NewJobs meant, Function<String, Optional<Object>> fields) {
        Map<String, FieldText> texts = parameters;
        if (texts.isEmpty()) {
            texts = meant.job().parameters().stream()
                    .collect(Collectors.toMap(JobParameter::name, p -> new FieldText("{" + p.name() + "}")));
        }
        Map<String, List<String>> said = new LinkedHashMap<>();
        texts.forEach((name, text) -> put(said, name, text.of(fields)));
        return said;
    }

    private static Map<String, List<String>> held(String field, Function<String, Optional<Object>> fields) {
        Map<String, List<String>> said = new LinkedHashMap<>();
        Object holds = fields.apply(field).orElse(Map.of());
        if (!(holds instanceof Map<?, ?> values))
            throw new BadRecordException(
                    SettingChecks.sentence("the record", field, "be an object of parameters", holds));
        values.forEach((name, value) -> {
            if (value != null) put(said, name.toString(), FieldText.texts(value));
        });
        return said;
    }

    /** What has no value is not told: then the default holds where the job runs. */
    private static void put(Map<String, List<String>> said, String name, List<String> values) {
        if (!values.isEmpty()) said.put(name, values);
    }

    private static String one(List<String> values, String field) {
        if (values.size() == 1) return values.get(0);
        throw new BadRecordException(
                SettingChecks.sentence("the record", field, "have one value", String.join(",", values)));
    }
}
