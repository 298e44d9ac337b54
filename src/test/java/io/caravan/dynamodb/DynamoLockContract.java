package io.caravan.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.Await;
import io.caravan.source.BusyException;
import io.caravan.source.RunLock.Asker;
import io.caravan.source.RunLock.Held;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lock promises, on a server that speaks as DynamoDB does. */
@Timeout(120)
abstract class DynamoLockContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration SKEW = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String NAME = "run of process 1 on somewhere";
    private static final String KEY = "etl:xx_demo";

    private final String address;
    private final LockTables tables;

    DynamoLockContract(String peer) {
        address = Peers.address(peer);
        tables = new LockTables(address, "locks-" + UUID.randomUUID()).create("lock_key");
    }

    @AfterEach
    void close() {
        tables.close();
    }

    @Test
    void theItemIsTheReferencesWithOwnerAndTokenAndTheTokenOutlivesIt() {
        long now = Instant.now().getEpochSecond();
        try (Held held = lock(LONG).acquire(asker(0))) {
            assertThat(tables.item(KEY).keySet())
                    .containsExactlyInAnyOrder(
                            "lock_key", "expiration_time", "acquired_at", "owner", "owner_process", "fencing_token");
            assertThat(Long.parseLong(tables.number(KEY, "expiration_time"))).isBetween(now + 300, now + 310);
            assertThat(Long.parseLong(tables.number(KEY, "acquired_at"))).isBetween(now, now + 10);
            assertThat(tables.item(KEY).get("owner").s()).startsWith(NAME + " ");
            assertThat(held.token()).isEqualTo(1);
            assertThat(held.confirmed()).isTrue();
        }
        assertThat(tables.item(KEY).keySet())
                .containsExactlyInAnyOrder("lock_key", "expiration_time", "acquired_at", "fencing_token");
        assertThat(tables.number(KEY, "expiration_time")).isEqualTo("0");
        try (Held held = lock(LONG).acquire(asker(0))) {
            assertThat(held.token()).isEqualTo(2);
        }
        try (Held held = lock(LONG).acquire(asker(77))) {
            assertThat(held.token()).isEqualTo(78);
        }
    }

    @Test
    void whoMeetsItIsToldWhoHoldsItUntilWhen() {
        try (Held held = lock(LONG).acquire(asker(0))) {
            String until = Instant.ofEpochSecond(Long.parseLong(tables.number(KEY, "expiration_time")))
                    .toString();
            assertThatThrownBy(() -> lock(LONG).acquire(asker(0)))
                    .isInstanceOf(BusyException.class)
                    .hasMessageStartingWith("lock 'etl:xx_demo' in the DynamoDB table '" + tables.table
                            + "' is held by " + NAME + " since 20")
                    .hasMessageEndingWith(" until " + until + " unless renewed; wait for it to end, then run again, or"
                            + " run with --wait <seconds>");
            assertThat(held.held()).isTrue();
        }
    }

    @Test
    void theReferencesWritersAndOursKeepEachOtherOut() {
        assertThat(tables.referenceAcquires(KEY, 300)).isTrue();
        assertThatThrownBy(() -> lock(LONG).acquire(asker(0)))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("is held by a program that gives no name since 20");
        tables.referenceReleases(KEY);
        try (Held held = lock(LONG).acquire(asker(0))) {
            assertThat(tables.referenceAcquires(KEY, 300)).isFalse();
        }
        // its item has no token: what was published says which is the next
        assertThat(tables.referenceAcquires(KEY, -10)).isTrue();
        try (Held held = lock(LONG).acquire(asker(1))) {
            assertThat(held.token()).isEqualTo(2);
        }
        assertThat(tables.referenceAcquires(KEY, 300)).isTrue();
    }

    @Test
    void itIsRenewedWhileItIsHeldAndWhoIsPatientGetsIt() throws Exception {
        ExecutorService others = Executors.newSingleThreadExecutor();
        try {
            Future<Held> next;
            try (Held held = lock(SHORT).acquire(asker(0))) {
                String first = tables.number(KEY, "expiration_time");
                next = others.submit(() -> lock(SHORT).acquire(patient()));
                Await.until(
                        "three renewals",
                        PATIENCE,
                        () -> Long.parseLong(tables.number(KEY, "expiration_time")) >= Long.parseLong(first) + 3);
                assertThat(held.confirmed()).isTrue();
                assertThat(next.isDone()).isFalse();
            }
            try (Held held = next.get(20, TimeUnit.SECONDS)) {
                assertThat(held.token()).isEqualTo(2);
            }
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void aHolderWhoseLockWasTakenLearnsItAndLeavesTheOthersItemAlone() {
        CountDownLatch lost = new CountDownLatch(1);
        Held held = lock(SHORT).acquire(asker(0));
        held.whenLost(lost::countDown);
        tables.referenceReleases(KEY);
        assertThat(tables.referenceAcquires(KEY, 300)).isTrue();
        Await.until("the loss is told", PATIENCE, () -> lost.getCount() == 0);
        assertThat(held.held()).isFalse();
        assertThat(held.ended())
                .isEqualTo("the lock 'etl:xx_demo' in the DynamoDB table '" + tables.table + "' (token 1) has ended and"
                        + " another run may have taken over; nothing more is written, run again");
        var item = tables.item(KEY);
        held.close();
        assertThat(tables.item(KEY)).isEqualTo(item);
    }

    @Test
    void whoAsksRightBeforeHePublishesLearnsThatItWasTaken() {
        try (Held held = lock(LONG).acquire(asker(0))) {
            assertThat(held.held()).isTrue();
            tables.referenceReleases(KEY);
            assertThat(held.confirmed()).isFalse();
            assertThat(held.held()).isFalse();
        }
    }

    @Test
    void theLockOfAProcessThatIsGoneIsTakenAtOnce() {
        Held dead = lock(LONG).acquire(asker(0));
        Asker next = new Asker(NAME, "p2", "p1"::equals, Optional.empty(), () -> 0, notice -> {});
        try (Held held = lock(LONG).acquire(next)) {
            assertThat(held.token()).isEqualTo(2);
            assertThat(dead.confirmed()).isFalse();
        } finally {
            dead.close();
        }
    }

    /** Clocks differ: neither is the lock taken before its end by a fast one, nor held past it by a slow one. */
    @Test
    void aFastClockDoesNotTakeItBeforeItsEnd() {
        Duration skew = Duration.ofSeconds(10);
        tables.referenceAcquires(KEY, 60);
        assertThatThrownBy(() -> lock(skew, Duration.ofSeconds(65)).acquire(asker(0)))
                .isInstanceOf(BusyException.class);
        try (Held held = lock(skew, Duration.ofSeconds(75)).acquire(asker(0))) {
            assertThat(held.token()).isEqualTo(1);
        }
    }

    @Test
    void ofManyAtOnceOneGetsItAndTokensGrow() throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(8);
        List<Long> tokens = new ArrayList<>();
        try {
            for (int round = 0; round < 12; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Optional<Held>>> tries = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    tries.add(racers.submit(() -> {
                        start.await();
                        return tried(lock(LONG), asker(0));
                    }));
                }
                start.countDown();
                List<Held> winners = new ArrayList<>();
                for (Future<Optional<Held>> t : tries) t.get().ifPresent(winners::add);
                assertThat(winners).hasSize(1);
                tokens.add(winners.get(0).token());
                winners.get(0).close();
            }
        } finally {
            racers.shutdownNow();
        }
        assertThat(tokens).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void anAnswerThatIsLostIsFoundOutByReadingWhoTheOwnerIs() throws Exception {
        try (FaultProxy proxy = new FaultProxy(address)) {
            for (int after = 0; after < 4; after++) {
                for (Kind kind : List.of(Kind.DROP_REPLY, Kind.CUT_REPLY, Kind.CUT_REQUEST)) {
                    proxy.arm(after, new Fault(kind, after % 2));
                    try (Held held = lock(proxy.address(), LONG, SKEW).acquire(asker(0))) {
                        assertThat(held.confirmed())
                                .as(kind + " after " + after)
                                .isTrue();
                    }
                    proxy.disarm();
                    assertThat(tables.number(KEY, "expiration_time"))
                            .as("given back: " + kind + " after " + after)
                            .isEqualTo("0");
                }
            }
            assertThat(proxy.fired()).isGreaterThan(6);
        }
    }

    /** Whatever the network does, at most one holds it, and who says he holds it is the item's owner. */
    @Test
    void aBadNetworkNeverGivesItToTwo() throws Exception {
        long seed = 23;
        Random random = new Random(seed);
        int taken = 0;
        long last = 0;
        try (FaultProxy proxy = new FaultProxy(address)) {
            for (int i = 0; i < 60; i++) {
                for (int n = random.nextInt(4); n >= 0; n--) proxy.arm(random.nextInt(3), Fault.seeded(random, 700));
                Optional<Held> held = tried(lock(proxy.address(), LONG, SKEW), asker(0));
                if (held.isPresent()) {
                    taken++;
                    String owner = tables.item(KEY).get("owner").s();
                    assertThat(held.get().token())
                            .as("seed " + seed + " try " + i)
                            .isGreaterThan(last);
                    last = held.get().token();
                    assertThat(tried(lock(LONG), asker(0))).as("try " + i).isEmpty();
                    assertThat(tables.item(KEY).get("owner").s()).isEqualTo(owner);
                    held.get().close();
                }
                proxy.disarm();
                if (!"0".equals(tables.number(KEY, "expiration_time"))) tables.referenceReleases(KEY);
                last = tables.item(KEY).isEmpty() ? 0 : last;
            }
        }
        assertThat(taken).isGreaterThan(20);
    }

    @Test
    void aSilentServerEndsTheWaitAndAHolderStopsBeforeOthersMayTakeIt() throws Exception {
        try (FaultProxy proxy = new FaultProxy(address)) {
            CountDownLatch lost = new CountDownLatch(1);
            Held held = lock(proxy.address(), SHORT, SKEW).acquire(asker(0));
            held.whenLost(lost::countDown);
            proxy.silence(0);
            assertThatThrownBy(() -> lock(proxy.address(), SHORT, SKEW).acquire(asker(0)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("lock: endpoint must lead to Amazon DynamoDB that answers, got 'http://");
            try (Held next = lock(SHORT).acquire(patient())) {
                assertThat(held.held()).isFalse();
                assertThat(next.token()).isEqualTo(2);
            }
            Await.until("the loss is told", PATIENCE, () -> lost.getCount() == 0);
            proxy.speak();
            held.close();
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        DynamoLock nobody = lock("127.0.0.1:1", LONG, SKEW);
        assertThatThrownBy(() -> nobody.acquire(asker(0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("lock: endpoint must lead to Amazon DynamoDB that answers, got 'http://127.0.0.1:1'"
                        + " (connection refused); start it or correct 'endpoint'");
        DynamoLock none = TestContext.knownTo(
                new DynamoLock("none-" + UUID.randomUUID(), KEY, LockTables.access(address), LONG, SKEW));
        assertThatThrownBy(() -> none.acquire(asker(0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("lock: table_name must exist at http://127.0.0.1:\\d+, got 'none-[0-9a-f-]+'"
                        + " \\(400 ResourceNotFoundException\\); create it or correct 'table_name'");
        assertThat(none.check()).isPresent();
        assertThat(lock(LONG).check()).isEmpty();
        try (LockTables other = new LockTables(address, "locks-" + UUID.randomUUID()).create("id")) {
            DynamoLock wrong =
                    TestContext.knownTo(new DynamoLock(other.table, KEY, LockTables.access(address), LONG, SKEW));
            assertThatThrownBy(() -> wrong.acquire(asker(0)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(
                            "lock: table_name must name a table whose only key is the text lock_key, got '");
        }
    }

    private static Optional<Held> tried(DynamoLock lock, Asker asker) {
        try {
            return Optional.of(lock.acquire(asker));
        } catch (BusyException | UnavailableException e) {
            return Optional.empty();
        }
    }

    private DynamoLock lock(Duration time) {
        return lock(address, time, time == LONG ? Duration.ofSeconds(2) : SKEW);
    }

    private DynamoLock lock(String server, Duration time, Duration skew) {
        return TestContext.knownTo(new DynamoLock(tables.table, KEY, LockTables.access(server), time, skew));
    }

    /** One whose clock is ahead. */
    private DynamoLock lock(Duration skew, Duration ahead) {
        InstantSource clock = () -> Instant.now().plus(ahead);
        return TestContext.knownTo(
                new DynamoLock(tables.table, KEY, LockTables.access(address), LONG, skew, clock, System::nanoTime));
    }

    private static Asker asker(long floor) {
        return new Asker(NAME, "p1", process -> false, Optional.empty(), () -> floor, notice -> {});
    }

    private static Asker patient() {
        return new Asker(NAME, "p2", process -> false, Optional.of(PATIENCE), () -> 0, notice -> {});
    }
}
