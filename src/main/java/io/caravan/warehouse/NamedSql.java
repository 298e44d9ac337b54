package io.caravan.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL whose parameters are named {@code :name}, as JDBC wants it: {@code ?} in their place, and the names in order. */
record NamedSql(String sql, List<String> parameters) {

    /** What a colon means nothing in: texts, quoted names, comments, casts. Then a parameter. */
    private static final Pattern PARTS = Pattern.compile(
            "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\\n]*|/\\*.*?\\*/|::|:(?<name>[A-Za-z_][A-Za-z0-9_]*)",
            Pattern.DOTALL);

    static NamedSql parse(String text) {
        List<String> parameters = new ArrayList<>();
        Matcher part = PARTS.matcher(text);
        StringBuilder sql = new StringBuilder();
        while (part.find()) {
            String name = part.group("name");
            if (name != null) parameters.add(name);
            part.appendReplacement(sql, name == null ? Matcher.quoteReplacement(part.group()) : "?");
        }
        part.appendTail(sql);
        return new NamedSql(sql.toString(), List.copyOf(parameters));
    }
}
