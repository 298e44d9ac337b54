package io.caravan.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
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
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a table hold the rows of a run, by staging tables of its own and one MERGE. What BigQuery can read by itself it reads, and
 * when that is not to the byte what we read, or it refuses to, is sent as all the rest is.
 */
final class StagedMerge {

    private static final Logger LOG = LoggerFactory.getLogger(StagedMerge.class);
    private static final Duration STAGING_LIVES = Duration.ofDays(1);
    private static final int CHUNK = 256 * 1024;
    private static final Set<Integer> NO_SUCH_UPLOAD = Set.of(400, 404, 410);

    private final String unit;
    private final BigQuery bigQuery;
    private final BigQueryJobs jobs;
    private final BigQuerySql sql;
    private final BigQueryRows rows;
    private final TableId target;
    private final List<TableId> staging = new ArrayList<>();

    StagedMerge(String unit, BigQuery bigQuery, BigQueryJobs jobs, BigQuerySql sql, BigQueryRows rows, TableId target) {
        this.unit = unit;
        this.bigQuery = bigQuery;
        this.jobs = jobs;
        this.sql = sql;
        this.rows = rows;
        this.target = target;
    }

    /**
     * Once.
     *
     * @param byItself what BigQuery shall read by itself
     * @param ask runs a query
     */
    void write(
            GatheredRows gathered,
            Optional<BucketLoad> byItself,
            Function<QueryJobConfiguration.Builder, Iterable<FieldValueList>> ask) {
        List<String> sources = new ArrayList<>();
        try {
            Optional<BucketLoad> done = byItself.filter(load -> fromBucket(load, ask, sources));
            Set<String> without = done.map(BucketLoad::names).orElse(Set.of());
            if (gathered.bytesWithout(without) > 0) {
                TableId ours = create(rows.stagedFields());
                jobs.run("load", id -> load(id, ours, gathered, without));
                sources.add(sql.ours(quoted(ours)));
            }
            QueryJobConfiguration merge = QueryJobConfiguration.newBuilder(sql.merge(quoted(target), sources))
                    .setUseLegacySql(false)
                    .build();
            jobs.run("merge", id -> bigQuery.create(JobInfo.of(id, merge)));
        } finally {
            staging.forEach(this::drop);
        }
    }

    private boolean fromBucket(
            BucketLoad load,
            Function<QueryJobConfiguration.Builder, Iterable<FieldValueList>> ask,
            List<String> sources) {
        try {
            TableId read = create(load.fields());
            jobs.run("load from the bucket", id -> bigQuery.create(JobInfo.of(id, load.into(read))));
            RowSum found = RowSum.of(
                    ask.apply(QueryJobConfiguration.newBuilder(RowSum.sql(quoted(read), rows.columns(), load.quoted())))
                            .iterator()
                            .next());
            if (!found.same(load.sum())) {
                LOG.warn("{}: BigQuery read {} otherwise than we do, so their rows are sent", unit, load);
                return false;
            }
            sources.add(sql.fromBucket(quoted(read), load.quoted()));
            LOG.info("{}: BigQuery read {} by itself", unit, load);
            return true;
        } catch (BadRecordException | ConfigurationException e) {
            LOG.warn("{}: BigQuery does not read {}, so their rows are sent: {}", unit, load, e.getMessage());
            return false;
        }
    }

    private TableId create(List<Field> fields) {
        TableId id = TableId.of(
                target.getProject(),
                target.getDataset(),
                "caravan_staging_" + UUID.randomUUID().toString().replace("-", ""));
        staging.add(id);
        long expires = Instant.now().plus(STAGING_LIVES).toEpochMilli();
        TargetTable.created(
                bigQuery,
                TableInfo.newBuilder(id, StandardTableDefinition.of(Schema.of(fields)))
                        .setExpirationTime(expires)
                        .build());
        return id;
    }

    private void load(JobId id, TableId into, GatheredRows gathered, Set<String> without) {
        try {
            upload(id, into, gathered, without);
        } catch (BigQueryException e) {
            // the place for an upload is gone, or its address was cut off: there is another one
            if (!NO_SUCH_UPLOAD.contains(e.getCode())) throw e;
            upload(id, into, gathered, without);
        }
    }

    private void upload(JobId id, TableId into, GatheredRows gathered, Set<String> without) {
        WriteChannelConfiguration load = WriteChannelConfiguration.newBuilder(into, FormatOptions.json())
                .setCreateDisposition(CreateDisposition.CREATE_NEVER)
                // also of a job that was sent twice, nothing is there twice
                .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                .setMaxBadRecords(0)
                .build();
        try {
            TableDataWriteChannel upload = bigQuery.writer(id, load);
            upload.setChunkSize(chunkSize(gathered.bytesWithout(without)));
            gathered.copyTo(upload, without);
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

    private void drop(TableId id) {
        if (jobs.silent()) return; // it expires
        try {
            jobs.call("drop the staging table", () -> bigQuery.delete(id));
        } catch (BigQueryException e) {
            // it expires
        }
    }

    /** Project, dataset and table were checked: none can hold a quote. */
    static String quoted(TableId id) {
        return '`' + id.getProject() + "`.`" + id.getDataset() + "`.`" + id.getTable() + '`';
    }
}
