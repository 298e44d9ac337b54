package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDatabase;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Overview;
import io.caravan.job.JobTable;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Flows;
import io.caravan.ledger.SqlWork;
import io.caravan.ledger.Starter;
import io.caravan.settings.Configuration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A database of jobs, whose store is started if it is on this machine and does not run. */
final class JobStore implements AutoCloseable {

    private static final String MAX_RETRIES = "caravan.books-work.maxRetries";
    private static final String TIMEOUT = "caravan.jobs.timeoutMillis";
    /** The pipelines whose jobs lie beside what they load. */
    private static final List<String> OF_BOOKS = List.of("books-publish", "books-work");

    private final Shell shell;
    private final JobTable table;
    private final JobDatabase database;
    private final int maxRetries;

    JobStore(Shell shell, JobTable table) {
        this.shell = shell;
        this.table = table;
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

    /**
     * Changes jobs and tells the ledger's audit, in one transaction where they lie in its database; returns how many were changed. A
     * change of none is not told.
     *
     * @param verb of {@code jobs}, such as {@code cancel}
     * @param kind of the jobs; blank for all
     */
    int change(String verb, String kind, SqlWork<Integer> work) {
        Starter by = shell.starter();
        SqlWork<Integer> told = c -> {
            int changed = work.on(c);
            if (changed > 0 && table == JobTable.LEDGER) tell(c, verb, kind, by, changed);
            return changed;
        };
        int changed = database.in(told);
        if (changed > 0 && table != JobTable.LEDGER) {
            shell.ledger(c -> {
                tell(c, verb, kind, by, changed);
                return changed;
            });
        }
        return changed;
    }

    private static void tell(Connection c, String verb, String kind, Starter by, int jobs) throws SQLException {
        Audit.done(c, kind, "jobs " + verb, by, jobs);
    }

    /** The same of the job of that number; whether it was changed. */
    boolean change(String verb, long job, SqlWork<Boolean> work) {
        String kind = this.<Optional<JobReport.Job>>ask(c -> JobReport.find(c, job))
                .map(JobReport.Job::kind)
                .orElse("");
        return change(verb, kind, c -> work.on(c) ? 1 : 0) > 0;
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
