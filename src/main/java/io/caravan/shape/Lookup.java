package io.caravan.shape;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is taken from the one document of a collection that some columns identify.
 *
 * @param by the columns there, in the order in which values are given
 * @param value the name of the field whose value it is; blank: all fields are
 */
record Lookup(String name, String collection, List<String> by, List<ShapedField> fields, String value) {

    /** The columns that must be read there. */
    Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>(by);
        columns.add("_id");
        fields.forEach(field -> columns.addAll(field.rule().columns()));
        return columns;
    }
}
