package io.caravan.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.TableResult;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks questions about the tables of a dataset, each a query job. Connects at the first question; thread-safe. What the account may do
 * is all that keeps a question from changing something: BigQuery knows no read-only queries.
 */
public final class BigQueryReader implements AutoCloseable {

    private static final int PAUSE_MILLIS = 50;

    private final String name;
    private final BigQueryConnection connection;
    private final BigQueryFailure failure;
    private final String dataset;
    private final int timeoutMillis;
    private final ExecutorService questions;
    private BigQuery client;
    private String location;

    /**
     * @param name what error messages call it
     * @param project as {@link BigQuerySink}'s, as are dataset, credentialsFile and host
     * @param maxQuestions 1 to 100: how many questions may be under way at once, others wait
     * @param timeoutMillis how long a question may take, its waiting included
     */
    public BigQueryReader(
            String name,
            String project,
            String dataset,
            String credentialsFile,
            String host,
            int maxQuestions,
            int timeoutMillis) {
        Settings settings = new Settings(name)
                .must(dataset.matches("[A-Za-z0-9_]{1,1024}"), "dataset", "be letters, digits and _", dataset)
                .between("maxQuestions", maxQuestions, 1, 100);
        this.connection =
                new BigQueryConnection(settings, name, project, credentialsFile, host, timeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.failure = new BigQueryFailure(connection.server(), credentialsFile);
        this.dataset = dataset;
        this.timeoutMillis = timeoutMillis;
        this.questions = Executors.newFixedThreadPool(maxQuestions, work -> {
            Thread thread = new Thread(work, "caravan-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The rows of a query, each with its columns in order.
     *
     * <ul>
     *   <li>in: SQL with parameters named {@code @user_id}, a text for each; its tables are those of the dataset
     *   <li>out: INT64 as Long, TIMESTAMP as Instant, null as null, all other types as BigQuery's text
     *   <li>errors: {@link UnavailableException} and {@link ConfigurationException}, also for SQL that is wrong
     * </ul>
     */
    public List<Map<String, Object>> rows(String sql, Map<String, String> parameters) {
        Future<List<Map<String, Object>>> answer = questions.submit(() -> ask(sql, parameters));
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw connection.server().away("query", new SocketTimeoutException("no answer in time"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BigQueryException cause) throw failure.of("query", cause);
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(name + ": the question broke off", e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new UnavailableException(name + ": interrupted", e);
        }
    }

    /** Ends what is under way; nothing can be asked any more. */
    @Override
    public void close() {
        questions.shutdownNow();
    }

    private List<Map<String, Object>> ask(String sql, Map<String, String> parameters) throws InterruptedException {
        BigQuery bigQuery = client();
        QueryJobConfiguration.Builder query = QueryJobConfiguration.newBuilder(sql)
                .setUseLegacySql(false)
                .setDefaultDataset(DatasetId.of(bigQuery.getOptions().getProjectId(), dataset));
        parameters.forEach((name, value) -> query.addNamedParameter(name, QueryParameterValue.string(value)));
        // before anybody waits in vain, so that the job is cancelled and costs no more
        long patienceMillis = timeoutMillis * 9L / 10;
        BigQueryJobs jobs = new BigQueryJobs(
                bigQuery,
                failure,
                location(bigQuery),
                "caravan_question_",
                PAUSE_MILLIS,
                connection.callMillis(),
                patienceMillis);
        TableResult result = jobs.run("query", id -> bigQuery.create(JobInfo.of(id, query.build())))
                .getQueryResults();
        List<Map<String, Object>> rows = new ArrayList<>();
        FieldList fields = result.getSchema().getFields();
        for (FieldValueList row : result.iterateAll()) rows.add(columns(fields, row));
        return rows;
    }

    private synchronized BigQuery client() {
        if (client == null) client = connection.open();
        return client;
    }

    /** Where the dataset is, and so the jobs. */
    private synchronized String location(BigQuery bigQuery) {
        if (location != null) return location;
        Dataset found = bigQuery.getDataset(dataset);
        if (found == null) {
            throw new ConfigurationException(Settings.sentence(
                            name,
                            "dataset",
                            "exist in project " + bigQuery.getOptions().getProjectId(),
                            dataset)
                    + "; create it, or correct 'project' and 'dataset'");
        }
        location = found.getLocation();
        return location;
    }

    private static Map<String, Object> columns(FieldList fields, FieldValueList row) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) columns.put(fields.get(i).getName(), value(fields.get(i), row.get(i)));
        return Collections.unmodifiableMap(columns);
    }

    private static Object value(Field field, FieldValue value) {
        if (value.isNull()) return null;
        return switch (field.getType().getStandardType()) {
            case INT64 -> value.getLongValue();
            case TIMESTAMP -> Instant.EPOCH.plus(value.getTimestampValue(), ChronoUnit.MICROS);
            default -> value.getValue();
        };
    }
}
