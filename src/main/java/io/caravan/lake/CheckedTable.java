package io.caravan.lake;

import io.caravan.error.SettingChecks;
import io.caravan.jdbc.JdbcSource;
import io.caravan.job.JobCall;
import io.caravan.quality.Quality;
import io.caravan.quality.QualityCheck;
import io.caravan.quality.QualityRun;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** Reads the rows of a table or query over JDBC, and says how good they are. */
final class CheckedTable {

    private static final String ROW = "caravan_row";
    private static final int FETCH = 1_000;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int TIMEOUT_MILLIS = 600_000;

    private final JobCall call;
    private final CamelContext context;

    CheckedTable(JobCall call, CamelContext context) {
        this.call = call;
        this.context = context;
    }

    Quality check(QualityCheck by) {
        boolean own = call.arguments().has("database");
        String table = call.arguments().text("table");
        new SettingChecks(call.job())
                .must(
                        table.matches("[\\p{L}_][\\p{L}\\p{N}_$]*(\\.[\\p{L}_][\\p{L}\\p{N}_$]*){0,2}")
                                || table.isEmpty(),
                        "--table",
                        "be <schema>.<table>; for others say --query",
                        table)
                .check();
        String query = table.isEmpty() ? call.arguments().text("query").strip() : "select * from " + table;
        boolean numbered = !call.arguments().has("key");
        // every row is looked at, also one without a key of its own
        String rows = numbered
                ? "select t.*, row_number() over () as " + ROW + " from (" + query.replaceFirst("[;\\s]+$", "") + ") t"
                : query;
        JdbcSource source = new JdbcSource(
                own ? call.arguments().text("database") : call.setting("caravan.warehouse.uri"),
                own ? call.arguments().text("database-user") : call.setting("caravan.warehouse.user"),
                own ? call.arguments().text("database-password") : call.setting("caravan.warehouse.password"),
                table.isEmpty() ? "query" : table,
                rows,
                numbered ? ROW : call.arguments().text("key"),
                "",
                "",
                0,
                0,
                FETCH,
                CONNECT_MILLIS,
                TIMEOUT_MILLIS);
        source.setCamelContext(context);
        QualityRun run = by.begin();
        try (RecordReader reader = source.open(source.objects().next())) {
            return CheckedObject.all(numbered ? withoutNumber(reader) : reader, run, call);
        }
    }

    private static RecordReader withoutNumber(RecordReader reader) {
        return new RecordReader() {
            private Fields all;
            private Fields own;

            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                return reader.read(bad).map(this::own);
            }

            private Record own(Record row) {
                if (row.fields() != all) {
                    all = row.fields();
                    List<String> names = all.names();
                    own = new Fields(names.subList(0, names.size() - 1));
                }
                Object[] values = new Object[own.size()];
                Arrays.setAll(values, row::at);
                return row.with(own, values);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
