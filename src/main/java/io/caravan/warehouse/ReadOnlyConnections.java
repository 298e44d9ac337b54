package io.caravan.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jdbc.ConnectionStrategy;

/**
 * Gives camel-jdbc connections that cannot change anything, and values as the question's answer needs them: whole numbers as Long,
 * times as Instant or LocalDateTime, dates as LocalDate, json as List, Map or scalar. The driver's own dates and times are those
 * of the machine's time zone.
 */
final class ReadOnlyConnections implements ConnectionStrategy {

    private static final String BEAN = "caravanReadOnlyConnections";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private ReadOnlyConnections() {}

    /** How an endpoint names it. */
    static String reference(CamelContext context) {
        context.getRegistry().bind(BEAN, ConnectionStrategy.class, new ReadOnlyConnections());
        return "#bean:" + BEAN;
    }

    @Override
    public Connection getConnection(DataSource source) throws SQLException {
        Connection connection = source.getConnection();
        try {
            // a pool may hand it out in a transaction that it began to see whether it lives
            if (!connection.getAutoCommit()) connection.rollback();
            if (!connection.isReadOnly()) connection.setReadOnly(true);
            if (connection.getAutoCommit()) connection.setAutoCommit(false);
            return typed(Connection.class, connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public boolean isConnectionTransactional(Connection connection, DataSource source) {
        return false;
    }

    private static <T> T typed(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Typed(target)));
    }

    /** Passes all on, but for the values of result sets. */
    private record Typed(Object target) implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            boolean value = target instanceof ResultSet
                    && method.getName().equals("getObject")
                    && arguments.length == 1
                    && arguments[0] instanceof Integer;
            if (value) return value((ResultSet) target, (Integer) arguments[0]);
            try {
                Object result = method.invoke(target, arguments);
                if (result instanceof ResultSet rows) return typed(ResultSet.class, rows);
                if (result instanceof PreparedStatement statement) return typed(PreparedStatement.class, statement);
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private static Object value(ResultSet row, int i) throws SQLException {
        if (row.getObject(i) == null) return null;
        return switch (row.getMetaData().getColumnTypeName(i)) {
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
