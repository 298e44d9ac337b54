package io.caravan.project;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.ValueText;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which fields identify a record.
 *
 * @param why in words
 */
record KeyGuess(List<String> fields, String why) {

    private static final Pattern LIKE_A_KEY =
            Pattern.compile("(.*[ _.-])?(id|uuid|guid|key|code|no|nr|number|sku|isbn|ean|email)|.*Id");
    /** Of more columns there are too many pairs to try. */
    private static final int PAIRED = 12;

    private static final int LONG_TEXT = 60;
    private static final Set<String> KEY_TYPES = Set.of("text", "bigint", "date");

    /** The first choice of those that are different in every record; throws when there is none. */
    static KeyGuess of(List<Record> records, List<ColumnGuess> columns) {
        List<String> usable = columns.stream()
                .filter(c -> KEY_TYPES.contains(c.type()) && ColumnGuess.nameable(c.field()))
                .map(ColumnGuess::field)
                .filter(field -> records.stream()
                        .allMatch(r -> r.get(field).filter(KeyGuess::isShort).isPresent()))
                .toList();
        List<String> single = usable.stream()
                .filter(field -> distinct(records, List.of(field)))
                .sorted(Comparator.comparing((String field) -> !field.equalsIgnoreCase("id"))
                        .thenComparing(field -> !LIKE_A_KEY.matcher(field).matches()
                                && !LIKE_A_KEY
                                        .matcher(field.toLowerCase(Locale.ROOT))
                                        .matches()))
                .toList();
        if (!single.isEmpty()) {
            List<String> others = single.subList(1, single.size());
            return new KeyGuess(
                    List.of(single.get(0)),
                    "a guess: all " + records.size() + " values differ"
                            + (others.isEmpty() ? "" : "; so do those of " + String.join(", ", others)));
        }
        for (int second = 1; second < Math.min(PAIRED, usable.size()); second++) {
            for (int first = 0; first < second; first++) {
                List<String> pair = List.of(usable.get(first), usable.get(second));
                if (distinct(records, pair)) {
                    return new KeyGuess(
                            pair,
                            "a guess: no column alone, but these together differ in all " + records.size() + " rows");
                }
            }
        }
        throw new ConfigurationException(
                "init: a column or two must be different in every row to identify it, found none among "
                        + columns.stream().map(ColumnGuess::field).collect(Collectors.joining(", "))
                        + "; say which together do: --key <column>,<column>");
    }

    /** Those that somebody named. */
    static KeyGuess named(List<String> fields, List<Record> records, List<ColumnGuess> columns) {
        SettingChecks settings = new SettingChecks("init");
        List<String> known = columns.stream().map(ColumnGuess::field).toList();
        fields.forEach(field ->
                settings.must(known.contains(field), "--key", "be some of " + String.join(", ", known), field));
        fields.forEach(field ->
                settings.must(ColumnGuess.nameable(field), "--key", "be letters, digits, blanks, _ . and -", field));
        settings.check();
        return new KeyGuess(
                fields,
                distinct(records, fields)
                        ? "as --key says; it differs in all " + records.size() + " rows"
                        : "as --key says; but some rows have the same: of these only the first is kept");
    }

    private static boolean distinct(List<Record> records, List<String> fields) {
        Set<List<String>> met = new HashSet<>();
        for (Record record : records) {
            List<String> key = new ArrayList<>();
            for (String field : fields)
                key.add(record.get(field).map(ValueText::json).orElse("null"));
            if (!met.add(key)) return false;
        }
        return true;
    }

    private static boolean isShort(Object value) {
        String text = value.toString();
        return !text.isBlank() && text.length() <= LONG_TEXT;
    }
}
