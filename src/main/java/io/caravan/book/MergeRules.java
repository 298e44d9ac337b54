package io.caravan.book;

import io.caravan.book.MergeRule.Choice;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingFile;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which source's value a book gets, field by field; the rules are data, see {@link MergeRulesReader}. */
public final class MergeRules {

    private final Map<Field, MergeRule> rules;

    MergeRules(Map<Field, MergeRule> rules) {
        this.rules = Collections.unmodifiableMap(new EnumMap<>(rules));
    }

    /** From {@code classpath:<resource>} or a file; throws {@link ConfigurationException} with all its problems. */
    public static MergeRules load(String location) {
        return MergeRulesReader.read("merge rules " + location, SettingFile.read("books", "mergeRules", location));
    }

    /**
     * One book of what the sources say. The order of the facts does not count; of two from one source the one counts whose
     * JSON comes first. Without a title or an author from a source that counts, the job's stands in.
     */
    public Book merge(Wanted wanted, List<Facts> facts) {
        Map<String, Facts> bySource = new HashMap<>();
        for (Facts f : facts) bySource.merge(f.source(), f, MergeRules::smaller);
        Facts job = Facts.of(wanted);
        bySource.put(job.source(), job);
        Map<Field, Choice> chosen = new EnumMap<>(Field.class);
        rules.forEach((field, rule) -> rule.choose(field, bySource).ifPresent(c -> chosen.put(field, c)));
        rules.forEach((field, rule) -> rule.as()
                .flatMap(followed -> follow(field, chosen.get(followed), bySource))
                .ifPresent(c -> chosen.put(field, c)));
        for (Field needed : List.of(Field.TITLE, Field.AUTHORS)) {
            chosen.computeIfAbsent(
                    needed, f -> new Choice(job.values().getOrDefault(f, List.of()), List.of(job.source())));
        }
        return new MergedValues(chosen).book(wanted);
    }

    private static Optional<Choice> follow(Field field, Choice followed, Map<String, Facts> bySource) {
        if (followed == null) return Optional.empty();
        return followed.sources().stream()
                .filter(s -> bySource.get(s).values().containsKey(field))
                .findFirst()
                .map(s -> new Choice(bySource.get(s).values().get(field), List.of(s)));
    }

    private static Facts smaller(Facts a, Facts b) {
        return BookJson.json(a).toString().compareTo(BookJson.json(b).toString()) <= 0 ? a : b;
    }
}
