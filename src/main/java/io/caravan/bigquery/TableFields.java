package io.caravan.bigquery;

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

    @Override
    public Set<String> in(String description) {
        return BigQueryTable.load("bigquery-sink", description).columns().stream()
                .map(BigQueryColumn::from)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Optional<NamedKey> key(String description) {
        List<String> fields = BigQueryTable.load("bigquery-sink", description).key().stream()
                .map(BigQueryColumn::from)
                .toList();
        return Optional.of(new NamedKey("key columns of table", fields, false, "'key: true' in " + description));
    }

    @Override
    public List<String> alone(String description) {
        return List.of(
                "table " + BigQueryTable.load("bigquery-sink", description).name());
    }

    @Override
    public List<FieldUse> uses(String description) {
        return TableDescription.load("bigquery-sink", description).uses();
    }
}
