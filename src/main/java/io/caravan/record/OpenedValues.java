package io.caravan.record;

import java.math.BigDecimal;
import java.time.temporal.TemporalAccessor;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The plain values of a record that were sealed when it was read and that a step has opened since: texts, numbers, truth values and times,
 * how deep they may be in lists and maps. In a record that was read with sealed values, what a step put into a new field counts too, as it
 * may have come from one.
 */
final class OpenedValues {

    private static final int ALL = Pattern.UNICODE_CHARACTER_CLASS;

    private final Set<String> patterns = new HashSet<>();

    private OpenedValues(Record record) {
        Record read = record.asRead();
        boolean anySealed = false;
        for (int i = 0; i < read.fields().size() && !anySealed; i++) anySealed = sealed(read.at(i));
        if (!anySealed) return;
        for (int i = 0; i < record.fields().size(); i++) {
            Object before = read.get(record.fields().names().get(i)).orElse(null);
            if (before != null && !sealed(before)) continue;
            Set<Object> known = new HashSet<>();
            leaves(Sealed.text(before), known);
            Set<Object> now = new HashSet<>();
            leaves(record.at(i), now);
            now.removeAll(known);
            now.forEach(this::add);
        }
    }

    /** What is said of a record, without them. */
    static String hidden(Record record, String said) {
        String hidden = said;
        List<String> longestFirst = new OpenedValues(record)
                .patterns.stream()
                        .sorted(Comparator.comparing(String::length).reversed())
                        .toList();
        for (String pattern : longestFirst) {
            hidden = Pattern.compile("(?<!\\w)" + pattern + "(?!\\w)", ALL)
                    .matcher(hidden)
                    .replaceAll("(sealed)");
        }
        return hidden;
    }

    private static boolean sealed(Object value) {
        if (value instanceof Sealed) return true;
        if (value instanceof String text) return Sealed.BEGINNINGS.stream().anyMatch(text::startsWith);
        if (value instanceof List<?> list) return list.stream().anyMatch(OpenedValues::sealed);
        return value instanceof Map<?, ?> map && map.values().stream().anyMatch(OpenedValues::sealed);
    }

    /** With the names inside a map, which was perhaps sealed as a whole. */
    private static void leaves(Object value, Set<Object> to) {
        if (value instanceof List<?> list) {
            list.forEach(element -> leaves(element, to));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, element) -> {
                leaves(name, to);
                leaves(element, to);
            });
        } else if (value != null && !(value instanceof Sealed)) {
            to.add(value);
        }
    }

    private void add(Object value) {
        String text = value.toString();
        if (text.isBlank()) return;
        patterns.add(Pattern.quote(text));
        if (value instanceof Number) addNumber(text);
        // as databases write it
        if (value instanceof TemporalAccessor && text.contains("T")) {
            patterns.add(Pattern.quote(text.replace('T', ' ').replaceFirst("Z$", "")));
        }
    }

    /** However many zeros a store writes behind it. */
    private void addNumber(String text) {
        try {
            String plain = new BigDecimal(text).stripTrailingZeros().toPlainString();
            patterns.add(Pattern.quote(plain) + (plain.contains(".") ? "0*" : "(\\.0+)?"));
        } catch (NumberFormatException e) {
            // not a number, or infinite: said as it is
        }
    }
}
