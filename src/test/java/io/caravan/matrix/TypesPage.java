package io.caravan.matrix;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** docs/types.md, with the tables that {@link HeldTypes} and {@link ReadTypes} made. */
final class TypesPage {

    private TypesPage() {}

    static String text(Map<String, Map<String, String>> held, Map<String, Map<String, String>> read) {
        return """
                # Types

                What each store makes of each type of value. `TypesPageTest` makes these tables: it writes every value to every store on this machine, asks
                the store by its own client what it holds, and the sink by a deep comparison whether that is the very value. Nothing is rounded:
                what a store cannot hold is refused, a dead letter. [Connectors](connectors.md) has the rest.

                ## What a source reads
                A time of a day, a UUID and an ObjectId are texts in a record.

                """ + table(read, List.copyOf(readKinds(read)), "-") + """

                The same as json: `http-source`, `google-sheets-source` (a number is whole or a decimal, all else as its cell). XLSX and XLS:
                [formats](formats.md). What is refused there: [databases](databases.md).

                ## What a sink holds

                """
                + table(held, List.copyOf(Samples.all().keySet()), "refused") + """

                - **`warehouse-sink`, `bigquery-sink`**: the YAML of the table declares each column, [documents and warehouse](documents-and-warehouse.md) says what it is
                  in which store. A time below the microsecond is cut there.
                - **`milvus-sink`** keeps what its `fields` name, as texts, beside the vector: its column is what is sent, as `http-sink`'s is. BigQuery is a stub of its API.
                - **MongoDB** compares int64, double and decimal128 as numbers, whatever their types: one property may have all three.
                - **Neo4j**: one type for the numbers of a property. They are INTEGER while all are whole; the first decimal or double makes FLOAT of
                  them, of those in the graph too. A number that a double does not keep digit by digit is refused, or of the type that the mapping
                  declares: `properties: {price: {field: price, type: text}}`.

                  | `type` | of a number | of others |
                  |---|---|---|
                  | `text` | all its digits, without zeros behind | text, boolean, date and time as text |
                  | `long` | INTEGER; refused if it is not whole or has more than 64 bits | refused |
                  | `double` | FLOAT, rounded | refused |
                  | `decimal` | FLOAT; refused if it would be rounded | refused |

                  Lists are of one type in the same way. A node's key 5.0 is the key 5. Texts beside numbers in one property stay texts: declare a
                  type to have them refused. Needs Neo4j 5.9 or newer.
                - **CSV, Parquet**: one schema for all objects below a prefix; [formats](formats.md#writing) says what a column of several types is.
                """;
    }

    private static Set<String> readKinds(Map<String, Map<String, String>> read) {
        Set<String> kinds = new LinkedHashSet<>();
        for (Object sample : Samples.all().values()) kinds.add(Samples.kind(sample));
        read.values().forEach(column -> kinds.addAll(column.keySet()));
        return kinds;
    }

    private static String table(Map<String, Map<String, String>> columns, List<String> rows, String none) {
        List<String> names = new ArrayList<>(columns.keySet());
        StringBuilder table = new StringBuilder("| value | ")
                .append(String.join(" | ", names))
                .append(" |\n|---|")
                .append("---|".repeat(names.size()))
                .append('\n');
        for (String row : rows) {
            table.append("| ").append(row).append(" |");
            for (String name : names) {
                table.append(' ')
                        .append(columns.get(name).getOrDefault(row, none))
                        .append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }
}
