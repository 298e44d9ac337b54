package io.caravan.embedding;

import io.caravan.error.SettingChecks;
import io.caravan.record.FieldPath;
import io.caravan.record.Record;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A text of labelled paragraphs with an empty line between them, one of each of several fields of records of one kind; lists are
 * joined by comma and blank. There is none of a record of another kind, or that lacks one of them.
 */
final class Paragraphs {

    private static final String KIND = "_kind";

    private final String kind;
    private final Map<String, String> fields = new LinkedHashMap<>(); // by label

    /** @param setting as {@code Title=books.title, Author=books.author.name} */
    Paragraphs(String unit, String setting) {
        SettingChecks settings = new SettingChecks(unit);
        String first = "";
        for (String one : setting.split(",")) {
            int is = one.indexOf('=');
            int dot = one.indexOf('.', is);
            boolean whole = is > 0 && dot > is + 1 && dot + 1 < one.length();
            settings.must(whole, "paragraphs", "be <label>=<kind>.<field>, comma separated", one.strip());
            if (!whole) continue;
            String of = one.substring(is + 1, dot).strip();
            if (first.isEmpty()) first = of;
            settings.must(first.equals(of), "paragraphs", "be of one kind", of);
            fields.put(one.substring(0, is).strip(), one.substring(dot + 1).strip());
        }
        settings.check();
        this.kind = first;
    }

    Optional<String> of(Record record) {
        if (!record.get(KIND).equals(Optional.of(kind))) return Optional.empty();
        FieldPath values = FieldPath.deep(record);
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            Object value = values.get(field.getValue());
            String said = value instanceof List<?> list
                    ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    : value == null ? "" : value.toString();
            if (said.isBlank()) return Optional.empty();
            text.append(text.isEmpty() ? "" : "\n\n")
                    .append(field.getKey())
                    .append(": ")
                    .append(said);
        }
        return Optional.of(text.toString());
    }
}
