package io.caravan.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.local.Endpoint;
import io.caravan.local.MongoProcess;
import io.caravan.local.Neo4jProcess;
import io.caravan.local.PostgresProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;

/** Part (b): first runs into real stores, Caravan and the plain loader in turns. */
final class LoadBench {

    private static final int ROUNDS = 3;
    private static final String MONGO = "bench";

    private enum Store {
        POSTGRESQL,
        MONGODB,
        NEO4J
    }

    /** {@code times} as many records as asked for, so that a fast store is measured for seconds too. */
    private record Part(String name, int times, List<Store> stores) {}

    private static final List<Part> PARTS = List.of(
            new Part("PostgreSQL", 4, List.of(Store.POSTGRESQL)),
            new Part("MongoDB stand-in", 1, List.of(Store.MONGODB)),
            new Part("Neo4j", 1, List.of(Store.NEO4J)),
            new Part("all three", 1, List.of(Store.values())));

    private final Databases databases;
    private final Endpoint mongo;
    private final Endpoint neo4j;

    private LoadBench(Databases databases, Endpoint mongo, Endpoint neo4j) {
        this.databases = databases;
        this.mongo = mongo;
        this.neo4j = neo4j;
    }

    /** Arguments: a folder for stores and files, a number of records, perhaps the parts to measure. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int records = Integer.parseInt(args[1]);
        List<String> chosen = List.of(args).subList(2, args.length);
        PostgresProcess postgres = new PostgresProcess(folder);
        MongoProcess mongo = new MongoProcess(folder);
        Neo4jProcess neo4j = new Neo4jProcess(folder, System.err::println);
        TableText table = new TableText(
                "(b) first runs of records of 8 fields, against a loader written by hand",
                "stores",
                "records",
                "by hand/s",
                "Caravan/s",
                "ratio",
                "target");
        try {
            LoadBench bench = new LoadBench(new Databases(postgres.start()), mongo.start(), neo4j.start());
            for (Part part : PARTS) {
                if (chosen.isEmpty() || chosen.contains(part.name())) {
                    bench.measure(part, Orders.write(folder, part.times() * records), part.times() * records, table);
                }
            }
            System.out.println(table);
        } finally {
            postgres.stop();
            mongo.stop();
            neo4j.stop();
        }
    }

    private void measure(Part part, Path csv, int records, TableText table) throws Exception {
        List<Double> plain = new ArrayList<>();
        List<Double> caravan = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            // who comes first changes with the round; the first round warms up
            double before = round % 2 == 0 ? plain(csv, records, part.stores()) : 0;
            double ours = caravan(csv, records, part.stores());
            double theirs = round % 2 == 0 ? before : plain(csv, records, part.stores());
            System.err.printf("(b) %s, round %d: by hand %.1f s, Caravan %.1f s%n", part.name(), round, theirs, ours);
            if (round == 0) continue;
            plain.add(records / theirs);
            caravan.add(records / ours);
        }
        double theirs = TableText.median(plain);
        double ours = TableText.median(caravan);
        table.add(
                part.name(),
                TableText.whole(records),
                TableText.whole(theirs),
                TableText.whole(ours),
                TableText.two(ours / theirs),
                ">= 0.70");
    }

    private double plain(Path csv, int records, List<Store> stores) throws Exception {
        Endpoint database = fresh();
        long begun = System.nanoTime();
        List<PlainLoader.Store> opened = new ArrayList<>();
        try {
            for (Store store : stores) opened.add(open(store, database));
            PlainLoader.load(csv, opened);
        } finally {
            for (PlainLoader.Store store : opened) store.close();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        verify(stores, database, records);
        databases.drop(database);
        return seconds;
    }

    private double caravan(Path csv, int records, List<Store> stores) throws Exception {
        Endpoint database = fresh();
        List<String> sinks = stores.stream().map(store -> sink(store, database)).toList();
        double seconds;
        try (BenchPipeline pipeline = new BenchPipeline(csv, Orders.TYPES, sinks, database)) {
            long begun = System.nanoTime();
            pipeline.run();
            seconds = (System.nanoTime() - begun) / 1e9;
        }
        verify(stores, database, records);
        databases.drop(database);
        return seconds;
    }

    private PlainLoader.Store open(Store store, Endpoint database) throws Exception {
        return switch (store) {
            case POSTGRESQL -> new PlainWarehouse(database);
            case MONGODB -> new PlainDocuments(mongo.uri(), MONGO);
            case NEO4J -> new PlainGraph(neo4j);
        };
    }

    private String sink(Store store, Endpoint database) {
        return switch (store) {
            case POSTGRESQL ->
                "kamelet:warehouse-sink?sink=warehouse&table=bench/warehouse.yaml&uri=" + database.uri()
                        + credentials(database);
            case MONGODB ->
                "kamelet:mongodb-sink?sink=documents&database=" + MONGO + "&collection=orders&uri=" + mongo.uri();
            case NEO4J ->
                "kamelet:neo4j-sink?sink=graph&mapping=bench/graph.yaml&uri=" + neo4j.uri() + credentials(neo4j);
        };
    }

    private static String credentials(Endpoint endpoint) {
        return "&user=" + endpoint.user() + "&password=RAW(" + endpoint.password() + ")";
    }

    /** Empties MongoDB and Neo4j, and makes a database of PostgreSQL. */
    private Endpoint fresh() throws Exception {
        try (MongoClient client = MongoClients.create(mongo.uri())) {
            client.getDatabase(MONGO).drop();
        }
        try (Driver driver = GraphDatabase.driver(neo4j.uri(), AuthTokens.basic(neo4j.user(), neo4j.password()));
                Session session = driver.session()) {
            session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
                    .consume();
            for (String name : session.run("SHOW CONSTRAINTS YIELD name")
                    .list(r -> r.get("name").asString())) {
                session.run("DROP CONSTRAINT `" + name + "`").consume();
            }
        }
        System.gc();
        return databases.fresh();
    }

    /** A side that lost records would be fast. */
    private void verify(List<Store> stores, Endpoint database, int records) throws Exception {
        for (Store store : stores) {
            long held = count(store, database);
            if (held != records) throw new IllegalStateException(store + " holds " + held + " of " + records);
        }
    }

    private long count(Store store, Endpoint database) throws Exception {
        if (store == Store.POSTGRESQL) return Databases.count(database, "orders");
        if (store == Store.MONGODB) {
            try (MongoClient client = MongoClients.create(mongo.uri())) {
                return client.getDatabase(MONGO).getCollection("orders").countDocuments();
            }
        }
        try (Driver driver = GraphDatabase.driver(neo4j.uri(), AuthTokens.basic(neo4j.user(), neo4j.password()));
                Session session = driver.session()) {
            return session.run("MATCH (:Customer)-[r:PLACED]->(:Order) RETURN count(r) AS n")
                    .single()
                    .get("n")
                    .asLong();
        }
    }
}
