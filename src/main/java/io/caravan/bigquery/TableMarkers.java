package io.caravan.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableInfo;
import io.caravan.delivery.OwnerHash;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The markers of those who write to a table: labels of it. A table without a row has none. */
final class TableMarkers {

    private static final String LABEL = "caravan-marker-";

    private TableMarkers() {}

    /** The owner's marker, of the table as it was got; empty when there is none, no such table or no row. */
    static Optional<String> of(Table table, String owner) {
        return table == null || empty(table)
                ? Optional.empty()
                : Optional.ofNullable(labels(table).get(label(owner)));
    }

    /** Leaves the marker. When the table is empty, what others wrote is gone with their markers. */
    static void mark(BigQuery client, Table table, String owner, String marker) {
        Map<String, String> change = new HashMap<>();
        if (empty(table)) {
            // a label that is patched to null is removed, those that are not named stay
            labels(table).keySet().stream()
                    .filter(name -> name.startsWith(LABEL))
                    .forEach(name -> change.put(name, null));
        }
        change.put(label(owner), marker);
        client.update(TableInfo.newBuilder(
                        table.getTableId(), StandardTableDefinition.newBuilder().build())
                .setLabels(change)
                .build());
    }

    /** Takes the owner's marker away; no such table has none. */
    static void unmark(BigQuery client, Table table, String owner) {
        if (table == null || !labels(table).containsKey(label(owner))) return;
        Map<String, String> change = new HashMap<>();
        change.put(label(owner), null);
        client.update(TableInfo.newBuilder(
                        table.getTableId(), StandardTableDefinition.newBuilder().build())
                .setLabels(change)
                .build());
    }

    private static String label(String owner) {
        return LABEL + OwnerHash.of(owner);
    }

    private static boolean empty(Table table) {
        return BigInteger.ZERO.equals(table.getNumRows());
    }

    private static Map<String, String> labels(Table table) {
        return table.getLabels() == null ? Map.of() : table.getLabels();
    }
}
