package io.caravan.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.caravan.error.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table that is kept in step, as it is in BigQuery now against its description. */
final class TargetTable {

    private final BigQuery client;
    private final String unit;
    private final TableId id;
    private final BigQueryTable described;
    private final Table there;

    /** Asks for the table. */
    TargetTable(BigQuery client, String unit, TableId id, BigQueryTable described) {
        this.client = client;
        this.unit = unit;
        this.id = id;
        this.described = described;
        this.there = client.getTable(id);
    }

    /** Whether it is there; ConfigurationException when rows of the described table cannot be kept in it. */
    boolean exists() {
        if (there == null) return false;
        List<String> problems = new ArrayList<>();
        if (!(there.getDefinition() instanceof StandardTableDefinition)) {
            throw new ConfigurationException(unit + ": table " + id.getTable() + " must be a table, got '"
                    + there.getDefinition().getType() + "'");
        }
        Map<String, Field> fields = fields();
        for (BigQueryColumn column : described.columns()) {
            Field field = fields.remove(column.name().toLowerCase(Locale.ROOT));
            if (field == null) continue;
            if (column.key()
                    && field.getCollation() != null
                    && !field.getCollation().isEmpty()) {
                problems.add(unit + ": table " + id.getTable() + " key column '" + column.name()
                        + "' must have no collation, got '" + field.getCollation()
                        + "', which takes different texts for one: alter table " + id.getTable() + " alter column "
                        + column.name() + " set data type string collate ''");
            }
            boolean list = field.getMode() == Field.Mode.REPEATED;
            if (field.getType().getStandardType() != column.sql() || list != column.list()) {
                problems.add(unit + ": table " + id.getTable() + " column '" + column.name() + "' must be of type "
                        + column.typeName() + ", got '" + (list ? "array<" : "")
                        + field.getType().getStandardType() + (list ? ">" : "")
                        + "': change the description, or convert the column");
            }
        }
        fields.values().stream()
                .filter(field -> field.getMode() == Field.Mode.REQUIRED)
                .forEach(field -> problems.add(unit + ": table " + id.getTable() + " column '" + field.getName()
                        + "' must be described or allow null, got 'REQUIRED': nothing would fill it"));
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return true;
    }

    /** The described columns that it has. */
    List<BigQueryColumn> present() {
        Set<String> names = new HashSet<>(fields().keySet());
        return described.columns().stream()
                .filter(c -> names.contains(c.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** Creates it, or adds the columns it lacks. */
    void prepare() {
        if (!exists()) {
            List<Field> fields =
                    described.columns().stream().map(BigQueryColumn::field).toList();
            created(client, TableInfo.of(id, StandardTableDefinition.of(Schema.of(fields))));
            return;
        }
        List<BigQueryColumn> present = present();
        if (present.size() == described.columns().size()) return;
        List<Field> all = new ArrayList<>(there.getDefinition().getSchema().getFields());
        for (BigQueryColumn column : described.columns()) {
            if (present.contains(column)) continue;
            // a column that is added cannot be required: the rows that are there have none
            Field.Mode mode = column.list() ? Field.Mode.REPEATED : Field.Mode.NULLABLE;
            all.add(column.field().toBuilder().setMode(mode).build());
        }
        there.toBuilder()
                .setDefinition(StandardTableDefinition.of(Schema.of(all)))
                .build()
                .update();
    }

    /** Creates a table; one that is there already, as after a lost reply, will do. */
    static void created(BigQuery client, TableInfo table) {
        try {
            client.create(table);
        } catch (BigQueryException e) {
            if (e.getCode() == 409) return;
            if (!BigQueryFailure.later(e) || client.getTable(table.getTableId()) == null) throw e;
        }
    }

    private Map<String, Field> fields() {
        return there.getDefinition().getSchema().getFields().stream()
                .collect(Collectors.toMap(f -> f.getName().toLowerCase(Locale.ROOT), Function.identity()));
    }
}
