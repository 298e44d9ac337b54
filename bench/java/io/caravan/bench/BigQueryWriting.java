package io.caravan.bench;

import static io.caravan.endpoint.TestContext.knownTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import io.caravan.bigquery.BigQuerySink;
import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table of a BigQuery that forgets: one load job into a staging table and one MERGE, on both sides. */
final class BigQueryWriting implements Writing {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ForgetfulBigQuery server = new ForgetfulBigQuery();

    BigQueryWriting() throws IOException {}

    @Override
    public String name() {
        return "bigquery-sink, a server that forgets";
    }

    @Override
    public int rated() {
        return 1_000_000;
    }

    @Override
    public int keys() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void empty() {
        server.clear();
    }

    @Override
    public Bare bare() {
        BigQuery client = BigQueryOptions.newBuilder()
                .setProjectId(ForgetfulBigQuery.PROJECT)
                .setCredentials(NoCredentials.getInstance())
                .setHost(server.host())
                .build()
                .getService();
        TableId staging = TableId.of(ForgetfulBigQuery.PROJECT, ForgetfulBigQuery.DATASET, "staging");
        Schema schema = Schema.of(Field.of(Orders.KEY, StandardSQLTypeName.STRING));
        client.create(TableInfo.of(staging, StandardTableDefinition.of(schema)));
        TableDataWriteChannel upload = client.writer(
                JobId.of("load"),
                WriteChannelConfiguration.newBuilder(staging, FormatOptions.json())
                        .build());
        upload.setChunkSize(8 << 20);
        return new Bare() {
            @Override
            public void write(List<Record> batch) throws IOException {
                ByteArrayOutputStream lines = new ByteArrayOutputStream(batch.size() * 250);
                for (Record r : batch) {
                    lines.writeBytes(JSON.writeValueAsBytes(row(r)));
                    lines.write('\n');
                }
                upload.write(ByteBuffer.wrap(lines.toByteArray()));
            }

            @Override
            public void flush() throws IOException {
                upload.close();
                client.getJob(JobId.of("load"));
                client.create(JobInfo.of(
                        JobId.of("merge"),
                        QueryJobConfiguration.of("MERGE orders USING staging ON orders.order_id = staging.order_id")));
                client.delete(staging);
            }

            @Override
            public void close() {}
        };
    }

    private static Map<String, Object> row(Record r) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < r.fields().size(); i++) {
            Object value = r.at(i);
            boolean text = value instanceof BigDecimal || value instanceof Instant;
            row.put(r.fields().names().get(i), text ? value.toString() : value);
        }
        return row;
    }

    @Override
    public Sink sink() {
        return knownTo(new BigQuerySink(
                "analytics",
                ForgetfulBigQuery.PROJECT,
                ForgetfulBigQuery.DATASET,
                "bench/warehouse.yaml",
                "",
                server.host(),
                5,
                5_000,
                60_000,
                0));
    }

    @Override
    public long held() {
        return server.rows();
    }

    @Override
    public void close() {
        server.close();
    }
}
