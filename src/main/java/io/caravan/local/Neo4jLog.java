package io.caravan.local;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What Neo4j's driver logs, by java.util.logging: nothing, as it throws it too, unless the user set a level. */
public final class Neo4jLog {

    /** Held, as the JDK forgets the level of a logger that nobody holds. */
    private static final Logger NEO4J = Logger.getLogger("org.neo4j");

    private Neo4jLog() {}

    /** To be called before the first driver is made. */
    public static void silence() {
        if (NEO4J.getLevel() == null) NEO4J.setLevel(Level.OFF);
    }
}
