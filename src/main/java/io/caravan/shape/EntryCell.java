package io.caravan.shape;

import io.caravan.error.BadRecordException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A sub-document that is written as text: its parts in their order ({@code Gold, 10, well done}: the last part has the rest of the text), or
 * by their names in any order ({@code user_id: u1; comment: so good: read it}: a value ends where a known name follows).
 */
final class EntryCell implements Cell {

    private final String place;
    private final String separator;
    private final boolean named;
    private final List<ShapedField> parts;
    private final List<String> names;
    private final Pattern beginnings;

    /** @param names what the parts are called in the text, or 0, 1, ... where their order says it */
    EntryCell(String place, String separator, boolean named, List<ShapedField> parts, List<String> names) {
        this.place = place;
        this.separator = separator;
        this.named = named;
        this.parts = List.copyOf(parts);
        this.names = List.copyOf(names);
        this.beginnings = Pattern.compile("(?:^|" + Pattern.quote(separator) + ")\\s*("
                + names.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")\\s*:");
    }

    @Override
    public Optional<Object> of(Object value, Row row) {
        String text = Texts.of(value)
                .orElseThrow(() -> Refusal.of(place, "be a text", value, "write one entry as text"))
                .strip();
        Map<String, Object> document =
                row.entry(named ? byName(text) : inOrder(text)).shaped(parts);
        return document.isEmpty() ? Optional.empty() : Optional.of(document);
    }

    private Map<String, Object> inOrder(String text) {
        Map<String, Object> values = new HashMap<>();
        int from = 0;
        for (int i = 0; i < names.size() && from <= text.length(); i++) {
            int at = i == names.size() - 1 ? -1 : text.indexOf(separator, from);
            int to = at < 0 ? text.length() : at;
            values.put(names.get(i), text.substring(from, to).strip());
            from = at < 0 ? text.length() + 1 : at + separator.length();
        }
        return values;
    }

    private Map<String, Object> byName(String text) {
        Map<String, Object> values = new HashMap<>();
        Matcher next = beginnings.matcher(text);
        String name = null;
        int from = 0;
        while (next.find()) {
            if (name == null
                    ? next.start() > 0
                    : values.put(name, text.substring(from, next.start()).strip()) != null) throw noEntry(text);
            name = next.group(1);
            from = next.end();
        }
        if (name == null || values.put(name, text.substring(from).strip()) != null) throw noEntry(text);
        return values;
    }

    private BadRecordException noEntry(String text) {
        String form = names.stream().map(name -> name + ": ...").collect(Collectors.joining(separator + " "));
        return Refusal.of(place, "be '" + form + "', each once", text, "write each value behind its name and a colon");
    }

    @Override
    public boolean looksUp() {
        return parts.stream().anyMatch(part -> part.rule().looksUp());
    }

    @Override
    public Set<String> columns() {
        return parts.stream()
                .flatMap(part ->
                        part.rule() instanceof FromColumn from ? from.cell().columns().stream() : Stream.empty())
                .collect(Collectors.toSet());
    }
}
