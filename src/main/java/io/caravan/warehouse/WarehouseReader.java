package io.caravan.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Asks a PostgreSQL warehouse questions that cannot change it: every statement runs in a read-only transaction. Connects
 * at the first question; thread-safe.
 */
public final class WarehouseReader implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String name;
    private final Connections connections;
    private final int maxConnections;
    private final int timeoutMillis;
    private HikariDataSource pool;

    /**
     * @param name what error messages call it
     * @param uri {@code laptop}, or {@code jdbc:postgresql://host:port/database}
     * @param maxConnections 1 to 100: how many questions may be under way at once, others wait
     * @param timeoutMillis how long to wait for a connection, and then for the answer
     */
    public WarehouseReader(
            String name, String uri, String user, String password, int maxConnections, int timeoutMillis) {
        Settings settings = new Settings("warehouse-reader")
                .notBlank("name", name)
                .between("maxConnections", maxConnections, 1, 100)
                .between("timeoutMillis", timeoutMillis, 250, 600_000);
        this.connections = new Connections(settings, name, uri, user, password, timeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.maxConnections = maxConnections;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * The rows of a query, each with its columns in order.
     *
     * <ul>
     *   <li>in: SQL with parameters named {@code :user_id}, a value or null for each and for no other
     *   <li>out: whole numbers as Long, times as Instant, dates as LocalDate, jsonb as List, Map or scalar, null as null
     *   <li>errors: {@link io.caravan.error.UnavailableException}, {@link ConfigurationException} (also
     *       for SQL that is wrong or would write), {@link io.caravan.error.BadRecordException} when a value does not fit
     * </ul>
     */
    public List<Map<String, Object>> rows(String sql, Map<String, ?> parameters) {
        NamedSql named = NamedSql.parse(sql);
        Settings settings = new Settings(name);
        settings.must(
                parameters.keySet().equals(new TreeSet<>(named.parameters())),
                "parameters",
                "be " + new TreeSet<>(named.parameters()),
                new TreeSet<>(parameters.keySet()));
        settings.check();
        try (Connection connection = pool().getConnection();
                PreparedStatement select = connection.prepareStatement(named.sql())) {
            for (int i = 0; i < named.parameters().size(); i++) {
                select.setObject(i + 1, parameters.get(named.parameters().get(i)));
            }
            try (ResultSet row = select.executeQuery()) {
                List<Map<String, Object>> rows = new ArrayList<>();
                while (row.next()) rows.add(columns(row));
                return rows;
            }
        } catch (SQLException e) {
            throw meaning(e);
        }
    }

    /** Ends all connections; the next question opens one again. */
    @Override
    public synchronized void close() {
        if (pool != null) pool.close();
        pool = null;
    }

    private CaravanException meaning(SQLException e) {
        // the pool wraps what the driver said
        SQLException cause = e.getCause() instanceof SQLException inner ? inner : e;
        CaravanException meaning = connections.meaning("query", cause);
        boolean writes = "25006".equals(cause.getSQLState());
        return writes ? new ConfigurationException(meaning.getMessage()) : meaning;
    }

    private synchronized HikariDataSource pool() {
        if (pool == null) {
            HikariConfig config = new HikariConfig();
            config.setPoolName(name);
            config.setDataSource(connections.source());
            config.setConnectionInitSql(connections.limits());
            config.setReadOnly(true);
            config.setAutoCommit(false);
            config.setMaximumPoolSize(maxConnections);
            config.setMinimumIdle(0);
            config.setConnectionTimeout(timeoutMillis);
            config.setInitializationFailTimeout(-1);
            pool = new HikariDataSource(config);
        }
        return pool;
    }

    private Map<String, Object> columns(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            values.put(columns.getColumnLabel(i), value(row, i, columns.getColumnTypeName(i)));
        }
        return Collections.unmodifiableMap(values);
    }

    private Object value(ResultSet row, int i, String type) throws SQLException {
        if (row.getObject(i) == null) return null;
        return switch (type) {
            case "int2", "int4", "int8" -> row.getLong(i);
            case "timestamptz" -> row.getObject(i, OffsetDateTime.class).toInstant();
            case "timestamp" -> row.getObject(i, LocalDateTime.class);
            case "date" -> row.getObject(i, LocalDate.class);
            case "json", "jsonb" -> json(row.getString(i));
            default -> row.getObject(i);
        };
    }

    private static Object json(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL gives valid JSON", e);
        }
    }
}
