package io.caravan.warehouse;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcPrepareStatementStrategy;

/** Has camel-jdbc send a statement as it is, with the values of a header in their order; nothing in either is evaluated. */
final class LiteralStatements implements JdbcPrepareStatementStrategy {

    /** A list with a value, or null, for each {@code ?} of the statement. */
    static final String PARAMETERS = "caravanParameters";

    private static final String BEAN = "caravanLiteralStatements";

    private LiteralStatements() {}

    /** How an endpoint names it. */
    static String reference(CamelContext context) {
        context.getRegistry().bind(BEAN, JdbcPrepareStatementStrategy.class, new LiteralStatements());
        return "#bean:" + BEAN;
    }

    @Override
    public String prepareQuery(String query, boolean allowNamedParameters) {
        return query;
    }

    @Override
    public Iterator<?> createPopulateIterator(
            String query, String preparedQuery, int expectedParams, Exchange exchange, Object value) {
        return exchange.getIn().getHeader(PARAMETERS) instanceof List<?> values
                ? values.iterator()
                : List.of().iterator();
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> values, int expectedParams)
            throws SQLException {
        for (int i = 1; values.hasNext(); i++) statement.setObject(i, values.next());
    }
}
