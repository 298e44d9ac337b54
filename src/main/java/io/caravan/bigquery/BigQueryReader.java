package io.caravan.bigquery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.cloud.bigquery.BigQueryException;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Asks questions about the tables of a dataset through Camel's google-bigquery-sql endpoint, each a query job. Connects at the
 * first question; thread-safe. What the account may do is all that keeps a question from changing something: BigQuery knows no
 * read-only queries.
 */
public final class BigQueryReader implements CamelContextAware, AutoCloseable {

    private static final String DATASET = "{dataset}";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};

    private final String name;
    private final BigQueryConnection connection;
    private final BigQueryFailure failure;
    private final String dataset;
    private final int timeoutMillis;
    private final ExecutorService questions;
    /** By their SQL. */
    private final Map<String, EndpointCall> calls = new ConcurrentHashMap<>();

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
        SettingChecks settings = new SettingChecks(name)
                .must(dataset.matches("[A-Za-z0-9_]{1,1024}"), "dataset", "be letters, digits and _", dataset)
                .must(
                        !project.contains(":"),
                        "project",
                        "have no domain: Camel's endpoint takes what stands before a colon for the project",
                        project)
                .between("maxQuestions", maxQuestions, 1, 100);
        this.connection =
                new BigQueryConnection(settings, name, project, credentialsFile, host, timeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.failure = new BigQueryFailure(connection.server(), credentialsFile, connection.limitMillis());
        this.dataset = '`' + project + "`.`" + dataset + '`';
        this.timeoutMillis = timeoutMillis;
        this.questions = Executors.newFixedThreadPool(maxQuestions, work -> {
            Thread thread = new Thread(work, "caravan-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void setCamelContext(CamelContext context) {
        if (context != getCamelContext()) calls.clear();
        connection.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return connection.getCamelContext();
    }

    /**
     * The rows of a query, in no order, each with its columns in order.
     *
     * <ul>
     *   <li>in: SQL from settings whose tables are written <code>{dataset}.user_data</code>, with parameters named
     *       {@code @user_id}, a text for each
     *   <li>out: as BigQuery writes JSON: whole numbers as Long, truth values, a TIMESTAMP as the text {@code
     *       2025-09-01T10:00:00Z}, null as null
     *   <li>errors: {@link UnavailableException} and {@link io.caravan.error.ConfigurationException}, also for SQL that is wrong;
     *       a question that is late is given up, though BigQuery may go on with its job
     * </ul>
     */
    public List<Map<String, Object>> rows(String sql, Map<String, String> parameters) {
        new SettingChecks(name)
                .must(!sql.contains("${"), "sql", "not hold ${, which Camel's endpoint fills in", sql)
                .check();
        Future<List<Map<String, Object>>> answer = questions.submit(() -> ask(sql, parameters));
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw connection.server().late("query", "timeoutMillis", timeoutMillis, "", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BigQueryException cause) throw failure.of("query", cause);
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(name + ": the query was interrupted", e.getCause());
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

    private List<Map<String, Object>> ask(String sql, Map<String, String> parameters) {
        List<?> answers;
        try {
            // values in the body are parameters of the query, whatever they hold
            answers = calls.computeIfAbsent(sql, text -> connection.endpoint(registered(text)))
                    .call(Map.copyOf(parameters), Map.of())
                    .getBody(List.class);
        } catch (EndpointException e) {
            throw e.cause(BigQueryException.class)
                    .<RuntimeException>map(cause -> cause)
                    .orElse(e);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Object answer : answers) rows.add(row((String) ((Map<?, ?>) answer).get("json")));
        return rows;
    }

    /** What the registry calls the statement: the endpoint reads it there, as it stands. Its rows are JSON, which knows types. */
    private String registered(String sql) {
        String asked =
                "SELECT TO_JSON_STRING(answer) AS json FROM (\n" + sql.replace(DATASET, dataset) + "\n) AS answer";
        String bean = "bigQuerySql-" + UUID.nameUUIDFromBytes(asked.getBytes(StandardCharsets.UTF_8));
        getCamelContext().getRegistry().bind(bean, String.class, asked);
        return bean;
    }

    private static Map<String, Object> row(String json) {
        try {
            return Collections.unmodifiableMap(JSON.readValue(json, ROW));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BigQuery gives valid JSON", e);
        }
    }
}
