package io.caravan.record;

import java.util.List;
import java.util.Set;

/**
 * Tells which fields of a record a setting of a block names, where it is more than a list of them: a description in a file of its
 * own. A Kamelet says which class tells it: {@code caravan.io/fields: "#class:<name>"}. Made without arguments.
 */
@FunctionalInterface
public interface NamedFields {

    /** Throws {@link io.caravan.error.ConfigurationException} with all that is wrong with the setting. */
    Set<String> in(String setting);

    /** The same with what each field fills. */
    default List<FieldUse> uses(String setting) {
        return in(setting).stream()
                .map(field -> new FieldUse(field, "field '" + field + "'", false))
                .toList();
    }
}
