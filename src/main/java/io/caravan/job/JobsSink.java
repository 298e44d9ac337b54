package io.caravan.job;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.error.SettingList;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.ConflictException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Schema;
import io.caravan.ledger.Sql;
import io.caravan.ledger.SqlWork;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Adds a job for each record to the table of jobs, as {@code jobs add} does: a record that comes again adds none, whatever became of
 * its job meanwhile.
 * <ul>
 *   <li>in: records of any kind; what they hold is checked by the job's rules, and never looked up
 *   <li>refused: what breaks one, with all that is wrong
 *   <li>a record that is deleted changes nothing
 * </ul>
 */
public final class JobsSink implements UnverifiableSink, CamelContextAware {

    private static final String UNIT = "jobs-sink";

    private final String name;
    private final ToldByRecord told;
    private final DataSource database;
    private final Transactions ledger;
    private volatile boolean migrated;
    private CamelContext context;

    /**
     * @param job files of jobs, {@code classpath:<resource>} or paths, comma separated; of several a record's field {@code job} says which
     * @param parameters {@code name={field}, name={field}}; {@code field:<name>} of one that holds them; blank: fields of their names
     * @param key what two records have in common that start one job, {@code {field}}; blank for the record's key
     * @param patternField of which {@code pattern} makes fields
     * @param pattern a regular expression for the whole of it, whose named groups are fields
     * @param ledger in whose database the table is
     */
    // Object where Camel would make a number of a text of digits
    public JobsSink(
            Object sink,
            Object job,
            Object parameters,
            Object key,
            Object patternField,
            Object pattern,
            DataSource ledger) {
        this.name = sink.toString();
        SettingChecks settings = new SettingChecks(UNIT).notBlank("sink", name);
        List<NewJobs> jobs = SettingList.of(job.toString()).stream()
                .map(file -> new NewJobs(definition(file), this::resolved))
                .toList();
        this.told = new ToldByRecord(
                settings, jobs, parameters.toString(), key.toString(), patternField.toString(), pattern.toString());
        settings.check();
        this.database = ledger;
        this.ledger = new PlainTransactions(ledger);
    }

    private static JobDefinition definition(String file) {
        JobFile.Found found = JobFile.read(file, SettingFile.read(UNIT, "job", file));
        return found.job()
                .orElseThrow(() -> new ConfigurationException(
                        found.problems().stream().map(Object::toString).toList()));
    }

    private String resolved(String text) {
        return context == null ? text : context.resolvePropertyPlaceholders(text);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        List<NewJob> jobs = new ArrayList<>();
        for (Record record : batch) {
            if (record.deleted()) continue;
            try {
                jobs.add(told.of(record));
            } catch (BadRecordException | ConfigurationException e) {
                refused.add(new Refusal(record, name + ": " + e.getMessage().replaceAll("\\R", "; ")));
            }
        }
        if (!jobs.isEmpty()) in(c -> Jobs.publish(c, jobs));
        return refused;
    }

    /** In the jobs' schema, which the first to come makes. */
    private <T> T in(SqlWork<T> work) {
        if (!migrated) {
            ledger.in(c -> null); // a database that is away is said to be
            migrate();
        }
        try {
            return ledger.in(c -> {
                Sql.first(c, r -> true, "select set_config('search_path', ?, true)", JobTable.LEDGER.schema());
                return work.on(c);
            });
        } catch (ConflictException e) {
            throw new UnavailableException(e.getMessage(), e);
        }
    }

    private synchronized void migrate() {
        if (migrated) return;
        JobTable table = JobTable.LEDGER;
        try {
            Schema.migrate(database, table.schema(), table.migrations(), table.newest());
        } catch (SQLException | RuntimeException e) {
            throw new JobException(name + ": schema " + table.schema() + " cannot be migrated: " + e.getMessage(), e);
        }
        migrated = true;
    }

    @Override
    public Optional<String> check() {
        try {
            in(c -> null);
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(name + ": " + e.getMessage());
        }
    }

    @Override
    public String unverifiable() {
        return name + ": jobs cannot be verified: the table has those that others added too";
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }
}
