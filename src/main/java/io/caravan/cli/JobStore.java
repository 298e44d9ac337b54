package io.caravan.cli;

import io.caravan.job.JobDatabase;
import io.caravan.ledger.SqlWork;
import java.util.List;
import java.util.Set;

/** The jobs' database, whose store is started if it is on this machine and does not run. */
final class JobStore implements AutoCloseable {

    private final JobDatabase database;

    JobStore(Shell shell) {
        Configuration c = shell.configuration();
        shell.startNeeded(c.laptopStores(Set.of("warehouse")));
        List<String> at = List.of("uri", "user", "password").stream()
                .map(name -> c.value("caravan.warehouse." + name).orElse(""))
                .toList();
        this.database = new JobDatabase(at.get(0), at.get(1), at.get(2));
    }

    <T> T ask(SqlWork<T> work) {
        return database.in(work);
    }

    @Override
    public void close() {
        database.close();
    }
}
