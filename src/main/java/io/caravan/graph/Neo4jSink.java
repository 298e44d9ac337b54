package io.caravan.graph;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.ClientException;

/**
 * Keeps a Neo4j graph in step with its records, as a graph mapping says.
 * <ul>
 *   <li>in: a batch of upserts and deletes; written in one transaction by a number of statements that does not depend on it
 *   <li>out: a refusal for each record that lacks the key of a node it must have, or holds what Neo4j cannot
 *   <li>records of several kinds where the mapping tells them apart: a relationship to a node whose own record has not come
 *       leads to a placeholder with the label {@code Pending} and no property but its key
 *   <li>relationships and nodes that no record supports any more disappear in the same transaction
 *   <li>the own node's label and the derived relationship types belong to this sink: two sinks may share the other nodes,
 *       not these
 *   <li>Camel's endpoint makes the constraints; what has parameters goes through the driver that it uses
 *   <li>errors: as {@link Sink#write}; deadlocks are retried by the driver first
 * </ul>
 */
public final class Neo4jSink implements Sink, CamelContextAware, AutoCloseable {

    /** Another writer made the same node, or related to one, between our look and our write: the second look sees that. */
    private static final String OVERTAKEN = "Neo.ClientError.Schema.ConstraintValidationFailed";

    private final String name;
    private final GraphMappings mappings;
    private final Map<String, GraphPart> parts = new LinkedHashMap<>(); // by kind
    private final GraphStrays strays;
    private final GraphMarkers markers;
    private final Neo4jConnection neo4j;
    private final GraphSchema schema;

    /**
     * @param mapping a file or {@code classpath:} resource, see {@link GraphMappingsReader}
     * @param connectTimeoutMillis how long connecting may take
     * @param timeoutMillis how long a batch may take, with waiting for the locks of others
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public Neo4jSink(
            String sink,
            String uri,
            Object user,
            Object password,
            String database,
            String mapping,
            int connectTimeoutMillis,
            int timeoutMillis) {
        new SettingChecks("neo4j-sink")
                .notBlank("sink", sink)
                .notBlank("mapping", mapping)
                .check();
        this.name = sink;
        this.mappings = GraphMappingsReader.read(mapping);
        mappings.kinds().keySet().forEach(kind -> parts.put(kind, new GraphPart(sink, kind, mappings)));
        this.strays = new GraphStrays(mappings.all());
        this.markers = new GraphMarkers(mappings.all());
        this.neo4j = new Neo4jConnection(
                sink, uri, user.toString(), password.toString(), database, connectTimeoutMillis, timeoutMillis);
        this.schema = new GraphSchema(sink, mappings, neo4j);
    }

    @Override
    public String name() {
        return name;
    }

    /** One batch at a time: two of this sink would only wait for each other's locks. */
    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        Map<GraphPart, GraphPart.Batch> all = parted(batch, refusals);
        if (!all.isEmpty()) {
            schema.make();
            OtherKeys others = schema.others();
            all.forEach((part, of) -> schema.make(part.ownLabel(), of.wanted().values()));
            neo4j.with(AccessMode.WRITE, session -> {
                all.forEach((part, of) -> part.prepare(session, of, neo4j.limited()));
                all.replaceAll((part, of) -> part.fitting(of, refusals));
                write(session, all, others);
                return null;
            });
        }
        return refusals;
    }

    private void write(Session session, Map<GraphPart, GraphPart.Batch> all, OtherKeys others) {
        try {
            session.executeWriteWithoutResult(
                    tx -> all.forEach((part, of) -> part.write(tx, of, others)), neo4j.limited());
        } catch (ClientException e) {
            if (!OVERTAKEN.equals(e.code())) throw e;
            session.executeWriteWithoutResult(
                    tx -> all.forEach((part, of) -> part.write(tx, of, others)), neo4j.limited());
        }
    }

    /** By kind, in the mapping's order. */
    private Map<GraphPart, GraphPart.Batch> parted(List<Record> batch, List<Refusal> refusals) {
        Map<GraphPart, GraphPart.Batch> all = new LinkedHashMap<>();
        parts.values().forEach(part -> all.put(part, new GraphPart.Batch()));
        for (Record record : batch) {
            Optional<GraphPart> part = mappings.kindOf(record).map(parts::get);
            if (part.isEmpty()) {
                refusals.add(new Refusal(record, unknown(record)));
                continue;
            }
            try {
                part.get().add(record, all.get(part.get()));
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        all.values().removeIf(of -> of.wanted().isEmpty() && of.gone().isEmpty());
        return all;
    }

    private String unknown(Record record) {
        return SettingChecks.sentence(
                        name,
                        "_kind",
                        "be one of " + parts.keySet(),
                        record.get("_kind").orElse(""))
                + "; add it to the mapping's records, or let the source leave it out";
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
        String all = parts.values().stream().map(GraphPart::keys).collect(Collectors.joining(" UNION ALL "));
        return neo4j.rows(all)
                .map(row -> mappings.recordKey(
                        row.get("kind").asString(), row.get("key").asString()));
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        Map<GraphPart, GraphPart.Batch> all = parted(batch, refusals);
        Set<String> differing = neo4j.with(
                AccessMode.READ,
                session -> session.executeRead(
                        tx -> {
                            Set<String> keys = new HashSet<>();
                            all.forEach((part, of) -> part.differing(tx, of, keys));
                            return keys;
                        },
                        neo4j.limited()));
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
        schema.forget();
        parts.values().forEach(GraphPart::forget);
    }
}
