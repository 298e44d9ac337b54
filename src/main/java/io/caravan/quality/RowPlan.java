package io.caravan.quality;

import io.caravan.schema.ColumnMapping;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaColumn;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where rows of one shape have the columns of a schema; -1 for nowhere.
 *
 * @param mapped by name, alias or pattern
 * @param exact by the very name, as the reference looks for all but types
 * @param unknown fields that the schema does not have
 * @param hidden fields whose values say something of persons
 */
record RowPlan(int[] mapped, int[] exact, List<String> unknown, Set<String> hidden) {

    static RowPlan of(DataSchema schema, List<String> fields) {
        ColumnMapping mapping = ColumnMapping.of(schema, fields);
        int[] mapped = new int[schema.columns().size()];
        int[] exact = new int[mapped.length];
        for (int c = 0; c < mapped.length; c++) {
            mapped[c] = Math.max(-1, mapping.fieldOf(c));
            exact[c] = fields.indexOf(schema.columns().get(c).name());
        }
        Set<String> hidden = schema.columns().stream()
                .filter(column -> column.pii() != SchemaColumn.Pii.NONE)
                .flatMap(column -> mapping.field(column.name()).stream())
                .collect(Collectors.toSet());
        return new RowPlan(mapped, exact, mapping.unknown(), hidden);
    }

    Object mapped(Object[] values, int column) {
        return mapped[column] < 0 ? null : values[mapped[column]];
    }

    Object exact(Object[] values, int column) {
        return exact[column] < 0 ? null : values[exact[column]];
    }
}
