package io.caravan.graph;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Result;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;

/**
 * One question to a graph: a Cypher text from configuration, asked with the caller's parameters.
 * <ul>
 *   <li>in: parameters by the names the Cypher uses ({@code $user_id}); never part of its text
 *   <li>out: rows in the Cypher's order, by column name: texts, numbers, booleans, lists and maps of these, times as
 *       {@link java.time.Instant}
 *   <li>read only: the server refuses a Cypher that writes
 *   <li>errors: {@link io.caravan.error.UnavailableException}, {@link io.caravan.error.ConfigurationException}
 * </ul>
 */
public final class GraphQuery implements CamelContextAware {

    private final String cypher;
    private final Neo4jConnection neo4j;

    /**
     * @param cypher its text, or where it is: {@code classpath:<resource>} or a file {@code *.cypher}
     * @param timeoutMillis how long connecting may take, and then the answer
     */
    public GraphQuery(String uri, String user, String password, String database, String cypher, int timeoutMillis) {
        new SettingChecks("graph query").notBlank("cypher", cypher).check();
        boolean file = cypher.startsWith("classpath:") || cypher.endsWith(".cypher");
        this.cypher = file ? SettingFile.read("graph query", "cypher", cypher) : cypher;
        this.neo4j = new Neo4jConnection("graph query", uri, user, password, database, timeoutMillis, timeoutMillis);
    }

    public List<Map<String, Object>> rows(Map<String, Object> parameters) {
        return rows(cypher, parameters);
    }

    /** Of another Cypher, asked at the same graph. */
    public List<Map<String, Object>> rows(String other, Map<String, Object> parameters) {
        return neo4j.with(AccessMode.READ, session -> {
            try {
                // one trip to the server and back; a transaction of several statements takes three
                return list(session.run(other, parameters, neo4j.limited()));
            } catch (Neo4jException e) {
                boolean again = e instanceof RetryableException
                        && !Thread.currentThread().isInterrupted();
                if (!again) throw e;
                return session.executeRead(tx -> list(tx.run(other, parameters)), neo4j.limited());
            }
        });
    }

    private static List<Map<String, Object>> list(Result rows) {
        return rows.list(row -> row.asMap(GraphQuery::plain));
    }

    @Override
    public void setCamelContext(CamelContext context) {
        neo4j.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return neo4j.getCamelContext();
    }

    private static Object plain(Value value) {
        return value.asObject() instanceof ZonedDateTime time ? time.toInstant() : value.asObject();
    }
}
