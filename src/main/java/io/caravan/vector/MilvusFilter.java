package io.caravan.vector;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Filter expressions with values in them. The client writes ids into its filters as they are, so that a key with a quote
 * would be part of the expression; and Milvus Lite knows no parameters. Here a value is a string literal with what
 * Milvus and Milvus Lite both read as escapes. Names matched {@code [A-Za-z_][A-Za-z0-9_]*}.
 */
final class MilvusFilter {

    private MilvusFilter() {}

    static String in(String field, Collection<String> values) {
        return field + " in [" + values.stream().map(MilvusFilter::literal).collect(Collectors.joining(", ")) + "]";
    }

    static String equal(String field, String value) {
        return field + " == " + literal(value);
    }

    static String notEqual(String field, String value) {
        return field + " != " + literal(value);
    }

    static String after(String field, String value) {
        return field + " > " + literal(value);
    }

    static String isFalse(String field) {
        return field + " == false";
    }

    static String and(String one, String other) {
        return one.isEmpty() ? other : one + " and " + other;
    }

    private static String literal(String value) {
        StringBuilder literal = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> literal.append('\\').append(c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> literal.append(c);
            }
        }
        return literal.append('"').toString();
    }
}
