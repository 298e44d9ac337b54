package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import io.caravan.run.KameletProperties.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a call of a Kamelet has to do with the fields of records, by its Kamelet's {@code caravan.io/fields} and {@code caravan.io/key}.
 *
 * @param values what its properties are, as it effectively gets them
 */
record CallFields(Map<String, String> values, Map<String, Property> properties) {

    /** They say which fields do not count, wherever there are any. */
    private static final Set<String> MAY_BE_ABSENT = Set.of("exclude", "volatileFields");

    /** Whether it says anything of fields; else it may change records in any way. */
    boolean known() {
        return properties.values().stream().anyMatch(p -> !p.fields().isEmpty());
    }

    /** The fields that records have behind it, and perhaps not before. */
    Set<String> added() {
        Set<String> added = new TreeSet<>();
        values.forEach((key, value) -> {
            if (of(key).equals("adds")) added.add(value);
        });
        return added;
    }

    /** The fields that its settings name; those of a setting that cannot be read are none, as its block says what is wrong. */
    List<FieldUse> uses() {
        List<FieldUse> uses = new ArrayList<>();
        values.forEach((key, value) -> {
            if (value.isBlank()) return;
            String fields = of(key);
            if (fields.equals("reads")) {
                boolean optional = MAY_BE_ABSENT.contains(key);
                FieldNames.of(SettingList.of(value))
                        .forEach(field -> uses.add(new FieldUse(field, "parameter " + key, optional)));
            } else if (fields.startsWith(NamedFields.CLASS)) {
                uses.addAll(told(fields, value));
            }
        });
        return uses;
    }

    /** What its parameters take for a record's key. */
    List<NamedKey> keys() {
        List<NamedKey> keys = new ArrayList<>();
        values.forEach((name, value) -> Optional.ofNullable(properties.get(name))
                .flatMap(p -> p.key(name, value))
                .ifPresent(keys::add));
        return keys;
    }

    private String of(String property) {
        return properties.getOrDefault(property, Property.unsaid(property)).fields();
    }

    private static List<FieldUse> told(String reader, String value) {
        try {
            return NamedFields.made(reader).uses(value);
        } catch (ConfigurationException e) {
            return List.of();
        }
    }
}
