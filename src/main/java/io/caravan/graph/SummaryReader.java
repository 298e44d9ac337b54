package io.caravan.graph;

import static io.caravan.graph.GraphMappingsReader.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.error.SettingChecks;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.graph.GraphMapping.Rule;
import io.caravan.graph.GraphMapping.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a derived relationship keeps of its supporters:
 *
 * <pre>{@code
 * first_seen: { earliest: time }       # or latest
 * reads: { count: status, of: [Read] } # these and what follows only in a file of several kinds; without of: all that have it
 * rating: { average: rating }
 * periods: { list: period }
 * status: { last: status, by: time, order: [Read, Reading] }
 * }</pre>
 */
final class SummaryReader {

    private final SettingChecks settings;
    private final List<String> known;
    private final boolean ofKinds;

    SummaryReader(SettingChecks settings, Node own, boolean ofKinds) {
        this.settings = settings;
        this.known =
                new ArrayList<>(own.properties().stream().map(Property::name).toList());
        if (ofKinds) known.add(0, own.key());
        this.ofKinds = ofKinds;
    }

    List<Summary> all(String at, JsonNode yaml) {
        List<Summary> summaries = new ArrayList<>();
        fields(yaml).forEach((name, of) -> {
            settings.name(at, name);
            one(at, name, of).ifPresent(summaries::add);
        });
        settings.must(yaml.isMissingNode() || yaml.isObject(), at, "be a map from property to its rule", yaml);
        return List.copyOf(summaries);
    }

    Optional<Summary> one(String at, String name, JsonNode yaml) {
        String texts = yaml.has("last") ? "order" : "of";
        Set<String> more = yaml.has("last") ? Set.of("by", "order") : yaml.has("count") ? Set.of("of") : Set.of();
        List<String> rules = new ArrayList<>();
        yaml.fieldNames().forEachRemaining(field -> {
            if (!more.contains(field)) rules.add(field);
        });
        Optional<Rule> rule = rules.size() == 1 ? rule(rules.get(0)) : Optional.empty();
        String few = "be { earliest: <property> } or { latest: <property> }";
        String many =
                few + ", or one of count, average, list and { last: <property>, by: <property>, order: [<text>, ...] }";
        settings.must(rule.isPresent(), at + "." + name, ofKinds ? many : few, yaml);
        if (rule.isEmpty()) return Optional.empty();
        String property = property(at + "." + name, yaml.path(rules.get(0)));
        String by = rule.get() == Rule.LAST ? property(at + "." + name + ".by", yaml.path("by")) : "";
        List<String> all = new ArrayList<>();
        yaml.path(texts).forEach(text -> all.add(text.asText()));
        return Optional.of(new Summary(name, rule.get(), property, by, List.copyOf(all)));
    }

    private Optional<Rule> rule(String word) {
        for (Rule rule : Rule.values()) {
            boolean always = rule == Rule.EARLIEST || rule == Rule.LATEST;
            if (rule.name().toLowerCase(Locale.ROOT).equals(word) && (always || ofKinds)) return Optional.of(rule);
        }
        return Optional.empty();
    }

    private String property(String at, JsonNode yaml) {
        String property = yaml.asText();
        settings.must(known.contains(property), at, "be of a property of the record's own node " + known, property);
        return property;
    }
}
