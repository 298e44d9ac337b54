package io.caravan.schema;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The columns that a schema file names; a file may have them under other names, or not. */
public final class SchemaFields implements NamedFields {

    @Override
    public Set<String> in(String setting) {
        Set<String> names = new LinkedHashSet<>();
        SchemaFile.load("schema", "schema", setting).columns().forEach(column -> names.add(column.name()));
        return names;
    }

    /** By which names a file has them is known when it is read. */
    @Override
    public List<FieldUse> uses(String setting) {
        in(setting);
        return List.of();
    }
}
