package io.caravan.bigquery;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableId;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.record.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Keeps each record as a row of a BigQuery table that YAML describes, see {@link BigQueryTable}. A run's rows are gathered
 * in a temporary file; {@link #flush} loads them with one job into a staging table and merges that by key.
 *
 * <ul>
 *   <li>the dataset must exist; the table is created when it is missing, columns new in the YAML are added, nothing is ever
 *       dropped; a column of another type is a {@link io.caravan.error.ConfigurationException}
 *   <li>a record with a value its column cannot hold is refused at once
 *   <li>a lost reply loads and merges nothing twice, see {@link BigQueryJobs}; a process that dies leaves at most a staging
 *       table that BigQuery drops after a day
 * </ul>
 */
public final class BigQuerySink implements Sink, CamelContextAware, AutoCloseable {

    private static final String UNIT = "bigquery-sink";
    private static final long ROWS_PER_PAGE = 10_000;
    private static final int LIKELY_BATCH = 256 << 10;
    private static final JsonFactory LINES = new JsonFactory();
    private static final SerializedString LINE_END = new SerializedString("\n");

    private final String name;
    private final BigQueryConnection connection;
    private final BigQueryFailure failure;
    private final String dataset;
    private final BigQueryTable table;
    private final BigQueryRows rows;
    private final BigQuerySql sql;
    private final int pauseMillis;
    private final long timeoutMillis;
    private final long leastBucketBytes; // 0: never
    private final Lines lines = new Lines(); // of the batch that is written
    private GatheredRows gathered; // null: nothing

    /**
     * @param sink the name the pipeline gives it
     * @param project whose jobs they are, and where the dataset is
     * @param table the description: {@code classpath:<resource>} or a file
     * @param credentialsFile JSON of a service account; blank for application default credentials
     * @param host where BigQuery's REST interface is, without credentials; blank for Google's
     * @param pauseMillis before a call that failed is made again, and between the first questions after a job
     * @param timeoutMillis how long a call, and how long a job may take
     * @param loadFromBucketKilobytes from how many kilobytes of rows on BigQuery reads objects in {@code gs://} by itself; 0: never
     */
    // texts are Object where Camel could make numbers of them, and then find no constructor
    public BigQuerySink(
            String sink,
            Object project,
            Object dataset,
            String table,
            String credentialsFile,
            String host,
            int pauseMillis,
            int connectTimeoutMillis,
            int timeoutMillis,
            int loadFromBucketKilobytes) {
        SettingChecks settings = new SettingChecks(UNIT)
                .notBlank("sink", sink)
                .must(
                        dataset.toString().matches("[A-Za-z0-9_]{1,1024}"),
                        "dataset",
                        "be letters, digits and _",
                        dataset)
                .between("pauseMillis", pauseMillis, 1, 60_000)
                .between("loadFromBucketKilobytes", loadFromBucketKilobytes, 0, Integer.MAX_VALUE);
        this.connection = new BigQueryConnection(
                settings, sink, project.toString(), credentialsFile, host, connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = sink;
        this.failure = new BigQueryFailure(connection.server(), credentialsFile, connection.limitMillis());
        this.dataset = dataset.toString();
        this.table = BigQueryTable.load(UNIT, table);
        this.rows = new BigQueryRows(sink, this.table);
        this.sql = new BigQuerySql(this.table);
        this.pauseMillis = pauseMillis;
        this.timeoutMillis = timeoutMillis;
        this.leastBucketBytes = loadFromBucketKilobytes * 1024L;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        List<Record> taken = new ArrayList<>(batch.size());
        Optional<RowSum> sum = leastBucketBytes == 0 ? Optional.empty() : Optional.of(new RowSum());
        lines.reset();
        long number = gathered == null ? 0 : gathered.rows();
        try (JsonGenerator out = LINES.createGenerator(lines, JsonEncoding.UTF8)) {
            out.setRootValueSeparator(LINE_END);
            for (Record record : batch) {
                try {
                    Object[] loaded = rows.stage(record, number + taken.size(), out);
                    taken.add(record);
                    sum.ifPresent(s -> s.add(rows.columns(), loaded));
                } catch (BadRecordException e) {
                    if (!record.deleted() || !rows.nowhere(record)) refused.add(new Refusal(record, e.getMessage()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (taken.isEmpty()) return refused;
        lines.write('\n');
        if (gathered == null) gathered = new GatheredRows(name);
        if (sum.isPresent()) gathered.append(lines.bytes(), taken, sum.get());
        else gathered.append(lines.bytes(), taken.size());
        return refused;
    }

    @Override
    public List<Refusal> flush() {
        return flush(List.of());
    }

    @Override
    public synchronized List<Refusal> flush(List<StoredObject> whole) {
        if (gathered == null) return List.of();
        Optional<BucketLoad> byItself =
                leastBucketBytes == 0 ? Optional.empty() : BucketLoad.of(table, gathered, whole, leastBucketBytes);
        call("write", bigQuery -> {
            BigQueryJobs jobs = jobs(bigQuery);
            jobs.settle();
            target(bigQuery).prepare();
            new StagedMerge(name, bigQuery, jobs, sql, rows, tableId(bigQuery))
                    .write(gathered, byItself, query -> ask(bigQuery, query));
            return null;
        });
        discard();
        return List.of();
    }

    @Override
    public synchronized void discard() {
        if (gathered != null) gathered.close();
        gathered = null;
    }

    @Override
    public synchronized Stream<String> keys() {
        return call("read the keys", bigQuery -> {
            if (!target(bigQuery).exists()) return Stream.empty();
            Iterable<FieldValueList> held =
                    ask(bigQuery, QueryJobConfiguration.newBuilder(sql.keys(StagedMerge.quoted(tableId(bigQuery)))));
            return StreamSupport.stream(held.spliterator(), false).map(rows::key);
        });
    }

    @Override
    public synchronized Set<String> differing(List<Record> batch) {
        Map<String, ObjectNode> held = call("compare", bigQuery -> {
            TargetTable target = target(bigQuery);
            if (!target.exists()) return Map.of();
            List<BigQueryColumn> there = target.present();
            QueryJobConfiguration.Builder query =
                    QueryJobConfiguration.newBuilder(sql.held(StagedMerge.quoted(tableId(bigQuery)), there));
            rows.parameters(batch).forEach(query::addNamedParameter);
            Map<String, ObjectNode> found = new HashMap<>();
            for (FieldValueList row : ask(bigQuery, query)) {
                ObjectNode json = rows.held(row, there);
                found.put(rows.key(row), json);
            }
            return found;
        });
        Set<String> differing = new HashSet<>();
        for (Record record : batch) {
            ObjectNode row = held.get(record.key());
            boolean same = record.deleted() ? row == null : row != null && rows.same(row, record);
            if (!same) differing.add(record.key());
        }
        return differing;
    }

    @Override
    public boolean marks() {
        return true;
    }

    @Override
    public synchronized Optional<String> marker(String owner) {
        return call("read the marker", bigQuery -> TableMarkers.of(bigQuery.getTable(tableId(bigQuery)), owner));
    }

    @Override
    public synchronized void mark(String owner, String marker) {
        call("mark", bigQuery -> {
            target(bigQuery).prepare();
            TableMarkers.mark(bigQuery, bigQuery.getTable(tableId(bigQuery)), owner, marker);
            return null;
        });
    }

    @Override
    public synchronized void unmark(String owner) {
        call("unmark", bigQuery -> {
            TableMarkers.unmark(bigQuery, bigQuery.getTable(tableId(bigQuery)), owner);
            return null;
        });
    }

    @Override
    public synchronized Optional<String> check() {
        try {
            return failure.whole(() -> {
                BigQuery once = connection.clientToCheck();
                if (once.getDataset(dataset) == null) {
                    mustBeBigQuery(once);
                    throw noDataset(once);
                }
                target(once).exists();
                return Optional.empty();
            });
        } catch (BigQueryException e) {
            return Optional.of(failure.of("look at the dataset", e).getMessage());
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Forgets what was not flushed. */
    @Override
    public synchronized void close() {
        discard();
    }

    @Override
    public void setCamelContext(CamelContext context) {
        connection.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return connection.getCamelContext();
    }

    private Iterable<FieldValueList> ask(BigQuery bigQuery, QueryJobConfiguration.Builder query) {
        Job job = jobs(bigQuery)
                .run(
                        "query",
                        id -> bigQuery.create(
                                JobInfo.of(id, query.setUseLegacySql(false).build())));
        try {
            return job.getQueryResults(BigQuery.QueryResultsOption.pageSize(ROWS_PER_PAGE))
                    .iterateAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(name + ": interrupted", e);
        }
    }

    private BigQueryJobs jobs(BigQuery bigQuery) {
        return new BigQueryJobs(
                bigQuery,
                failure,
                location(bigQuery),
                "caravan_"
                        + UUID.nameUUIDFromBytes(
                                StagedMerge.quoted(tableId(bigQuery)).getBytes(StandardCharsets.UTF_8)) + "_",
                pauseMillis,
                connection.callMillis(),
                timeoutMillis);
    }

    private String location(BigQuery bigQuery) {
        var found = bigQuery.getDataset(dataset);
        if (found != null) return found.getLocation();
        throw noDataset(bigQuery);
    }

    private CaravanException noDataset(BigQuery bigQuery) {
        return new io.caravan.error.ConfigurationException(
                SettingChecks.sentence(name, "dataset", "exist in project " + project(bigQuery), dataset)
                        + "; create it where the data should be, or correct 'project' and 'dataset'");
    }

    /** The client takes any server's 404 for BigQuery's: here it is thrown as it is. */
    private static void mustBeBigQuery(BigQuery bigQuery) {
        try {
            bigQuery.listDatasets(BigQuery.DatasetListOption.pageSize(1));
        } catch (BigQueryException e) {
            if (e.getError() == null) throw e;
        }
    }

    private TargetTable target(BigQuery bigQuery) {
        return new TargetTable(bigQuery, name, tableId(bigQuery), table);
    }

    private TableId tableId(BigQuery bigQuery) {
        return TableId.of(project(bigQuery), dataset, table.name());
    }

    private static String project(BigQuery bigQuery) {
        return bigQuery.getOptions().getProjectId();
    }

    private <T> T call(String action, Function<BigQuery, T> work) {
        try {
            BigQuery client = connection.client();
            return failure.whole(() -> work.apply(client));
        } catch (BigQueryException e) {
            throw failure.of(action, e);
        }
    }

    /** Rows on their way into the file, without a copy of them. */
    private static final class Lines extends ByteArrayOutputStream {

        Lines() {
            super(LIKELY_BATCH);
        }

        ByteBuffer bytes() {
            return ByteBuffer.wrap(buf, 0, count);
        }

        /** One batch of large rows shall not hold their memory for ever. */
        @Override
        public synchronized void reset() {
            super.reset();
            if (buf.length > 16 * LIKELY_BATCH) buf = new byte[LIKELY_BATCH];
        }
    }
}
