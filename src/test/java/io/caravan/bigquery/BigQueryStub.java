package io.caravan.bigquery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.Data;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.local.TestStores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * BigQuery's REST interface as far as the sink uses it, with state: rows are in PostgreSQL, which also runs the MERGE. Every
 * body is read as the class that Google generates from its published interface, and refused with a name that is not in it;
 * so is every parameter of a URL. Jobs are running when they are accepted, and done when they are asked for.
 */
public final class BigQueryStub implements AutoCloseable {

    /** The dataset's, which a new text column has that says none: {@code und:ci} takes a and A for one. */
    volatile String defaultCollation = "";

    public static final String PROJECT = "test-project";
    public static final String DATASET = "marketing";

    /** What goes wrong, once. */
    enum Fault {
        /** The request is done, its reply never comes. */
        REPLY_LOST,
        /** 503, nothing is done. */
        UNAVAILABLE,
        /** 403 rateLimitExceeded, nothing is done. */
        RATE_LIMITED,
        /** The job is accepted and fails on BigQuery's own account. */
        JOB_FAILS,
        /** The job is accepted and waits until {@link #release}. */
        JOB_WAITS
    }

    /** Of the next request that matches: method and path. */
    record Armed(Pattern request, Fault fault) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/bigquery/v2/projects/" + PROJECT;
    private static final Pattern TABLE = Pattern.compile(BASE + "/datasets/(\\w+)/tables(?:/(\\w+))?(/data)?");
    private static final Set<String> PARAMETERS = Set.of(
            "prettyPrint",
            "location",
            "fields",
            "stateFilter",
            "maxResults",
            "pageToken",
            "startIndex",
            "timeoutMs",
            "selectedFields",
            "uploadType",
            "upload_id",
            "projection",
            "autodetect_schema",
            "accessPolicyVersion",
            "datasetView",
            "view",
            "formatOptions.useInt64Timestamp");

    final Map<String, Table> tables = new ConcurrentHashMap<>();
    final Map<String, Job> jobs = new ConcurrentHashMap<>();
    /** What it finds at {@code gs://}, by URI. */
    public final Map<String, String> objects = new ConcurrentHashMap<>();
    /** How many bytes of rows were sent to it. */
    public final AtomicLong uploaded = new AtomicLong();

    final List<String> problems = new ArrayList<>();
    private final List<Job> waiting = new ArrayList<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final Map<String, Result> results = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Armed> faults = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;
    private final StubDatabase database = new StubDatabase(TestStores.freshDataSource(), DATASET);

    private record Upload(Job job, ByteArrayOutputStream bytes) {}

    record Result(List<String> types, ArrayNode rows, ObjectNode schema) {}

    public BigQueryStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String host() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void arm(String request, Fault fault) {
        faults.add(new Armed(Pattern.compile(request), fault));
    }

    boolean allFired() {
        return faults.isEmpty();
    }

    public List<String> rows(String sql) throws SQLException {
        return database.texts(sql);
    }

    /** How many jobs of the kind {@code load} or {@code query} were accepted. */
    public long jobs(String kind) {
        return jobs.values().stream()
                .filter(j -> (j.getConfiguration().getLoad() != null) == kind.equals("load"))
                .count();
    }

    /** How many jobs that change a table were accepted. */
    long merges() {
        return jobs.values().stream()
                .map(j -> j.getConfiguration().getQuery())
                .filter(q -> q != null && q.getQuery().startsWith("MERGE"))
                .count();
    }

    List<String> staging() {
        return tables.keySet().stream().filter(t -> t.contains("staging")).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** An answer that is an error, in Google's form. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;
        private final String reason;

        Refused(int code, String reason, String message) {
            super(message);
            this.code = code;
            this.reason = reason;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if ("PATCH".equals(exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override"))) {
            request = request.replaceFirst("^POST", "PATCH");
        }
        Fault fault = fault(request);
        byte[] body = body(exchange);
        int code = 200;
        String answer;
        try {
            if (fault == Fault.UNAVAILABLE) throw new Refused(503, "backendError", "try again later");
            if (fault == Fault.RATE_LIMITED) throw new Refused(403, "rateLimitExceeded", "too many requests");
            checkParameters(exchange);
            answer = answer(exchange, request, body, fault);
            if (answer == null) code = request.startsWith("DELETE") ? 204 : 308;
        } catch (Refused e) {
            code = e.code;
            ObjectNode error = JSON.createObjectNode().put("code", e.code).put("message", e.getMessage());
            error.putArray("errors")
                    .addObject()
                    .put("reason", e.reason)
                    .put("message", e.getMessage())
                    .put("domain", "global");
            answer = JSON.createObjectNode().set("error", error).toString();
        } catch (SQLException | RuntimeException e) {
            synchronized (problems) {
                problems.add(request + ": " + e);
            }
            code = 500;
            answer = "{}";
        }
        if (fault == Fault.REPLY_LOST) {
            exchange.close();
            return;
        }
        byte[] bytes = answer == null ? new byte[0] : answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Fault fault(String request) {
        for (Armed armed : faults) {
            if (armed.request().matcher(request).matches() && faults.remove(armed)) return armed.fault();
        }
        return null;
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        boolean cutInside = length != null && body.length < Integer.parseInt(length);
        boolean cutBefore = length == null
                && !exchange.getRequestHeaders().containsKey("Transfer-Encoding")
                && !exchange.getRequestMethod().matches("GET|DELETE");
        if (cutInside || cutBefore) throw new IOException("the request was cut");
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        return zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
    }

    private String answer(HttpExchange exchange, String request, byte[] body, Fault fault)
            throws IOException, Refused, SQLException {
        String path = exchange.getRequestURI().getPath();
        String method = request.substring(0, request.indexOf(' '));
        if (path.startsWith("/upload/")) return upload(exchange, method, body, fault);
        if (path.equals(BASE + "/datasets/" + DATASET) && method.equals("GET")) {
            return "{\"kind\":\"bigquery#dataset\",\"location\":\"EU\",\"datasetReference\":{\"projectId\":\"" + PROJECT
                    + "\",\"datasetId\":\"" + DATASET + "\"}}";
        }
        if (path.equals(BASE + "/datasets") && method.equals("GET")) return "{\"kind\":\"bigquery#datasetList\"}";
        Matcher table = TABLE.matcher(path);
        if (table.matches() && !table.group(1).equals(DATASET) && !results.containsKey(table.group(2))) {
            throw new Refused(404, "notFound", "Not found: Dataset " + PROJECT + ":" + table.group(1));
        }
        if (table.matches()) return table(exchange, method, table, body);
        if (path.equals(BASE + "/jobs") && method.equals("POST")) {
            return accept(read(body, Job.class), new byte[0], fault);
        }
        if (path.equals(BASE + "/jobs") && method.equals("GET")) return list(exchange);
        if (path.endsWith("/cancel") && method.equals("POST"))
            return cancel(path.replaceFirst(".*/jobs/(.*)/cancel", "$1"));
        if (path.startsWith(BASE + "/jobs/")) return get(path.substring((BASE + "/jobs/").length()));
        if (path.startsWith(BASE + "/queries/")) return queryResults(path.substring((BASE + "/queries/").length()));
        throw new Refused(404, "notFound", "Not found: " + path);
    }

    private String table(HttpExchange exchange, String method, Matcher path, byte[] body)
            throws IOException, Refused, SQLException {
        String id = path.group(2);
        if (path.group(3) != null) return page(exchange, results.get(id));
        if (method.equals("POST")) {
            Table table = read(body, Table.class);
            String created = table.getTableReference().getTableId();
            if (tables.containsKey(created)) {
                throw new Refused(409, "duplicate", "Already Exists: Table " + PROJECT + ":" + DATASET + "." + created);
            }
            for (TableFieldSchema field : table.getSchema().getFields()) {
                boolean inherits = "STRING".equals(field.getType()) && field.getCollation() == null;
                if (inherits && !defaultCollation.isEmpty()) field.setCollation(defaultCollation);
            }
            database.create(created, table.getSchema());
            tables.put(created, table.setType("TABLE").setEtag("1"));
            return text(table);
        }
        Table table = tables.get(id);
        if (table == null) throw new Refused(404, "notFound", "Not found: Table " + PROJECT + ":" + DATASET + "." + id);
        switch (method) {
            case "GET" -> {
                return text(table.clone().setNumRows(database.rows(id)));
            }
            case "PATCH" -> {
                Table patch = read(body, Table.class);
                if (patch.getSchema() != null) {
                    database.addColumns(id, table.getSchema(), patch.getSchema());
                    table.setSchema(patch.getSchema());
                }
                if (patch.getLabels() != null) table.setLabels(merged(table.getLabels(), patch.getLabels()));
                return text(table);
            }
            case "DELETE" -> {
                dropTable(id);
                return null;
            }
            default -> throw new Refused(405, "invalid", method);
        }
    }

    /** As BigQuery merges labels: null removes one; names and values as its documentation allows. */
    private static Map<String, String> merged(Map<String, String> labels, Map<String, String> patch) throws Refused {
        Map<String, String> merged = new HashMap<>(labels == null ? Map.of() : labels);
        for (Map.Entry<String, String> label : patch.entrySet()) {
            boolean removed = Data.isNull(label.getValue());
            if (!label.getKey().matches("[a-z][a-z0-9_-]{0,62}")
                    || !(removed || label.getValue().matches("[a-z0-9_-]{0,63}"))) {
                throw new Refused(400, "invalid", "Invalid label " + label);
            }
            if (removed) merged.remove(label.getKey());
            else merged.put(label.getKey(), label.getValue());
        }
        if (merged.size() > 64) throw new Refused(400, "invalid", "more than 64 labels");
        return merged;
    }

    /** As {@code drop table}. */
    void dropTable(String id) throws SQLException {
        database.drop(id);
        tables.remove(id);
    }

    /** A statement that somebody runs in BigQuery. */
    void run(String sql) throws SQLException {
        database.update(sql);
    }

    private String upload(HttpExchange exchange, String method, byte[] body, Fault fault)
            throws IOException, Refused, SQLException {
        if (method.equals("POST")) {
            String session = UUID.randomUUID().toString();
            uploads.put(session, new Upload(read(body, Job.class), new ByteArrayOutputStream()));
            exchange.getResponseHeaders()
                    // as the client calls us: there may be a proxy between
                    .add(
                            "Location",
                            "http://" + exchange.getRequestHeaders().getFirst("Host") + "/upload" + BASE
                                    + "/jobs?uploadType=resumable&upload_id=" + session);
            return "{}";
        }
        String session = String.valueOf(exchange.getRequestURI().getQuery()).replaceFirst(".*upload_id=", "");
        Upload upload = uploads.get(session);
        if (upload == null) throw new Refused(404, "notFound", "Not found: upload");
        Matcher range = Pattern.compile("bytes (\\d+)-(\\d+)/(\\*|\\d+)")
                .matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
        if (!range.matches() || Long.parseLong(range.group(1)) != upload.bytes().size()) {
            throw new Refused(
                    400, "invalid", "range " + exchange.getRequestHeaders().getFirst("Content-Range"));
        }
        upload.bytes().write(body);
        if (range.group(3).equals("*")) {
            if (body.length % (256 * 1024) != 0) throw new Refused(400, "invalid", "chunk of " + body.length);
            return null;
        }
        return accept(upload.job(), upload.bytes().toByteArray(), fault);
    }

    /** Does the job's work and answers that it is running. */
    private synchronized String accept(Job job, byte[] data, Fault fault) throws IOException, Refused, SQLException {
        String id = job.getJobReference().getJobId();
        if (jobs.containsKey(id)) {
            throw new Refused(409, "duplicate", "Already Exists: Job " + PROJECT + ":EU." + id);
        }
        job.setStatus(new com.google.api.services.bigquery.model.JobStatus().setState("RUNNING"));
        job.setStatistics(new com.google.api.services.bigquery.model.JobStatistics()
                .setCreationTime(Instant.now().toEpochMilli()));
        job.getJobReference().setProjectId(PROJECT).setLocation("EU");
        var load = job.getConfiguration().getLoad();
        var query = job.getConfiguration().getQuery();
        com.google.api.services.bigquery.model.ErrorProto error = null;
        if (fault == Fault.JOB_WAITS) {
            job.getStatus().setState("PENDING");
            waiting.add(job);
        } else if (fault == Fault.JOB_FAILS) {
            error = new com.google.api.services.bigquery.model.ErrorProto()
                    .setReason("backendError")
                    .setMessage("it broke");
        } else if (load != null) {
            uploaded.addAndGet(data.length);
            error = load.getSourceUris() == null ? load(load, data) : loadFromBucket(load);
        } else if (isSelect(query.getQuery())) {
            String anonymous = "anon" + id.replace("-", "");
            error = missingTable(query);
            if (error == null) results.put(anonymous, database.select(query));
            job.getStatistics()
                    .setQuery(new com.google.api.services.bigquery.model.JobStatistics2().setStatementType("SELECT"));
            query.setDestinationTable(new com.google.api.services.bigquery.model.TableReference()
                    .setProjectId(PROJECT)
                    .setDatasetId("anonymous")
                    .setTableId(anonymous));
        } else {
            database.update(query.getQuery());
        }
        if (error != null) job.getStatus().setErrorResult(error).setErrors(List.of(error));
        jobs.put(id, job);
        return text(job);
    }

    /** Comments may stand before the statement. */
    private static boolean isSelect(String sql) {
        return sql.replaceFirst("(?s)^(?:\\s*--[^\\n]*\\n)+", "").stripLeading().startsWith("SELECT");
    }

    /** As BigQuery says of a query whose table is not there, or is in no dataset. */
    private com.google.api.services.bigquery.model.ErrorProto missingTable(
            com.google.api.services.bigquery.model.JobConfigurationQuery query) {
        Matcher whole = Pattern.compile("\\bFROM `[^`]*`\\.`(\\w+)`\\.`?(\\w+)").matcher(query.getQuery());
        Matcher from = Pattern.compile("\\bFROM (\\w+)\\b").matcher(query.getQuery());
        boolean qualified = whole.find();
        if (!qualified && !from.find()) return null;
        String table = qualified ? whole.group(2) : from.group(1);
        var dataset = qualified
                ? new com.google.api.services.bigquery.model.DatasetReference().setDatasetId(whole.group(1))
                : query.getDefaultDataset();
        if (dataset == null) {
            return new com.google.api.services.bigquery.model.ErrorProto()
                    .setReason("invalid")
                    .setMessage("Table \"" + table + "\" must be qualified with a dataset (e.g. dataset.table).");
        }
        if (DATASET.equals(dataset.getDatasetId()) && tables.containsKey(table)) return null;
        return new com.google.api.services.bigquery.model.ErrorProto()
                .setReason("notFound")
                .setMessage("Not found: Table " + PROJECT + ":" + dataset.getDatasetId() + "." + table
                        + " was not found in location EU");
    }

    private com.google.api.services.bigquery.model.ErrorProto load(
            com.google.api.services.bigquery.model.JobConfigurationLoad load, byte[] data)
            throws IOException, SQLException {
        String id = load.getDestinationTable().getTableId();
        Table table = tables.get(id);
        Set<String> names = new HashSet<>();
        table.getSchema().getFields().forEach(f -> names.add(f.getName()));
        List<ObjectNode> rows = new ArrayList<>();
        for (String line : new String(data, StandardCharsets.UTF_8).split("\n")) {
            ObjectNode row = (ObjectNode) JSON.readTree(line);
            List<String> unknown = new ArrayList<>();
            row.fieldNames().forEachRemaining(n -> {
                if (!names.contains(n)) unknown.add(n);
            });
            if (!unknown.isEmpty() || line.contains("refused by BigQuery")) {
                return new com.google.api.services.bigquery.model.ErrorProto()
                        .setReason("invalid")
                        .setMessage("Error while reading data, row " + rows.size() + " " + unknown);
            }
            rows.add(row);
        }
        assertThatLoad(load);
        database.load(id, table.getSchema(), rows);
        return null;
    }

    /** CSV as PostgreSQL reads it: a text in quotes is empty, nothing is null. */
    private com.google.api.services.bigquery.model.ErrorProto loadFromBucket(
            com.google.api.services.bigquery.model.JobConfigurationLoad load) throws IOException {
        boolean asWanted = "WRITE_EMPTY".equals(load.getWriteDisposition())
                && "CREATE_NEVER".equals(load.getCreateDisposition())
                && load.getMaxBadRecords() == 0;
        if (!asWanted) throw new IllegalStateException("load " + load);
        String id = load.getDestinationTable().getTableId();
        for (String uri : load.getSourceUris()) {
            if (!objects.containsKey(uri)) {
                return new com.google.api.services.bigquery.model.ErrorProto()
                        .setReason("notFound")
                        .setMessage("Not found: URI " + uri);
            }
        }
        try {
            for (String uri : load.getSourceUris()) {
                switch (load.getSourceFormat()) {
                    case "CSV" -> {
                        boolean csv = load.getSkipLeadingRows() == 1
                                && load.getAllowQuotedNewlines()
                                && load.getPreserveAsciiControlCharacters()
                                && "UTF-8".equals(load.getEncoding())
                                && !load.getIgnoreUnknownValues();
                        if (!csv) throw new IllegalStateException("load " + load);
                        database.copy(id, objects.get(uri), load.getFieldDelimiter());
                    }
                    case "NEWLINE_DELIMITED_JSON" -> {
                        if (!load.getIgnoreUnknownValues()) throw new IllegalStateException("load " + load);
                        List<ObjectNode> rows = new ArrayList<>();
                        for (String line : objects.get(uri).split("\n")) rows.add((ObjectNode) JSON.readTree(line));
                        database.add(id, tables.get(id).getSchema(), rows);
                    }
                    default -> throw new IllegalStateException("load " + load);
                }
            }
        } catch (SQLException e) {
            return new com.google.api.services.bigquery.model.ErrorProto()
                    .setReason("invalid")
                    .setMessage("Error while reading data: " + e.getMessage());
        }
        return null;
    }

    private static void assertThatLoad(com.google.api.services.bigquery.model.JobConfigurationLoad load) {
        if (!"NEWLINE_DELIMITED_JSON".equals(load.getSourceFormat())
                || !"WRITE_TRUNCATE".equals(load.getWriteDisposition())
                || !"CREATE_NEVER".equals(load.getCreateDisposition())) {
            throw new IllegalStateException("load " + load);
        }
    }

    private synchronized String get(String id) throws Refused, IOException {
        Job job = jobs.get(id);
        if (job == null) throw new Refused(404, "notFound", "Not found: Job " + PROJECT + ":" + id);
        String answer = text(job);
        if (!waiting.contains(job)) job.getStatus().setState("DONE");
        return answer;
    }

    private synchronized String list(HttpExchange exchange) {
        String states = String.valueOf(exchange.getRequestURI().getQuery()).toUpperCase(Locale.ROOT);
        ObjectNode answer = JSON.createObjectNode().put("kind", "bigquery#jobList");
        ArrayNode all = answer.putArray("jobs");
        for (Job job : jobs.values()) {
            String state = job.getStatus().getState();
            if (!states.contains("STATEFILTER=" + state)) continue;
            ObjectNode one = all.addObject().put("kind", "bigquery#job").put("state", state);
            one.putObject("jobReference")
                    .put("projectId", PROJECT)
                    .put("jobId", job.getJobReference().getJobId())
                    .put("location", "EU");
            one.putObject("status").put("state", state);
            one.putObject("configuration").putObject("query").put("query", "SELECT 1");
        }
        return answer.toString();
    }

    private synchronized String cancel(String id) throws IOException {
        Job job = jobs.get(id);
        if (waiting.remove(job)) {
            var error = new com.google.api.services.bigquery.model.ErrorProto()
                    .setReason("stopped")
                    .setMessage("Job execution was cancelled: User requested cancellation");
            job.getStatus().setErrorResult(error).setErrors(List.of(error));
        }
        return "{\"kind\":\"bigquery#jobCancelResponse\",\"job\":" + text(job) + "}";
    }

    /** Does what waits. */
    synchronized void release() throws SQLException {
        for (Job job : waiting)
            database.update(job.getConfiguration().getQuery().getQuery());
        waiting.clear();
    }

    private String queryResults(String id) throws Refused {
        Job job = jobs.get(id);
        if (waiting.contains(job)) {
            ObjectNode later = JSON.createObjectNode().put("kind", "bigquery#getQueryResultsResponse");
            later.putObject("jobReference")
                    .put("projectId", PROJECT)
                    .put("jobId", id)
                    .put("location", "EU");
            return later.put("jobComplete", false).toString();
        }
        job.getStatus().setState("DONE");
        var error = job.getStatus().getErrorResult();
        if (error != null) {
            int code = error.getReason().equals("notFound")
                    ? 404
                    : error.getReason().equals("backendError") ? 500 : 400;
            throw new Refused(code, error.getReason(), error.getMessage());
        }
        var destination = job.getConfiguration().getQuery().getDestinationTable();
        ObjectNode answer = JSON.createObjectNode().put("kind", "bigquery#getQueryResultsResponse");
        answer.putObject("jobReference")
                .put("projectId", PROJECT)
                .put("jobId", id)
                .put("location", "EU");
        answer.put("jobComplete", true);
        Result result = results.get(destination.getTableId());
        answer.put("totalRows", Integer.toString(result.rows().size()));
        answer.set("schema", result.schema());
        return answer.toString();
    }

    /** At most 1,000 rows, so that there are pages. */
    private static String page(HttpExchange exchange, Result result) {
        Matcher token = Pattern.compile("(?:^|&)pageToken=(\\d+)")
                .matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
        int to = Math.min(result.rows().size(), from + 1_000);
        ObjectNode page = JSON.createObjectNode().put("kind", "bigquery#tableDataList");
        page.put("totalRows", Integer.toString(result.rows().size()));
        if (to < result.rows().size()) page.put("pageToken", Integer.toString(to));
        ArrayNode rows = page.putArray("rows");
        for (int i = from; i < to; i++) rows.add(result.rows().get(i));
        return page.toString();
    }

    private static void checkParameters(HttpExchange exchange) throws Refused {
        String query = exchange.getRequestURI().getQuery();
        if (query == null) return;
        Set<String> unknown = Arrays.stream(query.split("&"))
                .map(p -> p.replaceFirst("=.*", ""))
                .filter(p -> !PARAMETERS.contains(p))
                .collect(Collectors.toSet());
        if (!unknown.isEmpty()) throw new Refused(400, "invalidParameter", "Unknown parameters " + unknown);
    }

    private <T extends GenericJson> T read(byte[] body, Class<T> type) throws IOException, Refused {
        T read = GsonFactory.getDefaultInstance().fromString(new String(body, StandardCharsets.UTF_8), type);
        Set<String> unknown = unknown(read);
        if (!unknown.isEmpty()) {
            synchronized (problems) {
                problems.add(type.getSimpleName() + " has no " + unknown);
            }
            throw new Refused(400, "invalid", "Invalid JSON payload received. Unknown names " + unknown);
        }
        return read;
    }

    private static Set<String> unknown(Object value) {
        Set<String> unknown = new HashSet<>();
        if (value instanceof GenericJson json) {
            unknown.addAll(json.getUnknownKeys().keySet());
            json.values().forEach(v -> unknown.addAll(unknown(v)));
        } else if (value instanceof Collection<?> many) {
            many.forEach(v -> unknown.addAll(unknown(v)));
        }
        return unknown;
    }

    private static String text(GenericJson json) throws IOException {
        return GsonFactory.getDefaultInstance().toString(json);
    }
}
