package io.caravan.warehouse;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import io.caravan.table.TableDescription;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields that a table's description names. */
public final class TableFields implements NamedFields {

    private static final String ANY_SCHEMA = "public";

    @Override
    public Set<String> in(String description) {
        return Table.load("warehouse-sink", ANY_SCHEMA, description).columns().stream()
                .map(Column::from)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Optional<NamedKey> key(String description) {
        List<String> fields = Table.load("warehouse-sink", ANY_SCHEMA, description).key().stream()
                .map(Column::from)
                .toList();
        return Optional.of(new NamedKey("key columns of table", fields, false, "'key: true' in " + description));
    }

    @Override
    public List<String> alone(String description) {
        return List.of(
                "table " + Table.load("warehouse-sink", ANY_SCHEMA, description).name());
    }

    @Override
    public List<FieldUse> uses(String description) {
        return TableDescription.load("warehouse-sink", description).uses();
    }
}
