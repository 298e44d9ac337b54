package io.caravan.warehouse;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.DataSources;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Message;
import org.apache.camel.component.jdbc.JdbcConstants;

/**
 * Asks a PostgreSQL warehouse questions that cannot change it: an endpoint of camel-jdbc runs every statement in a
 * read-only transaction. Connects at the first question; thread-safe. The Camel context must be known before.
 */
public final class WarehouseReader implements CamelContextAware, AutoCloseable {

    private final String name;
    private final Connections connections;
    private final int timeoutMillis;
    private CamelContext context;
    private EndpointCall endpoint;

    /**
     * @param name what error messages call it
     * @param uri {@code laptop}, or {@code jdbc:postgresql://host:port/database}
     * @param timeoutMillis how long to wait for a connection, and then for the answer
     */
    public WarehouseReader(String name, String uri, String user, String password, int timeoutMillis) {
        SettingChecks settings = new SettingChecks("warehouse-reader")
                .notBlank("name", name)
                .between("timeoutMillis", timeoutMillis, 250, 600_000);
        this.connections = new Connections(settings, name, uri, user, password, timeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
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
        SettingChecks settings = new SettingChecks(name);
        settings.must(
                parameters.keySet().equals(new TreeSet<>(named.parameters())),
                "parameters",
                "be " + new TreeSet<>(named.parameters()),
                new TreeSet<>(parameters.keySet()));
        settings.check();
        List<Object> values = named.parameters().stream()
                .map(name -> (Object) parameters.get(name))
                .collect(Collectors.toCollection(ArrayList::new));
        try {
            return rows(endpoint().call(named.sql(), Map.of(LiteralStatements.PARAMETERS, values)));
        } catch (EndpointException e) {
            throw e.cause(SQLException.class)
                    .map(this::meaning)
                    .orElseGet(() -> connections.server().server().away("query", e));
        }
    }

    @SuppressWarnings("unchecked") // as camel-jdbc gives rows
    private List<Map<String, Object>> rows(Message answer) {
        if (answer.getHeader(JdbcConstants.JDBC_UPDATE_COUNT) != null) {
            throw new ConfigurationException(
                    SettingChecks.sentence(name, "sql", "give rows", "a statement that gives none"));
        }
        // no list: another endpoint stands in its place
        if (!(answer.getBody() instanceof List<?> rows)) return List.of();
        return (List<Map<String, Object>>) rows;
    }

    @Override
    public synchronized void setCamelContext(CamelContext newContext) {
        context = newContext;
        endpoint = null;
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }

    /** Its connections stay, as others may share them; the context closes them. */
    @Override
    public synchronized void close() {
        endpoint = null;
    }

    private CaravanException meaning(SQLException e) {
        // the pool wraps what the driver said
        SQLException cause = SqlServer.deepest(e);
        CaravanException meaning = connections.meaning("query", cause);
        boolean writes = "25006".equals(cause.getSQLState());
        return writes ? new ConfigurationException(meaning.getMessage()) : meaning;
    }

    private void ask(Client<DataSource> database) {
        try (Connection connection = database.use().getConnection()) {
            if (!connection.isValid(Math.max(1, timeoutMillis / 1_000)))
                throw new SQLException("it does not answer", "08006");
        } catch (SQLException e) {
            throw meaning(e);
        }
    }

    private synchronized EndpointCall endpoint() {
        if (endpoint == null) {
            Client<DataSource> database =
                    Clients.of(context).get(DataSources.KIND, List.of(name, connections.key()), connections::pool);
            Clients.of(context).watch(database, "", () -> ask(database));
            endpoint = EndpointCall.of(
                    context,
                    "jdbc",
                    Map.of(
                            "dataSourceName",
                            database.name(),
                            "outputType",
                            "SelectList",
                            "resetAutoCommit",
                            false,
                            "allowNamedParameters",
                            false,
                            "useHeadersAsParameters",
                            true,
                            "prepareStatementStrategy",
                            LiteralStatements.reference(context),
                            "connectionStrategy",
                            ReadOnlyConnections.reference(context)));
        }
        return endpoint;
    }
}
