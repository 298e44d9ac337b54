package io.caravan.run;

import io.caravan.delivery.Fence;
import io.caravan.dynamodb.DynamoAccess;
import io.caravan.dynamodb.DynamoLock;
import io.caravan.endpoint.TestContext;
import io.caravan.error.CaravanException;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDatabase;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.ProcessId;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.object.StoredObject;
import io.caravan.source.RunLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Publishes by a pointer in a JVM of its own, so that it can be stopped: {@code PublishingChild <ledger uri> <user> <password> <flow>
 * <folder> [<address of DynamoDB> <table>]}. A line {@code before} or {@code after} asks for one publication that waits for another
 * line before or after it asks its fence, when it has said {@code ready <token>}; {@code now} for one that does not wait. Says
 * {@code published} in the end, or why not. The pointer holds the tokens of all publications.
 */
public final class PublishingChild {

    static final String POINTER = "pointer";
    /** Said when the pointer is no longer the one that was read. */
    static final String BEATEN = "refused: another was published meanwhile";

    private static final Duration LEASE = Duration.ofSeconds(1);
    /** A call of DynamoDB may take a third of it. */
    private static final Duration LOCK = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final DataSource ledger;
    private final Flow flow;
    private final ObjectStore store;
    private final Optional<RunLock> lock;

    private PublishingChild(String[] args) {
        ledger = LedgerDatabase.open(args[0], args[1], args[2], 5_000, 60_000);
        flow = new PlainTransactions(ledger).in(c -> Flows.of(c, args[3]));
        store = ObjectStores.of("test", "output", args[4], ObjectAccess.DEFAULT);
        lock = args.length == 5
                ? Optional.empty()
                : Optional.of(TestContext.knownTo(new DynamoLock(
                        args[6],
                        "etl:paused",
                        new DynamoAccess("http://" + args[5], "us-east-1", "key", "secret"),
                        LOCK,
                        Duration.ofMillis(200))));
    }

    public static void main(String[] args) throws IOException {
        PublishingChild child = new PublishingChild(args);
        System.out.println("started");
        for (String line = child.asked.readLine(); line != null; line = child.asked.readLine()) child.publish(line);
        System.exit(0);
    }

    private void publish(String when) throws IOException {
        try (RunRight right = right()) {
            Optional<StoredObject> before = store.read(POINTER, 1 << 20);
            if (!when.equals("after")) ready(right);
            if (when.equals("before")) asked.readLine();
            mayPublish(before, right);
            if (when.equals("after")) {
                ready(right);
                asked.readLine();
            }
            byte[] tokens = (text(before) + right.token() + "\n").getBytes(StandardCharsets.UTF_8);
            Optional<String> written = before.isEmpty()
                    ? store.create(POINTER, out -> out.write(tokens))
                    : store.replace(POINTER, before.get().etag(), out -> out.write(tokens));
            System.out.println(written.isPresent() ? "published" : BEATEN);
        } catch (CaravanException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    private static void ready(Fence fence) {
        System.out.println("ready " + fence.token());
    }

    private static void mayPublish(Optional<StoredObject> before, Fence fence) {
        fence.check();
        if (fence.token() < last(text(before))) throw new IllegalStateException("a token must not go back");
    }

    private RunRight right() {
        ProcessId process = ProcessId.current();
        long published = last(text(store.read(POINTER, 1 << 20)));
        Lease lease = Lease.acquire(
                ledger,
                flow,
                LeaseTerms.of("publication", LEASE)
                        .waiting(Optional.of(PATIENCE))
                        .above(published));
        return new RunRight(
                lease,
                lock.map(l -> l.acquire(new RunLock.Asker(
                        "publication",
                        process.text(),
                        other -> ProcessId.parse(other).filter(ProcessId::gone).isPresent(),
                        Optional.of(PATIENCE),
                        () -> Math.max(lease.token(), published),
                        notice -> {}))));
    }

    private static String text(Optional<StoredObject> pointer) {
        return pointer.map(p -> new String(p.bytes(), StandardCharsets.UTF_8)).orElse("");
    }

    private static long last(String tokens) {
        String[] lines = tokens.strip().split("\n");
        return tokens.isBlank() ? 0 : Long.parseLong(lines[lines.length - 1]);
    }
}
