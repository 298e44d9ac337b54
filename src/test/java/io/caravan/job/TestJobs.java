package io.caravan.job;

import io.caravan.ledger.Flows;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Sql;
import io.caravan.library.BookJob;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A jobs' database of one test. */
public final class TestJobs implements AutoCloseable {

    public final Endpoint endpoint = TestStores.freshDatabase();
    public final JobDatabase database = new JobDatabase(endpoint.uri(), endpoint.user(), endpoint.password(), 60_000);

    /** Jobs with the keys {@code k1}, {@code k2}, ... */
    public void publish(int jobs) {
        List<BookJob> all = IntStream.rangeClosed(1, jobs)
                .mapToObj(i -> new BookJob("k" + i, "Title " + i, "Author " + i, Optional.empty()))
                .toList();
        database.in(c -> BookJob.publish(c, all));
    }

    /** The ledger of the same database knows that books were published. */
    public void ofAPipeline() {
        try (LedgerDataSource ledger = new LedgerDataSource(endpoint.uri(), endpoint.user(), endpoint.password())) {
            new PlainTransactions(ledger).in(c -> Flows.of(c, "books-publish"));
        }
    }

    /** The first column of each row. */
    public List<String> texts(String sql) {
        return database.in(c -> Sql.list(c, r -> r.getString(1), sql));
    }

    public long count(String sql) {
        return Long.parseLong(texts("select count(*) from " + sql).get(0));
    }

    /** {@code key status retries attempts} of each job. */
    List<String> jobs() {
        return texts("select key || ' ' || status || ' ' || retry_count || ' ' || attempts from books.job order by id");
    }

    public void update(String sql) {
        database.in(c -> Sql.update(c, sql));
    }

    List<String> history() {
        List<String> all = new ArrayList<>();
        database.in(c -> {
            Sql.each(
                    c,
                    r -> all.add(r.getString(1)),
                    "select job || ' ' || attempt || ' ' || coalesce(outcome, 'open') from books.attempt"
                            + " order by job, attempt");
            return null;
        });
        return all;
    }

    @Override
    public void close() {
        database.close();
    }
}
