package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.AwakeClock;
import io.caravan.ledger.BatchStates.State;
import io.caravan.ledger.DeadLetters.Letter;
import io.caravan.ledger.RecordStates.Change;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may run a pipeline, on a real database. */
class LeaseTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Hash HASH = new Hash(1, 2);

    private final Endpoint endpoint = TestStores.freshDatabase();
    private final DataSource database = TestStores.dataSource(endpoint);
    private final Suspect first = new Suspect(database);
    private final Suspect second = new Suspect(database);
    private Flow flow;

    @BeforeEach
    void migrate() {
        try (DatabasePool pool =
                LedgerDatabase.open(endpoint.uri(), endpoint.user(), endpoint.password(), 5_000, 60_000)) {
            flow = new PlainTransactions(pool).in(c -> Flows.of(c, "things"));
        }
    }

    @AfterEach
    void nothingIsLeftBehind() throws SQLException {
        first.die();
        second.die();
        Await.until("the heartbeats end", PATIENCE, () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("caravan-lease")));
    }

    @Test
    void hasOneHolderAtATime() {
        try (Lease lease = take(first, LONG)) {
            assertThatThrownBy(() -> take(second, LONG))
                    .isInstanceOf(LeaseHeldException.class)
                    .hasMessageMatching("things: the lease is held by somebody for \\d+ s more unless renewed;"
                            + " wait for that run to end, then run again, or run with --wait <seconds>");
            assertThat(lease.held()).isTrue();
        }
        assertThat(second.openConnections()).isZero();
        take(second, LONG).close();
    }

    @Test
    void givesEachHolderAHigherTokenThanTheLast() {
        long last = 0;
        for (int i = 0; i < 5; i++) {
            try (Lease lease = take(first, LONG)) {
                assertThat(lease.token()).isEqualTo(++last);
            }
        }
        assertThat(first.openConnections()).isZero();
    }

    @Test
    void passesAtOnceFromAHolderWhoseProcessIsGone() throws SQLException {
        try (Lease lease = take(first, LONG, corpse())) {
            first.die();
            try (Lease next = take(second, LONG)) {
                assertThat(next.token()).isEqualTo(lease.token() + 1);
                assertThatThrownBy(() -> new FencedTransactions(database, lease).in(c -> true))
                        .isInstanceOf(LeaseLostException.class);
                assertThat(new FencedTransactions(database, next).<Boolean>in(c -> true))
                        .isTrue();
                assertThat(lease.confirmed()).isFalse();
            }
        }
    }

    /** A branch of a route that was left behind may still ask; in a service that lives for weeks, each such connection is missed. */
    @Test
    void isHeldByNobodyOnceItIsGivenBackAndTakesNoConnectionThen() {
        try (DatabasePool pool =
                LedgerDatabase.open(endpoint.uri(), endpoint.user(), endpoint.password(), 5_000, 60_000)) {
            Lease lease = Lease.acquire(pool, flow, LeaseTerms.of("somebody", LONG));
            lease.close();
            assertThat(lease.held()).isFalse();
            assertThat(lease.confirmed()).isFalse();
            assertThat(pool.lent()).isZero();
            String left = "pid <> pg_backend_pid() and query ~ 'advisory|ledger.lease'";
            Await.until("its connection is gone", PATIENCE, () -> sessions(left) == 0);
        }
    }

    /** An older Caravan says nothing of its process, and leaves what the holder before it said. */
    @Test
    void staysWithAnOlderCaravanAlsoWhenTheProcessThatHeldItBeforeIsGone() throws SQLException {
        take(first, LONG, corpse()).close();
        try (Connection c = database.getConnection()) {
            Sql.update(
                    c,
                    "update ledger.lease set token = token + 1, holder = 'an older one',"
                            + " expires_at = clock_timestamp() + interval '1 minute' where flow = ?",
                    flow.id());
        }
        assertThatThrownBy(() -> Lease.acquire(second.database(), flow, patience(Duration.ZERO)))
                .isInstanceOf(LeaseHeldException.class)
                .hasMessageContaining("an older one");
    }

    /** Fault 1 of issue 20: a connection that a failover or a firewall cuts says nothing of its process. */
    @Test
    void isKeptByAHolderOfWhomOnlyTheConnectionIsCut() throws SQLException {
        Duration time = Duration.ofSeconds(3);
        try (Lease lease = take(first, time)) {
            for (int cut = 0; cut < 3; cut++) {
                first.die();
                assertThatThrownBy(() -> take(second, LONG, patience(Duration.ZERO)))
                        .isInstanceOf(LeaseHeldException.class);
                assertThatThrownBy(() -> take(second, LONG))
                        .as("it is waited for until it is heard of again, not longer")
                        .isInstanceOf(LeaseHeldException.class);
                assertThat(lease.confirmed()).isTrue();
                assertThat(new FencedTransactions(database, lease).<Boolean>in(c -> true))
                        .isTrue();
            }
        }
        take(second, LONG).close();
    }

    @Test
    void isWaitedForByDefaultWhenItsHolderIsNotHeardOfAnyMore() throws SQLException {
        Duration time = Duration.ofSeconds(2);
        long taken = System.nanoTime();
        try (Lease lease = take(first, time)) {
            first.pause();
            first.die();
            try (Lease next = take(second, LONG)) {
                assertThat(Duration.ofNanos(System.nanoTime() - taken)).isBetween(time, time.multipliedBy(3));
                assertThat(next.token()).isEqualTo(lease.token() + 1);
            }
        }
    }

    @Test
    void isRefusedAtOnceWhileItsHolderIsAlive() {
        try (Lease lease = take(first, LONG)) {
            long asked = System.nanoTime();
            assertThatThrownBy(() -> take(second, LONG)).isInstanceOf(LeaseHeldException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
            assertThat(lease.confirmed()).isTrue();
        }
    }

    @Test
    void isWaitedForAsLongAsAskedAndSaysForWhom() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        Lease lease = take(first, LONG);
        CompletableFuture<Lease> next = CompletableFuture.supplyAsync(
                () -> take(second, LONG, patience(Duration.ofMinutes(1)).heardBy(said::add)));
        Await.until("it is said for whom", PATIENCE, () -> !said.isEmpty());
        assertThat(said).containsExactly("things: waits for somebody, which goes on");
        assertThat(next).isNotDone();
        lease.close();
        next.get(20, TimeUnit.SECONDS).close();
        assertThatThrownBy(() -> {
                    try (Lease held = take(first, LONG)) {
                        take(second, LONG, patience(Duration.ofMillis(300)));
                    }
                })
                .isInstanceOf(LeaseHeldException.class);
    }

    @Test
    void endsByTheHoldersOwnClockToo() {
        AtomicLong jump = new AtomicLong();
        LeaseTerms terms = LeaseTerms.of("somebody", LONG).by(() -> System.nanoTime() + jump.get());
        try (Lease lease = take(first, LONG, terms)) {
            assertThat(lease.confirmed()).isTrue();
            jump.set(LONG.toNanos());
            assertThat(lease.held()).isFalse();
            assertThat(lease.confirmed()).isFalse();
        }
    }

    /** As on Linux, where nanoTime stands still while the machine sleeps; others took the lease meanwhile, and it must write nothing more. */
    @Test
    void endsForAHolderWhoseMachineSleptForLongerThanItLasts() {
        AtomicLong wallMillis = new AtomicLong(1_000);
        LeaseTerms terms = LeaseTerms.of("somebody", LONG).by(new AwakeClock(() -> 7, wallMillis::get));
        try (Lease lease = take(first, LONG, terms)) {
            wallMillis.addAndGet(LONG.toMillis() - 1_000);
            assertThat(lease.held()).as("it slept for less").isTrue();
            wallMillis.addAndGet(60_000);
            assertThat(lease.held()).isFalse();
            assertThat(lease.confirmed()).isFalse();
        }
        assertThat(LeaseTerms.of("somebody", LONG).nanos()).isInstanceOf(AwakeClock.class);
    }

    @Test
    void passesFromAPausedHolderOnlyWhenItHasExpired() {
        Duration time = Duration.ofSeconds(1);
        long taken = System.nanoTime();
        try (Lease lease = take(first, time)) {
            first.pause();
            assertThatThrownBy(() -> take(second, LONG, patience(Duration.ZERO)))
                    .isInstanceOf(LeaseHeldException.class);
            try (Lease next = takeWhenFree(second, LONG)) {
                assertThat(Duration.ofNanos(System.nanoTime() - taken)).isGreaterThan(time);
                assertThat(lease.held()).isFalse();
                assertThat(next.token()).isEqualTo(lease.token() + 1);
            }
        }
    }

    @Test
    void lastsAsLongAsItIsRenewed() {
        try (Lease lease = take(first, Duration.ofMillis(1500))) {
            Transactions fenced = new FencedTransactions(database, lease);
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            Await.until("three times its time is over", PATIENCE, () -> {
                assertThat(lease.held()).isTrue();
                fenced.in(c -> true);
                return System.nanoTime() > end;
            });
            assertThatThrownBy(() -> take(second, LONG)).isInstanceOf(LeaseHeldException.class);
        }
    }

    @Test
    void isRenewedWhileATransactionTakesLongerThanTheLease() {
        try (Lease lease = take(first, Duration.ofMillis(1500))) {
            Transactions fenced = new FencedTransactions(database, lease);
            fenced.in(c -> Sql.first(c, r -> true, "select pg_sleep(5)"));
            assertThat(lease.held()).isTrue();
            assertThatThrownBy(() -> take(second, LONG)).isInstanceOf(LeaseHeldException.class);
        }
    }

    @Test
    void isRenewedWhileTransactionsFollowEachOtherWithoutAGap() throws Exception {
        try (Lease lease = take(first, Duration.ofMillis(1500))) {
            Transactions fenced = new FencedTransactions(database, lease);
            List<CompletableFuture<Void>> busy = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                double pause = 0.2 + 0.07 * i;
                busy.add(CompletableFuture.runAsync(() -> {
                    for (int n = 0; n < 15; n++) fenced.in(c -> Sql.first(c, r -> true, "select pg_sleep(?)", pause));
                }));
            }
            for (CompletableFuture<Void> b : busy) b.get();
            assertThat(lease.held()).isTrue();
        }
    }

    @Test
    void letsAHolderThatWasPausedPastItsLeaseChangeNothing() throws SQLException {
        try (Lease lease = take(first, Duration.ofMillis(500))) {
            Transactions late = new FencedTransactions(database, lease);
            long run = late.in(c -> {
                SinkStates.align(c, flow.id(), Map.of("left", "1"));
                RecordStates.write(c, flow.id(), HASH, List.of(new Change("k", HASH, 1, 1)));
                BatchStates.write(c, flow.id(), HASH, "o", new State(1, 1, false, 1));
                ObjectStates.reading(c, flow.id(), "o", 1);
                DeadLetters.write(c, flow.id(), 1, List.of(letter("open")));
                return Runs.start(c, flow, "run");
            });
            first.pause();
            Await.until("it expires", PATIENCE, () -> !lease.held());
            List<String> before = dump();
            writes(run).forEach((name, write) -> assertThatThrownBy(() -> late.in(write))
                    .as(name)
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessage("ledger: the lease of this run (token 1) has ended and another run may have taken over;"
                            + " nothing more is written, run again"));
            assertThat(dump()).isEqualTo(before);
            try (Lease next = takeWhenFree(second, LONG)) {
                writes(run).forEach((name, write) -> assertThatThrownBy(() -> late.in(write))
                        .as(name)
                        .isInstanceOf(LeaseLostException.class));
                assertThat(dump()).isEqualTo(before);
                writes(run).forEach((name, write) -> new FencedTransactions(database, next).in(write));
                assertThat(dump()).isNotEqualTo(before);
            }
        }
    }

    @Test
    void passesOnlyWhenATransactionThatPassedTheFenceHasEnded() throws Exception {
        try (Lease lease = take(first, LONG, corpse())) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Void> last =
                    CompletableFuture.runAsync(() -> new FencedTransactions(database, lease).in(c -> {
                        inside.countDown();
                        await(goOn);
                        SinkStates.align(c, flow.id(), Map.of("last", "1"));
                        return null;
                    }));
            inside.await();
            CompletableFuture<Lease> next = CompletableFuture.supplyAsync(() -> takeWhenFree(second, LONG));
            Await.until("the next one waits for the lease's row", PATIENCE, () -> waiting() > 0);
            assertThat(next).isNotDone();
            goOn.countDown();
            last.get();
            try (Lease taken = next.get()) {
                assertThat(taken.token()).isEqualTo(lease.token() + 1);
                assertThat(dump()).anyMatch(row -> row.contains("last"));
            }
        }
    }

    @Test
    void passesFromAHolderThatWasPausedInTheMiddleOfATransaction() throws Exception {
        try (Lease lease = take(first, Duration.ofSeconds(1))) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Void> stuck =
                    CompletableFuture.runAsync(() -> new FencedTransactions(database, lease).in(c -> {
                        SinkStates.align(c, flow.id(), Map.of("late", "1"));
                        inside.countDown();
                        await(goOn);
                        SinkStates.ack(c, flow.id(), "late", 7);
                        return null;
                    }));
            inside.await();
            first.pause();
            try (Lease next = CompletableFuture.supplyAsync(() -> takeWhenFree(second, LONG))
                    .get(20, TimeUnit.SECONDS)) {
                assertThat(next.token()).isEqualTo(lease.token() + 1);
            } finally {
                goOn.countDown();
            }
            assertThat(stuck).failsWithin(PATIENCE);
            assertThat(dump()).noneMatch(row -> row.contains("late"));
        }
    }

    /** Every method of the ledger that writes for a run. */
    private Map<String, SqlWork<Object>> writes(long run) {
        short id = flow.id();
        Map<String, SqlWork<Object>> all = new LinkedHashMap<>();
        all.put("start a run", c -> Runs.start(c, flow, "run"));
        all.put(
                "write records",
                c -> done(() -> RecordStates.write(c, id, HASH, List.of(new Change("x", HASH, 9, 9)))));
        all.put(
                "insert records",
                c -> done(() -> RecordStates.insert(c, id, HASH, List.of(new Change("y", HASH, 9, 9)))));
        all.put("write a batch", c -> done(() -> BatchStates.write(c, id, HASH, "o", new State(9, 9, true, 9))));
        all.put("see batches", c -> done(() -> BatchStates.markSeen(c, id, List.of(HASH), 9)));
        all.put("mark duplicates", c -> done(() -> BatchStates.hasDuplicates(c, id, HASH)));
        all.put("mark seen", c -> BatchStates.markSeen(c, id, "o", 8));
        all.put("invalidate batches", c -> done(() -> BatchStates.invalidateBatches(c, id, List.of(HASH))));
        all.put("drop unseen of an object", c -> done(() -> BatchStates.dropUnseen(c, id, "o", 9)));
        all.put("drop unseen", c -> done(() -> BatchStates.dropUnseen(c, id, 9)));
        all.put("mark deleted", c -> done(() -> RecordStates.markDeleted(c, id, 9, 1)));
        all.put("swept", c -> done(() -> BatchStates.swept(c, id)));
        all.put("purge", c -> done(() -> RecordStates.purge(c, id, 9)));
        all.put("read an object", c -> done(() -> ObjectStates.read(c, id, "o", "e", 9, new AuditInput("o", "e", 1))));
        all.put("begin to read an object", c -> done(() -> ObjectStates.reading(c, id, "o", 9)));
        all.put("skip an object", c -> done(() -> ObjectStates.skipped(c, id, "o", 8)));
        all.put("forget objects", c -> done(() -> ObjectStates.forgetUnseen(c, id, 9)));
        all.put("align sinks", c -> SinkStates.align(c, id, Map.of("left", "2")));
        all.put("acknowledge", c -> done(() -> SinkStates.ack(c, id, "left", 9)));
        all.put("write letters", c -> done(() -> DeadLetters.write(c, id, 9, List.of(letter("again")))));
        all.put("end letters", c -> done(() -> DeadLetters.delivered(c, id, "left", List.of("k"))));
        all.put("letters are gone", c -> done(() -> DeadLetters.gone(c, id, "o", 9)));
        all.put("finish the run", c -> done(() -> Runs.finish(c, run, "succeeded", 1, "", Map.of())));
        return all;
    }

    private interface Write {
        void now() throws SQLException;
    }

    private static Object done(Write write) throws SQLException {
        write.now();
        return true;
    }

    private static Letter letter(String reason) {
        return new Letter("sink", "left", "k", Optional.of("k"), new Origin("o", 1), reason, "{}");
    }

    private Lease take(Suspect who, Duration time) {
        return Lease.acquire(who.database(), flow, "somebody", time);
    }

    private Lease take(Suspect who, Duration time, LeaseTerms terms) {
        return Lease.acquire(
                who.database(),
                flow,
                new LeaseTerms(
                        terms.holder(),
                        time,
                        terms.patience(),
                        terms.process(),
                        terms.nanos(),
                        terms.notices(),
                        terms.floor()));
    }

    private static LeaseTerms patience(Duration longest) {
        return LeaseTerms.of("somebody", LONG).waiting(Optional.of(longest));
    }

    /** A process of this machine that is no more. */
    private static LeaseTerms corpse() {
        return LeaseTerms.of("somebody", LONG).as(DeadProcess.id());
    }

    private Lease takeWhenFree(Suspect who, Duration time) {
        List<Lease> taken = new ArrayList<>();
        Await.until("the lease is free", PATIENCE, () -> {
            try {
                taken.add(take(who, time));
            } catch (LeaseHeldException e) {
                return false;
            }
            return true;
        });
        return taken.get(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long waiting() {
        return sessions("wait_event_type = 'Lock'");
    }

    /** How many sessions of the database are like this. */
    private long sessions(String such) {
        return new PlainTransactions(database).in(c -> Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select count(*) from pg_stat_activity where datname = current_database() and " + such)
                .orElse(0L));
    }

    private List<String> dump() {
        List<String> rows = new ArrayList<>();
        for (String table : List.of(
                "flow",
                "run",
                "delivery",
                "record_state",
                "batch_state",
                "object_state",
                "sink_state",
                "dead_letter")) {
            rows.addAll(new PlainTransactions(database)
                    .in(c -> Sql.list(
                            c,
                            r -> table + ' ' + r.getString(1),
                            "select t::text from ledger." + table + " t order by 1")));
        }
        return rows;
    }
}
