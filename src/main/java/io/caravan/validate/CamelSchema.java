package io.caravan.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares routes with the JSON Schema that Camel ships for its YAML, and says what differs in a person's words. It knows what that
 * schema uses of JSON Schema, and no more. A text may stand where it asks for a number or a truth, as Camel reads both from one, and
 * a placeholder anywhere.
 */
final class CamelSchema {

    /** Where a class path has it. */
    static final String RESOURCE = "/schema/camelYamlDsl.json";

    private static final Pattern PLACEHOLDER = Pattern.compile(".*\\{\\{.*}}.*", Pattern.DOTALL);
    private static final int MOST_NAMED = 12;

    /** {@code depth}: how far inside it was found; of several readings of a block the one that goes farthest was meant. */
    private record Found(int depth, int line, String sentence) {}

    private final JsonNode root;

    private CamelSchema(JsonNode root) {
        this.root = root;
    }

    static CamelSchema load() {
        try (InputStream in = CamelSchema.class.getResourceAsStream(RESOURCE)) {
            return new CamelSchema(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list of routes, beans and what else a route file may hold. */
    List<Problem> check(String file, YamlNode routes) {
        if (routes.kind() != YamlNode.Kind.LIST) {
            return List.of(new Problem(
                    file,
                    routes.line(),
                    0,
                    "file must be a list of routes, each '- route:' with id and from, got "
                            + (routes.isMap() ? "a map" : "a text")));
        }
        return check(file, routes.items());
    }

    /** What stands in such a list. */
    List<Problem> check(String file, List<YamlNode> items) {
        List<Found> found = new ArrayList<>();
        for (YamlNode item : items) found.addAll(check(item, root.path("items"), "routes", 0));
        return found.stream()
                .map(f -> new Problem(file, f.line(), 0, f.sentence()))
                .distinct()
                .toList();
    }

    /** {@code unit}: the name of the block that is looked at. */
    private List<Found> check(YamlNode node, JsonNode schema, String unit, int depth) {
        if (schema.has("$ref")) return check(node, referred(schema.get("$ref").asText()), unit, depth);
        if (node.isScalar()
                && PLACEHOLDER.matcher(node.text()).matches()
                && !schema.path("type").asText().matches("object|array")) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        String type = schema.path("type").asText();
        if (!type.isEmpty() && !isOf(type, node)) {
            return List.of(new Found(
                    depth, node.line(), unit + ": value must be " + said(type) + ", got '" + shown(node) + "'"));
        }
        if (schema.has("enum") && node.isScalar()) {
            List<String> values = texts(schema.get("enum"));
            if (!values.contains(node.text())) {
                found.add(new Found(
                        depth,
                        node.line(),
                        SettingChecks.sentence(unit, "value", "be one of " + String.join(", ", values), node.text())
                                + Nearest.hint(node.text(), values)));
            }
        }
        if (node.isMap()) map(node, schema, unit, depth, found);
        if (schema.has("items")) {
            for (YamlNode item : node.items()) found.addAll(check(item, schema.get("items"), unit, depth + 1));
        }
        if (schema.has("oneOf")) found.addAll(alternatives(node, schema.get("oneOf"), unit, depth, true));
        if (schema.has("anyOf")) found.addAll(alternatives(node, schema.get("anyOf"), unit, depth, false));
        if (schema.has("not") && check(node, schema.get("not"), unit, depth).isEmpty()) {
            found.add(new Found(depth, node.line(), unit + ": block must have one expression, got more"));
        }
        return found;
    }

    private void map(YamlNode node, JsonNode schema, String unit, int depth, List<Found> found) {
        JsonNode properties = schema.path("properties");
        boolean closed = schema.has("additionalProperties")
                && !schema.get("additionalProperties").asBoolean(true);
        node.fields().forEach((name, value) -> {
            if (properties.has(name)) {
                found.addAll(check(value, properties.get(name), name.equals("steps") ? unit : name, depth + 1));
            } else if (closed) {
                List<String> known = new ArrayList<>();
                properties.fieldNames().forEachRemaining(known::add);
                // deeper than what is missing: who misspelled a word meant this block
                found.add(new Found(depth + 1, node.lineOf(name), unknown(unit, name, known)));
            }
        });
        for (String required : texts(schema.path("required"))) {
            if (!node.fields().containsKey(required)) {
                found.add(new Found(
                        depth,
                        node.line(),
                        unit + ": '" + required + "' must be there, got "
                                + (node.fields().isEmpty()
                                        ? "nothing"
                                        : "only "
                                                + String.join(
                                                        ", ", node.fields().keySet()))));
            }
        }
        if (schema.has("maxProperties")
                && node.fields().size() > schema.get("maxProperties").asInt()) {
            List<String> names = List.copyOf(node.fields().keySet());
            found.add(new Found(
                    depth,
                    node.lineOf(names.get(1)),
                    SettingChecks.sentence(unit, "list item", "be one block", String.join(", ", names))
                            + "; begin '" + names.get(1) + "' with '- ', or indent it deeper than '" + names.get(0)
                            + "'"));
        }
    }

    private static String unknown(String unit, String name, Collection<String> known) {
        String near = Nearest.hint(name, known);
        String rule = near.isEmpty() || known.size() <= MOST_NAMED
                ? "be one of " + String.join(", ", new TreeSet<>(known))
                : "be one that Camel knows there";
        return SettingChecks.sentence(unit, "key", rule, name) + near;
    }

    private List<Found> alternatives(YamlNode node, JsonNode schemas, String unit, int depth, boolean onlyOne) {
        List<List<Found>> wrong = new ArrayList<>();
        int right = 0;
        for (JsonNode schema : schemas) {
            List<Found> found = check(node, schema, unit, depth);
            if (found.isEmpty()) right++;
            else wrong.add(found);
        }
        if (right == 1 || (right > 1 && !onlyOne)) return List.of();
        if (right > 1) {
            return List.of(new Found(
                    depth,
                    node.line(),
                    unit + ": block must have one of its forms, got several at once in "
                            + String.join(", ", node.fields().keySet())));
        }
        return meant(node, schemas, wrong);
    }

    /** Of several readings, none of which is right, what is wrong with the one that was meant. */
    private List<Found> meant(YamlNode node, JsonNode schemas, List<List<Found>> wrong) {
        List<List<Found>> ofItsKind = new ArrayList<>();
        for (int i = 0; i < wrong.size(); i++) {
            String type = schemas.get(i).path("type").asText();
            if (type.isEmpty() || isOf(type, node)) ofItsKind.add(wrong.get(i));
        }
        return (ofItsKind.isEmpty() ? wrong : ofItsKind)
                .stream()
                        .max(Comparator.<List<Found>>comparingInt(found -> found.stream()
                                        .mapToInt(Found::depth)
                                        .max()
                                        .orElse(0))
                                .thenComparing(found -> -found.size()))
                        .orElseThrow();
    }

    private JsonNode referred(String reference) {
        return root.at(reference.substring(1));
    }

    private static boolean isOf(String type, YamlNode node) {
        return switch (type) {
            case "object" -> node.isMap();
            case "array" -> node.kind() == YamlNode.Kind.LIST;
            case "boolean" -> node.isScalar() && node.text().matches("(?i)true|false");
            case "number", "integer" -> node.isScalar() && node.text().matches("[+-]?[0-9][0-9_]*(\\.[0-9]+)?");
            default -> node.isScalar();
        };
    }

    private static String said(String type) {
        return switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "boolean" -> "true or false";
            case "number", "integer" -> "a number";
            default -> "a text";
        };
    }

    private static String shown(YamlNode node) {
        return node.shown().lines().findFirst().orElse("");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
