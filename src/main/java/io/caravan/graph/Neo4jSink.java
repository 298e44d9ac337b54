package io.caravan.graph;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;

/**
 * Keeps a Neo4j graph in step with its records, as a graph mapping says.
 * <ul>
 *   <li>in: a batch of upserts and deletes; written in one transaction by a number of statements that does not depend on it
 *   <li>out: a refusal for each record that lacks the key of a node it must have, or holds what Neo4j cannot
 *   <li>relationships and nodes that no record supports any more disappear in the same transaction
 *   <li>the own node's label and the derived relationship types belong to this sink: two sinks may share the other nodes,
 *       not these
 *   <li>Camel's endpoint makes the constraints; what has parameters goes through the driver that it uses
 *   <li>errors: as {@link Sink#write}; deadlocks are retried by the driver first
 * </ul>
 */
public final class Neo4jSink implements Sink, CamelContextAware, AutoCloseable {

    /** As Neo4j names what it makes for a constraint without a name. */
    private static final Pattern OF_A_CONSTRAINT = Pattern.compile("constraint_[0-9a-f]{1,16}");

    /** Another writer made the same node, or related to one, between our look and our write: the second look sees that. */
    private static final String OVERTAKEN = "Neo.ClientError.Schema.ConstraintValidationFailed";

    private final String name;
    private final GraphMapping mapping;
    private final GraphStatements cypher;
    private final GraphStore store;
    private final GraphStrays strays;
    private final GraphMarkers markers;
    private final Neo4jConnection neo4j;
    private GraphNumbers numbers;
    private boolean constrained;

    /**
     * @param mapping a file or {@code classpath:} resource, see {@link GraphMappingReader}
     * @param connectTimeoutMillis how long connecting may take
     * @param timeoutMillis how long a batch may take, with waiting for the locks of others
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public Neo4jSink(
            String name,
            String uri,
            Object user,
            Object password,
            String database,
            String mapping,
            int connectTimeoutMillis,
            int timeoutMillis) {
        new SettingChecks("neo4j-sink")
                .notBlank("sink", name)
                .notBlank("mapping", mapping)
                .check();
        this.name = name;
        this.mapping = GraphMappingReader.read(mapping);
        this.cypher = new GraphStatements(this.mapping);
        this.store = new GraphStore(this.mapping, cypher);
        this.strays = new GraphStrays(this.mapping);
        this.markers = new GraphMarkers(this.mapping);
        this.numbers = new GraphNumbers(name, this.mapping);
        this.neo4j = new Neo4jConnection(
                name, uri, user.toString(), password.toString(), database, connectTimeoutMillis, timeoutMillis);
    }

    @Override
    public String name() {
        return name;
    }

    /** One batch at a time: two of this sink would only wait for each other's locks. */
    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        Map<Record, RecordGraph> wanted = wanted(batch, refusals);
        List<String> gone = gone(batch);
        if (!wanted.isEmpty() || !gone.isEmpty()) {
            constrain();
            neo4j.with(AccessMode.WRITE, session -> {
                numbers.prepare(session, wanted.values(), neo4j.limited());
                write(session, fitting(wanted, refusals), gone);
                return null;
            });
        }
        return refusals;
    }

    private List<RecordGraph> fitting(Map<Record, RecordGraph> wanted, List<Refusal> refusals) {
        List<RecordGraph> fitting = new ArrayList<>(wanted.size());
        wanted.forEach((record, graph) -> {
            try {
                numbers.fit(graph);
                fitting.add(graph);
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        });
        return fitting;
    }

    private void write(Session session, List<RecordGraph> wanted, List<String> gone) {
        try {
            session.executeWriteWithoutResult(tx -> store.write(tx, wanted, gone), neo4j.limited());
        } catch (ClientException e) {
            if (!OVERTAKEN.equals(e.code())) throw e;
            session.executeWriteWithoutResult(tx -> store.write(tx, wanted, gone), neo4j.limited());
        }
    }

    @Override
    public Stream<String> strays() {
        return strays.all(neo4j);
    }

    @Override
    public void removeStrays() {
        strays.remove(neo4j);
    }

    @Override
    public Stream<String> keys() {
        return neo4j.rows(cypher.keys).map(row -> row.get("key").asString());
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        List<RecordGraph> wanted = List.copyOf(wanted(batch, refusals).values());
        List<String> gone = gone(batch);
        Set<String> differing = neo4j.with(
                AccessMode.READ,
                session -> session.executeRead(tx -> store.differing(tx, wanted, gone), neo4j.limited()));
        refusals.forEach(refusal -> differing.add(refusal.record().key()));
        return differing;
    }

    @Override
    public boolean marks() {
        return true;
    }

    /** Asks the leader of a cluster: a follower may not know the marker yet. */
    @Override
    public Optional<String> marker(String owner) {
        return neo4j.with(
                AccessMode.WRITE, session -> session.executeWrite(tx -> markers.of(tx, owner), neo4j.limited()));
    }

    @Override
    public void mark(String owner, String marker) {
        neo4j.with(AccessMode.WRITE, session -> {
            session.executeWriteWithoutResult(tx -> markers.mark(tx, owner, marker), neo4j.limited());
            return null;
        });
    }

    @Override
    public void unmark(String owner) {
        neo4j.with(AccessMode.WRITE, session -> {
            session.executeWriteWithoutResult(tx -> markers.unmark(tx, owner), neo4j.limited());
            return null;
        });
    }

    @Override
    public Optional<String> waitsFor() {
        return neo4j.lockHolders().map(holders -> name + ": waits for " + holders);
    }

    @Override
    public Optional<String> check() {
        try {
            neo4j.with(AccessMode.WRITE, session -> session.run("RETURN 1").consume());
            return Optional.empty();
        } catch (ConfigurationException | UnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Of the whole database, whose numbers it keeps. */
    @Override
    public Map<String, Long> facts() {
        return neo4j.with(AccessMode.READ, session -> {
            Map<String, Long> facts = new LinkedHashMap<>();
            facts.put(
                    "nodes",
                    session.run("MATCH (n) RETURN count(n)").single().get(0).asLong());
            facts.put(
                    "relationships",
                    session.run("MATCH ()-[r]->() RETURN count(r)")
                            .single()
                            .get(0)
                            .asLong());
            return facts;
        });
    }

    @Override
    public void setCamelContext(CamelContext context) {
        neo4j.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return neo4j.getCamelContext();
    }

    /** Forgets what it knows of the graph; the driver stays, as others use it. */
    @Override
    public synchronized void close() {
        constrained = false;
        numbers = new GraphNumbers(name, mapping);
    }

    private static List<String> gone(List<Record> batch) {
        return batch.stream().filter(Record::deleted).map(Record::key).toList();
    }

    private Map<Record, RecordGraph> wanted(List<Record> batch, List<Refusal> refusals) {
        Map<Record, RecordGraph> wanted = new LinkedHashMap<>();
        for (Record record : batch) {
            if (record.deleted()) continue;
            try {
                wanted.put(record, RecordGraph.of(name, mapping, record));
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        return wanted;
    }

    private void constrain() {
        if (constrained) return;
        try {
            cypher.constraints.forEach(this::constrain);
        } catch (Neo4jException e) {
            if (!String.valueOf(e.code()).contains(".Schema.")) throw e;
            throw new ConfigurationException(name
                    + ": the keys of the mapping's nodes must be unique in the graph, got '" + Words.other(e) + "'");
        }
        constrained = true;
    }

    private void constrain(String constraint) {
        try {
            neo4j.run(constraint);
        } catch (Neo4jException e) {
            if (!String.valueOf(e.code()).contains("AlreadyExists") || !dropHalfMade()) throw e;
            neo4j.run(constraint);
        }
    }

    /**
     * Drops the indexes of constraints that a server was making when it died: they have the name of the constraint and stand
     * in its way. Whether there were any; indexes of other names are somebody's own.
     */
    private boolean dropHalfMade() {
        // the endpoint can answer with nodes only
        List<String> names = neo4j.with(AccessMode.WRITE, session -> session.run(
                        "SHOW INDEXES YIELD name, owningConstraint WHERE owningConstraint IS NULL RETURN name")
                .list(row -> row.get("name").asString()));
        List<String> halfMade =
                names.stream().filter(n -> OF_A_CONSTRAINT.matcher(n).matches()).toList();
        halfMade.forEach(n -> neo4j.run("DROP INDEX " + Cypher.quoted(n) + " IF EXISTS"));
        return !halfMade.isEmpty();
    }
}
