package io.caravan.shape;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads fields of a mapping that need no other rows of their own. */
final class FieldReader {

    private static final Pattern TYPE = Pattern.compile("([a-z]+)(?:\\((.+)\\))?");
    private static final Map<String, List<String>> ISO = Map.of(
            "date", List.of("yyyy-MM-dd"),
            "timestamp", List.of("yyyy-MM-dd'T'HH:mm[:ss][.SSS]XXX", "yyyy-MM-dd'T'HH:mm[:ss][.SSS]", "yyyy-MM-dd"));
    private static final String TYPES =
            "be one of " + String.join(", ", FieldType.NAMES) + "; date and timestamp may have a format in brackets";

    private final Map<String, List<String>> formats;
    private final ZoneId zone;
    private final Map<String, Lookup> lookups;

    /** What a field may look up, by the names of summaries. */
    FieldReader(Map<String, List<String>> formats, ZoneId zone, Map<String, Lookup> lookups) {
        this.formats = formats;
        this.zone = zone;
        this.lookups = lookups;
    }

    /** Fields of rows, none of which need be there. */
    List<ShapedField> all(Map<String, MappingNode> nodes, String place) {
        List<ShapedField> fields = new ArrayList<>();
        nodes.forEach((name, node) -> fields.add(field(name, node, place, fields, false)));
        return fields;
    }

    /** One field; {@code before}: those that functions may use. */
    ShapedField field(String name, MappingNode node, String place, List<ShapedField> before, boolean required) {
        String at = place + "." + name;
        node.mustNameAField(name);
        if (node.isScalar()) return kept(name, at, required, new FromColumn(name, typed(node, "", node.scalar(), at)));
        boolean keep = true;
        boolean flat = false;
        Rule rule;
        if (node.has("function")) {
            node.mustHaveOnly(List.of("function", "with", "required", "keep"));
            rule = function(node, at, before);
        } else if (node.has("join")) {
            node.mustHaveOnly(List.of("join", "separator", "required", "keep"));
            rule = new JoinedColumns(node.texts("join"), separator(node, "separator", " "));
        } else if (node.has("summary")) {
            node.mustHaveOnly(List.of("summary", "from", "beside", "missing", "list", "flat", "required", "keep"));
            flat = node.truth("flat", false);
            rule = column(name, node, at, lookup(node, at));
        } else if (node.has("parts")) {
            node.mustHaveOnly(List.of("parts", "from", "list", "separator", "named", "required", "keep"));
            rule = column(name, node, at, entry(node, at));
        } else {
            node.mustHaveOnly(List.of("type", "from", "list", "required", "keep"));
            rule = column(name, node, at, typed(node, "type", node.has("type") ? node.text("type", "") : "text", at));
        }
        keep = node.truth("keep", true);
        return new ShapedField(at, name, keep, flat, node.truth("required", required), rule);
    }

    private static ShapedField kept(String name, String at, boolean required, Rule rule) {
        return new ShapedField(at, name, true, false, required, rule);
    }

    /** Of one column, of which {@code list} says what separates values. */
    private static Rule column(String name, MappingNode node, String at, Cell one) {
        Cell cell = node.has("list") ? new ListCell(at, separator(node, "list", ","), one) : one;
        return new FromColumn(node.text("from", name), cell);
    }

    /** May be a blank, which a text may not. */
    private static String separator(MappingNode node, String key, String otherwise) {
        if (!node.has(key)) return otherwise;
        MappingNode said = node.below(key);
        if (said.isScalar() && !said.scalar().isEmpty()) return said.scalar();
        node.wrong(key, "be what separates texts", said.scalar());
        return otherwise;
    }

    private Cell typed(MappingNode node, String key, String text, String at) {
        Matcher said = TYPE.matcher(text);
        String name = said.matches() ? said.group(1) : "";
        String format = said.matches() ? said.group(2) : null;
        boolean dated = ISO.containsKey(name);
        if (!FieldType.NAMES.contains(name) || format != null && !dated) {
            node.wrong(key, TYPES, text, FieldType.NAMES);
            return new TypedCell(at, FieldType.named("text"));
        }
        if (!dated) return new TypedCell(at, FieldType.named(name));
        List<String> patterns = format == null ? ISO.get(name) : formats.get(format);
        if (patterns == null || patterns.isEmpty()) {
            node.wrong(key, "have a format of " + formats.keySet(), format, formats.keySet());
            patterns = ISO.get(name);
        }
        return new TypedCell(at, FieldType.dated(name.equals("timestamp"), patterns, zone));
    }

    private Cell lookup(MappingNode node, String at) {
        String name = node.text("summary", "");
        Lookup lookup = lookups.get(name);
        List<String> beside = node.texts("beside");
        if (lookup == null) {
            if (!name.isEmpty())
                node.wrong("summary", "be one of the summaries " + lookups.keySet(), name, lookups.keySet());
            return new TypedCell(at, FieldType.named("text"));
        }
        if (lookup.by().size() != beside.size() + 1)
            node.wrong("beside", "name the columns for all but the last of 'by' " + lookup.by(), beside);
        String missing = node.text("missing", "refuse");
        if (!missing.equals("refuse") && !missing.equals("absent"))
            node.wrong("missing", "be refuse or absent", missing, List.of("refuse", "absent"));
        return new LookupCell(at, lookup, beside, missing.equals("absent"));
    }

    private Cell entry(MappingNode node, String at) {
        boolean named = node.truth("named", false);
        List<ShapedField> parts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        node.entries("parts", 1).forEach((name, part) -> {
            ShapedField read = field(name, part, at, parts, true);
            if (!(read.rule() instanceof FromColumn from)) {
                part.wrong("", "be a type, or have summary or parts", "another rule");
                return;
            }
            if (!named && part.has("from")) part.wrong("from", "be there only where named is true", from.column());
            String written = named ? from.column() : Integer.toString(names.size());
            if (names.contains(written)) part.wrong("", "be the only one of its name", written);
            names.add(written);
            FromColumn its = new FromColumn(written, from.cell());
            parts.add(new ShapedField(read.place(), name, read.kept(), read.flat(), read.required(), its));
        });
        return new EntryCell(at, separator(node, "separator", ","), named, parts, names);
    }

    private static Rule function(MappingNode node, String at, List<ShapedField> before) {
        String name = node.text("function", "");
        Optional<NamedFunction> function = NamedFunction.named(name);
        Map<String, String> with = new LinkedHashMap<>();
        List<String> known = before.stream().flatMap(FieldReader::names).toList();
        List<String> takes = function.map(NamedFunction::takes).orElse(List.of());
        if (function.isEmpty()) {
            if (!name.isEmpty())
                node.wrong("function", "be one of " + NamedFunction.names(), name, NamedFunction.names());
            return new JoinedColumns(List.of(), " ");
        }
        node.entries("with", 0).forEach((argument, value) -> {
            if (!takes.contains(argument)) value.wrong("", "be one of its arguments " + takes, argument, takes);
            if (!value.isScalar() || !known.contains(value.scalar()))
                value.wrong("", "name a field that stands before it", value.scalar(), known);
            with.put(argument, value.scalar());
        });
        for (String argument : takes) {
            if (!with.containsKey(argument)) node.wrong("with", "have all of its arguments " + takes, with.keySet());
            if (!with.containsKey(argument)) break;
        }
        return new FromFunction(at, function.get(), with);
    }

    /** By which a function may be given a field, or a part of what it looks up: {@code length.pages}. */
    private static Stream<String> names(ShapedField field) {
        if (!(field.rule() instanceof FromColumn from) || !(from.cell() instanceof LookupCell found))
            return Stream.of(field.name());
        Stream<String> parts = found.lookup().value().isEmpty()
                ? found.lookup().fields().stream().map(part -> field.name() + "." + part.name())
                : Stream.empty();
        return Stream.concat(Stream.of(field.name()), parts);
    }
}
