package io.caravan.local;

import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;

/** One real Neo4j for all tests of this JVM, started by the first that asks and stopped when the JVM ends. */
public final class TestNeo4j {

    private TestNeo4j() {}

    /** Where it answers. */
    public static Endpoint endpoint() {
        return Running.ENDPOINT;
    }

    /** A driver of the whole JVM's: do not close it. */
    public static Driver driver() {
        return Running.DRIVER;
    }

    /** Leaves neither nodes nor constraints. */
    public static void clear() {
        try (Session session = driver().session()) {
            session.run("MATCH (n) DETACH DELETE n").consume();
            for (var row :
                    session.run("SHOW CONSTRAINTS YIELD name RETURN name").list()) {
                session.run("DROP CONSTRAINT `" + row.get("name").asString() + "`")
                        .consume();
            }
        }
    }

    private static final class Running {

        private static final Neo4jProcess PROCESS = new Neo4jProcess(TestStores.FOLDER, System.err::println);
        private static final Endpoint ENDPOINT = PROCESS.start();
        private static final Driver DRIVER =
                GraphDatabase.driver(ENDPOINT.uri(), AuthTokens.basic(ENDPOINT.user(), ENDPOINT.password()));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                DRIVER.close();
                PROCESS.stop();
            }));
        }
    }
}
