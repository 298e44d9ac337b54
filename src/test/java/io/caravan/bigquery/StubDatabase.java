package io.caravan.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** The tables of {@link BigQueryStub} in PostgreSQL, whose MERGE is BigQuery's but for the quotes. */
final class StubDatabase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("STRING", "text"),
            Map.entry("INTEGER", "bigint"),
            Map.entry("INT64", "bigint"),
            Map.entry("NUMERIC", "numeric(38,9)"),
            Map.entry("BIGNUMERIC", "numeric(76,38)"),
            Map.entry("FLOAT", "double precision"),
            Map.entry("FLOAT64", "double precision"),
            Map.entry("BOOLEAN", "boolean"),
            Map.entry("BOOL", "boolean"),
            Map.entry("TIMESTAMP", "timestamp with time zone"),
            Map.entry("DATETIME", "timestamp"),
            Map.entry("DATE", "date"),
            Map.entry("JSON", "jsonb"),
            Map.entry("BYTES", "bytea"));

    private final DataSource source;
    private final String dataset;

    StubDatabase(DataSource source, String dataset) {
        this.source = source;
        this.dataset = dataset;
        try {
            execute("create schema " + dataset);
            execute("create domain string as text");
            execute("create collation \"und:ci\" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            execute("create function byte_length(text) returns int language sql as 'select octet_length($1)'");
            for (String zone : List.of("with", "without")) {
                execute(("create function unix_micros(timestamp %s time zone) returns bigint language sql as"
                                + " 'select (extract(epoch from $1) * 1000000)::bigint'")
                        .formatted(zone));
            }
            execute("create function to_json_string(one record) returns text language plpgsql set timezone = 'UTC' as"
                    + " $$begin return replace(row_to_json(one)::text, '+00:00\"', 'Z\"'); end$$");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void create(String table, TableSchema schema) throws SQLException {
        execute("create table %s (%s)"
                .formatted(
                        name(table),
                        schema.getFields().stream().map(StubDatabase::column).collect(Collectors.joining(", "))));
    }

    void addColumns(String table, TableSchema before, TableSchema after) throws SQLException {
        Set<String> known =
                before.getFields().stream().map(TableFieldSchema::getName).collect(Collectors.toSet());
        for (TableFieldSchema field : after.getFields()) {
            if (known.remove(field.getName())) continue;
            if ("REQUIRED".equals(field.getMode())) throw new SQLException("a new column cannot be required");
            execute("alter table %s add column %s".formatted(name(table), column(field)));
        }
        if (!known.isEmpty()) throw new SQLException("columns are never dropped by a patch: " + known);
    }

    BigInteger rows(String table) throws SQLException {
        return new BigInteger(texts("select count(*) from " + name(table)).get(0));
    }

    void drop(String table) throws SQLException {
        execute("drop table " + name(table));
    }

    /** Adds the rows of CSV with a header. */
    void copy(String table, String csv, String delimiter) throws SQLException {
        try (Connection c = source.getConnection()) {
            c.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy %s from stdin (format csv, header, delimiter '%s')".formatted(name(table), delimiter),
                            new StringReader(csv));
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    void load(String table, TableSchema schema, List<ObjectNode> rows) throws SQLException {
        execute("truncate " + name(table));
        add(table, schema, rows);
    }

    void add(String table, TableSchema schema, List<ObjectNode> rows) throws SQLException {
        try (Connection c = source.getConnection()) {
            c.setAutoCommit(false);
            try (PreparedStatement insert =
                    c.prepareStatement("insert into %s select * from json_populate_record(null::%s, ?::json)"
                            .formatted(name(table), name(table)))) {
                for (ObjectNode row : rows) {
                    for (TableFieldSchema field : schema.getFields()) bytes(row, field);
                    insert.setString(1, row.toString());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            c.commit();
        }
    }

    void update(String sql) throws SQLException {
        execute(translated(sql));
    }

    BigQueryStub.Result select(JobConfigurationQuery query) throws SQLException {
        String sql = translated(query.getQuery());
        if (sql.contains("FARM_FINGERPRINT")) return fingerprint(sql);
        Matcher parameter =
                Pattern.compile("(?<list>IN UNNEST\\(@(\\w+)\\))|@(?<one>\\w+)").matcher(sql);
        List<QueryParameter> parameters = new ArrayList<>();
        while (parameter.find()) {
            String wanted = parameter.group("one") == null ? parameter.group(2) : parameter.group("one");
            parameters.add(query.getQueryParameters().stream()
                    .filter(p -> p.getName().equals(wanted))
                    .findFirst()
                    .orElseThrow());
        }
        String prepared = parameter.replaceAll(found -> found.group(1) == null ? "?" : "= any (?)");
        try (Connection c = source.getConnection();
                PreparedStatement select = c.prepareStatement(prepared)) {
            if (query.getDefaultDataset() != null)
                c.setSchema(query.getDefaultDataset().getDatasetId());
            for (int i = 0; i < parameters.size(); i++) set(select, i + 1, parameters.get(i));
            try (ResultSet row = select.executeQuery()) {
                return result(row);
            }
        }
    }

    /** PostgreSQL has no such function: of each row of the inner query as the statement says, in Java. */
    private BigQueryStub.Result fingerprint(String sql) throws SQLException {
        Matcher statement = Pattern.compile(
                        "SELECT COUNT\\(\\*\\) AS counted, BIT_XOR\\(FARM_FINGERPRINT\\('1' \\|\\| held\\)\\) AS one,"
                                + " BIT_XOR\\(FARM_FINGERPRINT\\('2' \\|\\| held\\)\\) AS two FROM \\((SELECT .*)\\)")
                .matcher(sql);
        if (!statement.matches()) throw new SQLException("a fingerprint of " + sql);
        List<String> rows = texts(statement.group(1));
        long[] sums = {0, 0};
        for (String row : rows) {
            for (int i = 0; i < 2; i++) {
                sums[i] ^= Hashing.farmHashFingerprint64()
                        .hashString((i + 1) + row, StandardCharsets.UTF_8)
                        .asLong();
            }
        }
        try (Connection c = source.getConnection();
                ResultSet row = c.createStatement()
                        .executeQuery("select %s::bigint as counted, '%s'::bigint as one, '%s'::bigint as two"
                                .formatted(rows.size(), sums[0], sums[1]))) {
            return result(row);
        }
    }

    List<String> texts(String sql) throws SQLException {
        try (Connection c = source.getConnection();
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    cells.add(row.getString(i) == null ? "-" : row.getString(i));
                }
                rows.add(String.join("|", cells));
            }
            return rows;
        }
    }

    private static void set(PreparedStatement select, int at, QueryParameter parameter) throws SQLException {
        String type = parameter.getParameterType().getType();
        switch (type) {
            case "ARRAY" -> select.setArray(at, array(select.getConnection(), parameter));
            case "STRING" -> select.setString(at, parameter.getParameterValue().getValue());
            default -> throw new SQLException("a parameter of type " + type);
        }
    }

    private static Array array(Connection c, QueryParameter parameter) throws SQLException {
        String type = parameter.getParameterType().getArrayType().getType();
        Object[] values = parameter.getParameterValue().getArrayValues().stream()
                .map(v -> (Object) v.getValue())
                .toArray();
        return c.createArrayOf(TYPES.get(type), values);
    }

    private static BigQueryStub.Result result(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        ObjectNode schema = JSON.createObjectNode();
        ArrayNode fields = schema.putArray("fields");
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String type = columns.getColumnTypeName(i);
            types.add(type);
            ObjectNode field = fields.addObject().put("name", columns.getColumnLabel(i));
            String element = type.replaceFirst("^_", "");
            field.put(
                    "type",
                    switch (element) {
                        case "int8" -> "INTEGER";
                        case "numeric" -> columns.getScale(i) > 9 ? "BIGNUMERIC" : "NUMERIC";
                        case "float8" -> "FLOAT";
                        case "bool" -> "BOOLEAN";
                        case "timestamptz" -> "TIMESTAMP";
                        case "timestamp" -> "DATETIME";
                        case "date" -> "DATE";
                        case "jsonb" -> "JSON";
                        case "bytea" -> "BYTES";
                        default -> "STRING";
                    });
            field.put("mode", type.startsWith("_") ? "REPEATED" : "NULLABLE");
        }
        ArrayNode rows = JSON.createArrayNode();
        while (row.next()) {
            ArrayNode cells = rows.addObject().putArray("f");
            for (int i = 1; i <= types.size(); i++) cells.addObject().set("v", cell(row, i, types.get(i - 1)));
        }
        return new BigQueryStub.Result(types, rows, schema);
    }

    private static JsonNode cell(ResultSet row, int i, String type) throws SQLException {
        if (type.startsWith("_")) {
            ArrayNode values = JSON.createArrayNode();
            if (row.getArray(i) == null) return values;
            for (Object element : (Object[]) row.getArray(i).getArray()) {
                values.addObject().put("v", element(element, type));
            }
            return values;
        }
        if (row.getString(i) == null) return JSON.nullNode();
        return JSON.getNodeFactory()
                .textNode(
                        switch (type) {
                            case "bool" -> Boolean.toString(row.getBoolean(i));
                            case "timestamptz" ->
                                seconds(row.getObject(i, OffsetDateTime.class).toInstant());
                            case "timestamp" -> row.getString(i).replace(' ', 'T');
                            case "bytea" -> Base64.getEncoder().encodeToString(row.getBytes(i));
                            case "numeric" ->
                                row.getBigDecimal(i).stripTrailingZeros().toPlainString();
                            default -> row.getString(i);
                        });
    }

    private static String element(Object element, String type) {
        if (element instanceof Timestamp time) {
            return type.equals("_timestamp") ? time.toLocalDateTime().toString() : seconds(time.toInstant());
        }
        return element instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : element.toString();
    }

    /** As BigQuery writes a TIMESTAMP: seconds in exponential form. */
    private static String seconds(Instant time) {
        BigDecimal seconds = BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
        return String.format(Locale.ROOT, "%.15E", seconds);
    }

    private static void bytes(ObjectNode row, TableFieldSchema field) throws SQLException {
        JsonNode value = row.get(field.getName());
        if ("REQUIRED".equals(field.getMode()) && (value == null || value.isNull())) {
            throw new SQLException("Missing required field: " + field.getName());
        }
        if (!"BYTES".equals(field.getType()) || value == null) return;
        if (value.isTextual()) row.put(field.getName(), hex(value));
        if (value.isArray()) {
            ArrayNode all = row.putArray(field.getName());
            value.forEach(element -> all.add(hex(element)));
        }
    }

    private static String hex(JsonNode base64) {
        return "\\x" + HexFormat.of().formatHex(Base64.getDecoder().decode(base64.textValue()));
    }

    private static String translated(String sql) {
        return sql.replace('`' + BigQueryStub.PROJECT + "`.", "").replace('`', '"');
    }

    private static String column(TableFieldSchema field) {
        String type = TYPES.get(field.getType());
        if (type == null) throw new IllegalStateException("type " + field.getType());
        boolean required = "REQUIRED".equals(field.getMode());
        String collation = field.getCollation();
        boolean collated = collation != null && !collation.isEmpty();
        return '"' + field.getName() + "\" " + type + ("REPEATED".equals(field.getMode()) ? "[]" : "")
                + (collated ? " collate \"" + collation + '"' : "") + (required ? " not null" : "");
    }

    private String name(String table) {
        return '"' + dataset + "\".\"" + table + '"';
    }

    private void execute(String sql) throws SQLException {
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
