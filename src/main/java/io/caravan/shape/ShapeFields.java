package io.caravan.shape;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The columns that a mapping reads of the rows themselves; not every kind has each of them. */
public final class ShapeFields implements NamedFields {

    @Override
    public Set<String> in(String mapping) {
        Set<String> columns = new LinkedHashSet<>();
        uses(mapping).forEach(use -> columns.add(use.field()));
        return columns;
    }

    @Override
    public List<FieldUse> uses(String mapping) {
        List<FieldUse> uses = new ArrayList<>();
        ShapeMappingReader.read(mapping).values().forEach(kind -> kind.fields().forEach(field -> field.rule()
                .columns()
                .forEach(column -> uses.add(new FieldUse(column, "field '" + field.place() + "'", true)))));
        return uses;
    }
}
