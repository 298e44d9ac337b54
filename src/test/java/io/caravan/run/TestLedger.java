package io.caravan.run;

import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.LedgerDatabase;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real ledger in a database of its own, and what tests ask of it beside its code; one of a test class is closed after it. */
final class TestLedger implements AutoCloseable, AfterAllCallback {

    /** Flows have small numbers; so many worlds share the tables before they are emptied. */
    private static final int FLOWS = 500;

    final DatabasePool pool;
    private int flows;

    TestLedger() {
        this(TestStores.freshDatabase());
    }

    TestLedger(Endpoint database) {
        pool = LedgerDatabase.open(database.uri(), database.user(), database.password(), 5_000, 60_000);
    }

    @Override
    public void afterAll(ExtensionContext testClass) {
        close();
    }

    String freshFlow() {
        if (++flows % FLOWS == 0) {
            execute("truncate ledger.flow, ledger.run, ledger.delivery, ledger.lease, ledger.record_state,"
                    + " ledger.batch_state, ledger.former_batch, ledger.object_state, ledger.sink_state, ledger.former_sink, ledger.sink_place, ledger.adopted, ledger.backfill, ledger.dropped, ledger.dead_letter, ledger.checkpoint, ledger.audit"
                    + " restart identity");
        }
        return "w" + flows;
    }

    Flow flow(String name) {
        return new PlainTransactions(pool).in(c -> Flows.of(c, name));
    }

    /** All rows of a flow but its lease, table by table. */
    List<String> dump(String flow) {
        List<String> rows = new ArrayList<>();
        for (String table : List.of(
                "run",
                "record_state",
                "batch_state",
                "former_batch",
                "object_state",
                "sink_state",
                "adopted",
                "dropped",
                "dead_letter",
                "backfill",
                "checkpoint")) {
            rows.addAll(texts("select '" + table + ' ' + "' || t::text from ledger." + table
                    + " t join ledger.flow f on f.id = t.flow where f.name = '" + flow + "' order by 1"));
        }
        rows.addAll(texts("select d::text from ledger.delivery d join ledger.run r on r.id = d.run"
                + " join ledger.flow f on f.id = r.flow where f.name = '" + flow + "' order by 1"));
        rows.addAll(texts("select f::text from ledger.flow f where f.name = '" + flow + "'"));
        return rows;
    }

    /** The keys of open letters of a sink. */
    Set<String> lettersOf(String flow, String sink) {
        return new TreeSet<>(
                texts("select d.key from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '"
                        + flow + "' and d.sink = '" + sink + "' and d.state = 'open'"));
    }

    /** The keys of records that their source does not show any more and whose deletes wait. */
    Set<String> waiting(String flow) {
        return new TreeSet<>(texts("select s.key from ledger.record_state s join ledger.flow f on f.id = s.flow"
                + " where f.name = '" + flow + "' and not s.dead and not exists (select 1 from ledger.batch_state b"
                + " where b.flow = s.flow and b.fingerprint = s.batch)"));
    }

    List<String> texts(String sql) {
        return new PlainTransactions(pool).in(c -> {
            List<String> texts = new ArrayList<>();
            try (Statement s = c.createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                while (r.next()) texts.add(r.getString(1));
            }
            return texts;
        });
    }

    void execute(String sql) {
        new PlainTransactions(pool).in(c -> {
            try (Statement s = c.createStatement()) {
                return s.execute(sql);
            }
        });
    }

    @Override
    public void close() {
        pool.close();
    }
}
