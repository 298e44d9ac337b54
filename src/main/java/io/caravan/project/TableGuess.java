package io.caravan.project;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The description of a table for guessed columns. */
final class TableGuess {

    private static final int LONGEST = 63;
    /** What YAML does not hold as it is, besides what JSON escapes. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff]");

    private TableGuess() {}

    /** {@code key}: the fields that identify a record; they come first, in their order. */
    static String yaml(String table, String looked, List<ColumnGuess> columns, KeyGuess key) {
        StringBuilder yaml = new StringBuilder();
        Set<String> names = new HashSet<>();
        for (String field : key.fields()) {
            columns.stream().filter(c -> c.field().equals(field)).forEach(c -> column(yaml, names, c, true));
        }
        for (ColumnGuess column : columns) {
            if (!key.fields().contains(column.field())) column(yaml, names, column, false);
        }
        return Template.text("from/table.yaml", Map.of("table", table, "looked", looked, "columns", yaml.toString()));
    }

    private static void column(StringBuilder yaml, Set<String> names, ColumnGuess column, boolean key) {
        String name = name(column.field(), names);
        yaml.append("  # ").append(comment(column.why())).append('\n');
        yaml.append("  - name: ").append(quoted(name)).append('\n');
        if (!name.equals(column.field()))
            yaml.append("    from: ").append(quoted(column.field())).append('\n');
        yaml.append("    type: ").append(column.type()).append('\n');
        if (key) yaml.append("    key: true\n");
    }

    /** A field's name as one of a column that no other has: {@code order_total} for {@code Order total (€)}. */
    static String name(String field, Set<String> taken) {
        String name = Normalizer.normalize(field, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("(\\p{Ll})(\\p{Lu})", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_|_$", "");
        if (name.isEmpty()) name = "column";
        if (Character.isDigit(name.charAt(0))) name = "c_" + name;
        if (name.length() > LONGEST - 4) name = name.substring(0, LONGEST - 4);
        String free = name;
        for (int i = 2; !taken.add(free); i++) free = name + "_" + i;
        return free;
    }

    /** YAML takes JSON's texts. */
    static String quoted(String text) {
        boolean plain = text.matches("[a-z_][a-z0-9_]*") && !text.matches("y|n|yes|no|on|off|true|false|null");
        if (plain) return text;
        String quoted = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text));
        return '"'
                + UNPRINTABLE.matcher(quoted).replaceAll(m -> "\\\\u%04x"
                        .formatted((int) m.group().charAt(0)))
                + '"';
    }

    /** On one line. */
    static String comment(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029\\u0085]", " ");
    }
}
