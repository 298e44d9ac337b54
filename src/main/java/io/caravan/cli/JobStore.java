package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDatabase;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Overview;
import io.caravan.ledger.SqlWork;
import io.caravan.settings.Configuration;
import java.util.List;
import java.util.Set;

/** The jobs' database, whose store is started if it is on this machine and does not run. */
final class JobStore implements AutoCloseable {

    private static final String MAX_RETRIES = "caravan.books-work.maxRetries";
    private static final String TIMEOUT = "caravan.jobs.timeoutMillis";

    private final JobDatabase database;
    private final int maxRetries;

    JobStore(Shell shell) {
        Configuration c = shell.configuration();
        this.maxRetries = number(MAX_RETRIES, c.value(MAX_RETRIES).orElse("0"));
        shell.startNeeded(c.laptopStores(Set.of("warehouse")));
        List<String> at = List.of("uri", "user", "password").stream()
                .map(name -> shell.setting("caravan.warehouse." + name))
                .toList();
        this.database = new JobDatabase(
                at.get(0),
                at.get(1),
                at.get(2),
                number(TIMEOUT, c.value(TIMEOUT).orElse("60000")));
    }

    /** All jobs at a glance; {@code mostReasons}: of failures. */
    Overview overview(int mostReasons) {
        return ask(c -> JobReport.overview(c, mostReasons, maxRetries));
    }

    <T> T ask(SqlWork<T> work) {
        return database.in(work);
    }

    private static int number(String setting, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ConfigurationException(SettingChecks.sentence("jobs", setting, "be a number", text));
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
