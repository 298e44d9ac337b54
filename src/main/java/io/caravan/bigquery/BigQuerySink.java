package io.caravan.bigquery;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.CreateDisposition;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration STAGING_LIVES = Duration.ofDays(1);
    private static final int CHUNK = 256 * 1024;
    private static final long ROWS_PER_PAGE = 10_000;
    private static final Set<Integer> NO_SUCH_UPLOAD = Set.of(400, 404, 410);
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
    private final Lines lines = new Lines(); // of the batch that is written
    private RowsFile rowsFile;
    private long gathered;

    /**
     * @param sink the name the pipeline gives it
     * @param project whose jobs they are, and where the dataset is
     * @param table the description: {@code classpath:<resource>} or a file
     * @param credentialsFile JSON of a service account; blank for application default credentials
     * @param host where BigQuery's REST interface is, without credentials; blank for Google's
     * @param pauseMillis before a call that failed is made again, and between the first questions after a job
     * @param timeoutMillis how long a call, and how long a job may take
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
            int timeoutMillis) {
        SettingChecks settings = new SettingChecks(UNIT)
                .notBlank("sink", sink)
                .must(
                        dataset.toString().matches("[A-Za-z0-9_]{1,1024}"),
                        "dataset",
                        "be letters, digits and _",
                        dataset)
                .between("pauseMillis", pauseMillis, 1, 60_000);
        this.connection = new BigQueryConnection(
                settings, sink, project.toString(), credentialsFile, host, connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = sink;
        this.failure = new BigQueryFailure(connection.server(), credentialsFile);
        this.dataset = dataset.toString();
        this.table = BigQueryTable.load(UNIT, table);
        this.rows = new BigQueryRows(sink, this.table);
        this.sql = new BigQuerySql(this.table);
        this.pauseMillis = pauseMillis;
        this.timeoutMillis = timeoutMillis;
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
        lines.reset();
        long number = gathered;
        try (JsonGenerator out = LINES.createGenerator(lines, JsonEncoding.UTF8)) {
            out.setRootValueSeparator(LINE_END);
            for (Record record : batch) {
                try {
                    rows.stage(record, number, out);
                    number++;
                } catch (BadRecordException e) {
                    refused.add(new Refusal(record, e.getMessage()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (number == gathered) return refused;
        lines.write('\n');
        if (rowsFile == null) rowsFile = new RowsFile(name);
        rowsFile.append(lines.bytes());
        gathered = number;
        return refused;
    }

    @Override
    public synchronized List<Refusal> flush() {
        if (gathered == 0) return List.of();
        call("write", bigQuery -> {
            BigQueryJobs jobs = jobs(bigQuery);
            jobs.settle();
            target(bigQuery).prepare();
            TableId staging = TableId.of(project(bigQuery), dataset, "caravan_staging_" + hex());
            try {
                createStaging(bigQuery, staging);
                jobs.run("load", id -> load(bigQuery, id, staging));
                QueryJobConfiguration merge = QueryJobConfiguration.newBuilder(
                                sql.merge(quoted(tableId(bigQuery)), quoted(staging)))
                        .setUseLegacySql(false)
                        .build();
                jobs.run("merge", id -> bigQuery.create(JobInfo.of(id, merge)));
            } finally {
                drop(bigQuery, jobs, staging);
            }
            return null;
        });
        discard();
        return List.of();
    }

    @Override
    public synchronized void discard() {
        if (rowsFile != null) rowsFile.close();
        rowsFile = null;
        gathered = 0;
    }

    @Override
    public synchronized Stream<String> keys() {
        return call("read the keys", bigQuery -> {
            if (!target(bigQuery).exists()) return Stream.empty();
            Iterable<FieldValueList> held =
                    ask(bigQuery, QueryJobConfiguration.newBuilder(sql.keys(quoted(tableId(bigQuery)))));
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
                    QueryJobConfiguration.newBuilder(sql.held(quoted(tableId(bigQuery)), there));
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
            BigQuery once = connection.clientToCheck();
            if (once.getDataset(dataset) == null) {
                mustBeBigQuery(once);
                throw noDataset(once);
            }
            target(once).exists();
            return Optional.empty();
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

    private void createStaging(BigQuery bigQuery, TableId staging) {
        long expires = Instant.now().plus(STAGING_LIVES).toEpochMilli();
        List<Field> fields = rows.stagedFields();
        TargetTable.created(
                bigQuery,
                TableInfo.newBuilder(staging, StandardTableDefinition.of(Schema.of(fields)))
                        .setExpirationTime(expires)
                        .build());
    }

    private void load(BigQuery bigQuery, JobId id, TableId staging) {
        try {
            upload(bigQuery, id, staging);
        } catch (BigQueryException e) {
            // the place for an upload is gone, or its address was cut off: there is another one
            if (!NO_SUCH_UPLOAD.contains(e.getCode())) throw e;
            upload(bigQuery, id, staging);
        }
    }

    private void upload(BigQuery bigQuery, JobId id, TableId staging) {
        WriteChannelConfiguration load = WriteChannelConfiguration.newBuilder(staging, FormatOptions.json())
                .setCreateDisposition(CreateDisposition.CREATE_NEVER)
                // also of a job that was sent twice, nothing is there twice
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .setMaxBadRecords(0)
                .build();
        try {
            TableDataWriteChannel upload = bigQuery.writer(id, load);
            upload.setChunkSize(chunkSize(rowsFile.size()));
            rowsFile.copyTo(upload);
            upload.close();
        } catch (IOException e) {
            throw new BigQueryException(0, "the upload failed: " + e.getMessage(), e);
        }
    }

    /** A chunk size of which the upload is no multiple: the client never ends an upload whose last chunk is full. */
    static int chunkSize(long bytes) {
        int chunk = 32 * CHUNK;
        while (bytes % chunk == 0) chunk += CHUNK;
        return chunk;
    }

    private static void drop(BigQuery bigQuery, BigQueryJobs jobs, TableId staging) {
        if (jobs.silent()) return; // it expires
        try {
            jobs.call("drop the staging table", () -> bigQuery.delete(staging));
        } catch (BigQueryException e) {
            // it expires
        }
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
                "caravan_" + UUID.nameUUIDFromBytes(quoted(tableId(bigQuery)).getBytes(StandardCharsets.UTF_8)) + "_",
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

    /** Project, dataset and table were checked: none can hold a quote. */
    private static String quoted(TableId id) {
        return '`' + id.getProject() + "`.`" + id.getDataset() + "`.`" + id.getTable() + '`';
    }

    private static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private <T> T call(String action, Function<BigQuery, T> work) {
        try {
            BigQuery client = connection.client();
            return BigQueryFailure.whole(() -> work.apply(client));
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
