package io.caravan.validate;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import java.util.List;
import java.util.Optional;

/**
 * What a Kamelet says of one of its parameters.
 *
 * @param values the only ones it takes; none for any
 * @param standard its default
 * @param fields what it has to do with the fields of records: {@code reads}, {@code adds}, {@code all}, {@code more} or {@code #class:<name>}
 * @param fieldsOf {@code <parameter>=<value>}: the only case in which it has; blank for always
 * @param place whether it says where records are
 * @param alone whether it names, with the places, what is one pipeline's alone
 * @param each the property that each of the names it lists stands for; blank where it lists none
 * @param key what it takes for a record's key, see {@link NamedKey}; blank for nothing
 */
record Property(
        String name,
        String type,
        List<String> values,
        Optional<String> standard,
        boolean required,
        String fields,
        String fieldsOf,
        String key,
        boolean place,
        boolean alone,
        String each) {

    /** What this value takes for a record's key. */
    Optional<NamedKey> key(String value) {
        if (value.isBlank()) return Optional.empty();
        if (!fields.startsWith(NamedFields.CLASS)) return NamedKey.of(name, key, SettingList.of(value));
        try {
            return NamedFields.made(fields).key(value);
        } catch (ConfigurationException e) {
            return Optional.empty(); // said where its fields are looked at
        }
    }

    /** What this value names at the places that is one pipeline's alone; an empty text for the places themselves. */
    List<String> alone(String value) {
        if (!fields.startsWith(NamedFields.CLASS)) return List.of("");
        try {
            return NamedFields.made(fields).alone(value);
        } catch (ConfigurationException e) {
            return List.of(); // said where its fields are looked at
        }
    }

    /** The rule that a value breaks. */
    Optional<String> broken(String value) {
        if (!values.isEmpty() && !values.contains(value)) return Optional.of("be one of " + String.join(", ", values));
        boolean good =
                switch (type) {
                    case "integer" -> value.strip().matches("[+-]?\\d{1,18}");
                    case "number" -> value.strip().matches("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
                    case "boolean" -> value.strip().matches("(?i)true|false");
                    default -> true;
                };
        if (good) return Optional.empty();
        return Optional.of(
                switch (type) {
                    case "integer" -> "be a whole number";
                    case "number" -> "be a number";
                    default -> "be true or false";
                });
    }

    /** The sentence of a value that breaks the rule. */
    String sentence(String kamelet, String rule, String value) {
        return SettingChecks.sentence(kamelet, name, rule, value);
    }
}
