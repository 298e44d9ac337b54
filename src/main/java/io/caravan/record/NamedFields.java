package io.caravan.record;

import io.caravan.error.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which fields of a record a setting of a block names, where it is more than a list of them: a description in a file of its
 * own. A Kamelet says which class tells it: {@code caravan.io/fields: "#class:<name>"}. Made without arguments.
 */
@FunctionalInterface
public interface NamedFields {

    String CLASS = "#class:";

    /** Throws {@link io.caravan.error.ConfigurationException} with all that is wrong with the setting. */
    Set<String> in(String setting);

    /** What the setting takes for a record's key; empty when it says nothing of it. Throws as {@link #in}. */
    default Optional<NamedKey> key(String setting) {
        return Optional.empty();
    }

    /**
     * What the setting names in the store that is one pipeline's alone, beside the places that other settings name: a table, a label;
     * none when it names nothing. Throws as {@link #in}.
     */
    default List<String> alone(String setting) {
        return List.of();
    }

    /** By {@code #class:<name>}, as a Kamelet says it. */
    static NamedFields made(String reader) {
        try {
            return (NamedFields) Class.forName(reader.substring(CLASS.length()))
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ConfigurationException(
                    "kamelet: caravan.io/fields must name a class that tells fields, got '" + reader + "'");
        }
    }

    /** The same with what each field fills. */
    default List<FieldUse> uses(String setting) {
        return in(setting).stream()
                .map(field -> new FieldUse(field, "field '" + field + "'", false))
                .toList();
    }
}
