package io.caravan.schema;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a schema says of one column. {@link ColumnRules} holds values to it.
 *
 * @param aliases other names that its header may have, whatever the case of their letters
 * @param namePattern which other headers are this column, from their first letter and whatever their case
 * @param format how a date or timestamp is written; ISO-8601 without
 * @param required whether a file must have the column and each row a value
 * @param allowed the only values, as texts; empty for any
 * @param minimum the lowest number, date or time, as text
 * @param maximum the highest
 * @param pattern what a whole text must match
 * @param unit what numbers are counted in
 * @param units other units that a number may be written with, and what one of them is in {@code unit}
 * @param unique whether a value may stand in one row only
 */
public record SchemaColumn(
        String name,
        String description,
        List<String> aliases,
        Optional<Pattern> namePattern,
        ColumnType type,
        Optional<String> format,
        boolean required,
        List<String> allowed,
        Optional<String> minimum,
        Optional<String> maximum,
        Optional<Pattern> pattern,
        Optional<String> unit,
        Map<String, BigDecimal> units,
        boolean unique,
        Pii pii) {

    /** What becomes of a value that says something of a person. */
    public enum Pii {
        /** It says nothing of a person. */
        NONE,
        /** It is sealed. */
        ENCRYPT,
        /** It is left out. */
        DROP
    }

    public SchemaColumn {
        aliases = List.copyOf(aliases);
        allowed = List.copyOf(allowed);
        units = new LinkedHashMap<>(units);
    }
}
