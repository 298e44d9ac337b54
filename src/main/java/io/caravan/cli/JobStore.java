package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDatabase;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Overview;
import io.caravan.job.JobTable;
import io.caravan.ledger.Flows;
import io.caravan.ledger.SqlWork;
import io.caravan.settings.Configuration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A database of jobs, whose store is started if it is on this machine and does not run. */
final class JobStore implements AutoCloseable {

    private static final String MAX_RETRIES = "caravan.books-work.maxRetries";
    private static final String TIMEOUT = "caravan.jobs.timeoutMillis";
    /** The pipelines whose jobs lie beside what they load. */
    private static final List<String> OF_BOOKS = List.of("books-publish", "books-work");

    private final JobDatabase database;
    private final int maxRetries;

    JobStore(Shell shell, JobTable table) {
        Configuration c = shell.configuration();
        this.maxRetries = number(MAX_RETRIES, c.value(MAX_RETRIES).orElse("0"));
        shell.startNeeded(c.laptopStores(Set.of(table.settings().replaceFirst("^caravan\\.", ""))));
        List<String> at = List.of("uri", "user", "password").stream()
                .map(name -> shell.setting(table.settings() + "." + name))
                .toList();
        this.database = new JobDatabase(
                table,
                at.get(0),
                at.get(1),
                at.get(2),
                number(TIMEOUT, c.value(TIMEOUT).orElse("60000")));
    }

    /** The tables that may hold jobs: that of books is asked only where one of its pipelines ever ran. */
    static List<JobTable> tables(Shell shell) {
        boolean books = shell.ledger(c -> {
            for (String pipeline : OF_BOOKS) if (Flows.find(c, pipeline).isPresent()) return true;
            return false;
        });
        return Stream.of(JobTable.values())
                .filter(table -> books || table != JobTable.BOOKS)
                .toList();
    }

    /** All jobs at a glance; {@code mostReasons}: of failures. */
    Overview overview(int mostReasons) {
        return ask(c -> JobReport.overview(c, mostReasons, maxRetries));
    }

    <T> T ask(SqlWork<T> work) {
        return database.in(work);
    }

    JobDatabase database() {
        return database;
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
