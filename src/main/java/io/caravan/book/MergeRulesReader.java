package io.caravan.book;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.JsonFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads merge rules from YAML, one for each field of a book, and says all that is wrong with them at once.
 *
 * <pre>{@code
 * title:         { first: [google-books, open-library, job] }    # who says something first
 * subtitle:      { as: title }                                   # of the source the title came from
 * description:   { longest: [google-books, open-library] }       # of equals: in this order
 * published:     { most-precise: [google-books, open-library] }
 * genres:        { union: [google-books, open-library] }
 * ratingCount:   { greatest: [google-books, open-library] }
 * listPrice:     { first: [google-books], when: { saleability: [FOR_SALE] } }   # only if the same source says so
 * }</pre>
 */
final class MergeRulesReader {

    private static final List<String> SOURCES = List.of(GoogleBooks.SOURCE, OpenLibrary.SOURCE, Wanted.SOURCE);
    private static final List<Field> FIELDS =
            Arrays.stream(Field.values()).filter(Field::inBook).toList();
    private static final String WHEN = "when";

    private final SettingChecks settings;
    private final Map<Field, MergeRule> rules = new EnumMap<>(Field.class);

    private MergeRulesReader(String unit) {
        this.settings = new SettingChecks(unit);
    }

    static MergeRules read(String unit, String yaml) {
        try {
            JsonNode root = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(yaml);
            return new MergeRulesReader(unit).rules(root);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new ConfigurationException(SettingChecks.sentence(unit, "text", "be YAML", JsonFault.of(e)) + line);
        }
    }

    private MergeRules rules(JsonNode root) {
        settings.must(root.isObject(), "text", "be a map from field to rule", root);
        root.properties().forEach(e -> {
            Optional<Field> field = Field.of(e.getKey()).filter(Field::inBook);
            settings.must(field.isPresent(), e.getKey(), "be one of " + FIELDS, e.getKey());
            field.ifPresent(f -> rule(f, e.getValue()));
        });
        for (Field f : FIELDS) settings.must(root.has(f.toString()), f.toString(), "have a rule", "");
        rules.forEach((field, rule) -> rule.as()
                .ifPresent(a -> settings.must(
                        a != field && rules.containsKey(a) && rules.get(a).as().isEmpty(),
                        field + ".as",
                        "be a field with another rule than as",
                        a)));
        settings.check();
        return new MergeRules(rules);
    }

    private void rule(Field field, JsonNode yaml) {
        List<String> names = new ArrayList<>();
        yaml.fieldNames().forEachRemaining(n -> {
            if (!n.equals(WHEN)) names.add(n);
        });
        Optional<MergeStrategy> strategy = names.size() == 1 ? MergeStrategy.of(names.get(0)) : Optional.empty();
        settings.must(
                strategy.isPresent(),
                field.toString(),
                "have one of " + Arrays.toString(MergeStrategy.values()) + ", with or without when",
                yaml);
        if (strategy.isEmpty()) return;
        MergeStrategy how = strategy.get();
        JsonNode value = yaml.get(how.toString());
        settings.must(how.suits(field), field.toString(), "have a rule for its type", how);
        if (how == MergeStrategy.AS) {
            Optional<Field> followed = Field.of(value.asText()).filter(Field::inBook);
            settings.must(followed.isPresent(), field + ".as", "be one of " + FIELDS, value.asText());
            settings.must(!yaml.has(WHEN), field + ".when", "not stand beside as", yaml.path(WHEN));
            rules.put(field, new MergeRule(how, List.of(), followed, Map.of()));
        } else {
            List<String> sources = sources(field + "." + how, value);
            rules.put(field, new MergeRule(how, sources, Optional.empty(), when(field + ".when", yaml.path(WHEN))));
        }
    }

    private List<String> sources(String at, JsonNode yaml) {
        List<String> sources = texts(at, yaml);
        sources.forEach(s -> settings.must(SOURCES.contains(s), at, "hold only " + SOURCES, s));
        settings.must(new HashSet<>(sources).size() == sources.size(), at, "name a source once", yaml);
        return sources;
    }

    private Map<Field, Set<String>> when(String at, JsonNode yaml) {
        Map<Field, Set<String>> when = new EnumMap<>(Field.class);
        settings.must(yaml.isMissingNode() || yaml.isObject(), at, "be a map from field to its texts", yaml);
        yaml.properties().forEach(e -> {
            Optional<Field> field = Field.of(e.getKey()).filter(f -> f.type() == String.class);
            settings.must(field.isPresent(), at, "be of fields that hold a text", e.getKey());
            List<String> texts = texts(at + "." + e.getKey(), e.getValue());
            field.ifPresent(f -> when.put(f, Set.copyOf(texts)));
        });
        return when;
    }

    private List<String> texts(String at, JsonNode yaml) {
        List<String> texts = new ArrayList<>();
        yaml.forEach(t -> texts.add(t.isTextual() ? t.textValue() : ""));
        boolean good = yaml.isArray() && !texts.isEmpty() && texts.stream().noneMatch(String::isBlank);
        settings.must(good, at, "be a list of texts", yaml);
        return List.copyOf(texts);
    }
}
