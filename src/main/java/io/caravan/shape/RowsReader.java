package io.caravan.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads fields of a mapping that are made of all rows of a collection that belong to one. */
final class RowsReader {

    private final FieldReader reader;
    private final Map<String, List<ShapedField>> shaped;

    /** {@code shaped}: what rows of a kind become, but for what is made of other rows. */
    RowsReader(FieldReader reader, Map<String, List<ShapedField>> shaped) {
        this.reader = reader;
        this.shaped = shaped;
    }

    ShapedField field(String name, MappingNode node, String place) {
        String at = place + "." + name;
        node.mustNameAField(name);
        node.mustHaveOnly(List.of("rows", "where", "shaped", "sort", "parts", "figures", "required", "keep"));
        String collection = node.text("rows", "");
        Map<String, String> where = new LinkedHashMap<>();
        node.entries("where", 1).forEach((there, here) -> {
            if (!here.isScalar() || here.scalar().isBlank()) here.wrong("", "name a column of the row", here.scalar());
            where.put(there, here.scalar());
        });
        boolean asShaped = node.truth("shaped", false);
        List<ShapedField> fields = List.of();
        if (asShaped == node.has("parts")) {
            node.wrong("", "have either parts or shaped: true", asShaped ? "both" : "none");
        } else if (asShaped) {
            fields = shaped.getOrDefault(collection, List.of());
            if (!shaped.containsKey(collection))
                node.wrong("rows", "be one of the kinds, to be shaped", collection, shaped.keySet());
        } else {
            fields = reader.all(node.entries("parts", 1), at);
        }
        List<String> known = fields.stream().map(ShapedField::name).toList();
        List<String> sort = node.texts("sort");
        for (String by : sort) {
            if (!known.contains(by)) node.wrong("sort", "name fields of the rows", by, known);
        }
        List<Figure> figures = new ArrayList<>();
        node.entries("figures", 0)
                .forEach((figure, said) -> figure(figure, said, at, known).ifPresent(figures::add));
        if (node.has("figures") && figures.isEmpty()) node.wrong("figures", "have one at least", "none");
        Rule rule = new FromRows(collection, where, fields, sort, figures);
        return new ShapedField(at, name, node.truth("keep", true), false, node.truth("required", false), rule);
    }

    private static Optional<Figure> figure(String name, MappingNode node, String place, List<String> known) {
        node.mustNameAField(name);
        List<String> keys = new ArrayList<>(Figure.WAYS);
        keys.addAll(List.of("by", "where"));
        if (!node.mustHaveOnly(keys)) return Optional.empty();
        List<String> ways = Figure.WAYS.stream().filter(node::has).toList();
        if (ways.size() != 1) {
            node.wrong("", "have one of " + Figure.WAYS, ways);
            return Optional.empty();
        }
        String how = ways.get(0);
        String field = node.text(how, "");
        Optional<NamedFunction> function = Optional.empty();
        if (how.equals("function")) {
            function = NamedFunction.named(field).filter(found -> found.takes().equals(List.of("rows")));
            if (function.isEmpty()) {
                node.wrong(how, "be a function of rows", field, NamedFunction.names());
                return Optional.empty();
            }
            field = "";
        } else if (how.equals("count") && field.equals("all")) {
            field = "";
        } else if (!known.contains(field)) {
            node.wrong(how, "name a field of the rows" + (how.equals("count") ? ", or be all" : ""), field, known);
        }
        String by = how.equals("last") ? node.text("by", "") : "";
        if (how.equals("last") != node.has("by")) node.wrong("by", "be there with last, and only then", by);
        if (!by.isEmpty() && !known.contains(by)) node.wrong("by", "name a field of the rows", by, known);
        Map<String, Set<String>> where = new LinkedHashMap<>();
        node.entries("where", 0).keySet().forEach(condition -> {
            if (!known.contains(condition)) node.wrong("where", "name fields of the rows", condition, known);
            where.put(condition, Set.copyOf(node.below("where").texts(condition)));
        });
        return Optional.of(new Figure(place + "." + name, name, how, field, by, where, function));
    }
}
