package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Session;
import org.neo4j.driver.TransactionContext;
import org.neo4j.driver.exceptions.ClientException;

/** Two runs that write to one graph at once leave what one would have left that came after the other. */
class TwoWritersTest {

    private static final int INTERLEAVINGS = Integer.getInteger("caravan.interleavings", 40);
    private static final Fields FIELDS = Fields.of("record_id", "user_id", "message", "campaign", "timestamp");
    private static final Instant NOON = Instant.parse("2025-11-03T12:00:00Z");
    private static final GraphMapping MAPPING = GraphMappingReader.read("classpath:routes/personalization/graph.yaml");

    private static Neo4jSink sink;

    private final GraphStore store = new GraphStore(MAPPING, new GraphStatements(MAPPING));
    private final AtomicInteger waits = new AtomicInteger();

    @BeforeAll
    static void open() {
        TestNeo4j.clear();
        Endpoint e = TestNeo4j.endpoint();
        sink = knownTo(new Neo4jSink(
                "graph",
                e.uri(),
                e.user(),
                e.password(),
                "neo4j",
                "classpath:routes/personalization/graph.yaml",
                10_000,
                60_000));
        sink.write(List.of(event("e1", 0, 0, 0)));
    }

    @AfterAll
    static void close() {
        sink.close();
    }

    @Test
    void twoWritersLeaveNothingThatNothingSupportsAndLoseNothing() throws InterruptedException {
        for (int seed = 0; seed < INTERLEAVINGS; seed++) {
            Random random = new Random(seed);
            List<Record> before = batch(random, 4, 0);
            List<Record> one = batch(random, 2, 10);
            List<Record> other = batch(random, 2, 20);
            List<String> oneFirst = inTurn(before, one, other);
            List<String> otherFirst = inTurn(before, other, one);

            inTurn(before);
            atOnce(random, one, other);

            assertThat(GraphDump.of())
                    .as("seed " + seed + ": " + before + " then " + one + " and " + other)
                    .isIn(oneFirst, otherFirst);
        }
        System.out.println("two writers: " + INTERLEAVINGS + " interleavings, " + waits + " steps waited for a lock");
        assertThat(waits.get()).isPositive();
    }

    @SafeVarargs
    private static List<String> inTurn(List<Record>... batches) {
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) DETACH DELETE n").consume();
        }
        for (List<Record> batch : batches) sink.write(batch);
        return GraphDump.of();
    }

    /** Each statement of both is a step; whose is next is drawn. Who waits for a lock of the other's is left to wait. */
    private void atOnce(Random random, List<Record> one, List<Record> other) throws InterruptedException {
        List<Writer> writers = List.of(new Writer(one), new Writer(other));
        writers.forEach(Thread::start);
        while (writers.stream().anyMatch(w -> !w.ended())) {
            Writer next = writers.get(random.nextInt(2));
            if (!next.step()) waits.incrementAndGet();
        }
        for (Writer writer : writers) writer.join();
    }

    private final class Writer extends Thread {

        private final List<RecordGraph> wanted;
        private final List<String> gone;
        /** One phase a step: the writer and who lets it go on. */
        private final Phaser turn = new Phaser(2);

        Writer(List<Record> batch) {
            this.wanted = batch.stream()
                    .filter(r -> !r.deleted())
                    .map(r -> RecordGraph.of("graph", MAPPING, r))
                    .toList();
            this.gone = batch.stream().filter(Record::deleted).map(Record::key).toList();
        }

        boolean ended() {
            return turn.isTerminated();
        }

        /** Lets it do one step, if it is not in the middle of one; whether it did. */
        boolean step() throws InterruptedException {
            if (turn.getArrivedParties() == 0) {
                try {
                    // in the middle of a step: it waits for the other, or will be here at once
                    turn.awaitAdvanceInterruptibly(turn.getPhase(), 1, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    return turn.getArrivedParties() > 0;
                }
            }
            if (turn.getArrivedParties() == 1) turn.arrive();
            return true;
        }

        @Override
        public void run() {
            try (Session session = TestNeo4j.driver().session()) {
                while (true) {
                    try {
                        session.executeWriteWithoutResult(tx -> {
                            store.write(stepped(tx), wanted, gone);
                            turn.arriveAndAwaitAdvance();
                        });
                        return;
                    } catch (ClientException e) {
                        // as a delivery tries again
                        if (!e.code().endsWith("ConstraintValidationFailed")) throw e;
                    }
                }
            } finally {
                turn.forceTermination();
            }
        }

        private TransactionContext stepped(TransactionContext tx) {
            return (TransactionContext) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {TransactionContext.class}, (proxy, method, args) -> {
                        if (method.getName().equals("run")) turn.arriveAndAwaitAdvance();
                        try {
                            return method.invoke(tx, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    private static List<Record> batch(Random random, int most, int version) {
        List<Record> batch = new ArrayList<>();
        List<Integer> ids = IntStream.range(0, 4).boxed().collect(Collectors.toList());
        Collections.shuffle(ids, random);
        for (int id : ids.subList(0, 1 + random.nextInt(most))) {
            String key = "e" + id;
            boolean gone = version > 0 && random.nextInt(2) == 0;
            batch.add(
                    gone
                            ? Record.tombstone(key, Fields.of("record_id"), new Object[] {key}, 1)
                            : event(key, random.nextInt(2), random.nextInt(2), version + id));
        }
        return batch;
    }

    private static Record event(String id, int user, int campaign, int second) {
        Object[] values = {id, "u" + user, "text " + second, "c" + campaign, NOON.plusSeconds(second)};
        return Record.read(id, FIELDS, values, new Origin("a", 1), Hash.NONE);
    }
}
