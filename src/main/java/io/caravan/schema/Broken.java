package io.caravan.schema;

import io.caravan.error.SettingChecks;

/**
 * That a value breaks a rule of its column.
 *
 * @param column by the name that the schema gives it
 * @param rule the key of the schema that it breaks, such as {@code maximum}
 * @param must what the rule asks for, as in {@code be 5 or less}
 * @param value what was found, cut short; stars where it is personal
 */
public record Broken(String column, String rule, String must, String value) {

    static final String MASKED = "*****";
    private static final int LONGEST_SHOWN = 100;

    static Broken of(SchemaColumn column, String rule, String must, Object value) {
        String text = value == null ? "" : value.toString();
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new Broken(column.name(), rule, must, column.pii() == SchemaColumn.Pii.NONE ? shown : MASKED);
    }

    /** {@code unit: salary must be 5 or less (maximum), got '7'}. */
    public String sentence(String unit) {
        return SettingChecks.sentence(unit, column, must + " (" + rule + ")", value);
    }
}
