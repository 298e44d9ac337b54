package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerDatabaseTest {

    private final Endpoint endpoint = TestStores.freshDatabase();

    @Test
    void theNewestVersionIsThatOfTheNewestMigration() throws IOException {
        assertThat(migrations()).endsWith(Integer.parseInt(LedgerDatabase.NEWEST));
    }

    /** The versions that there are, in order. */
    private static List<Integer> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "db", "migration"))) {
            return files.map(f -> f.getFileName().toString().replaceFirst("V(\\d+)__.*\\.sql", "$1"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void openingItASecondTimeMigratesNothing() {
        try (DatabasePool first = open()) {
            List<String> migrations = history(first);
            assertThat(migrations).isNotEmpty();
            new PlainTransactions(first).in(c -> Flows.of(c, "things"));
            try (DatabasePool second = open()) {
                assertThat(history(second)).isEqualTo(migrations);
                Optional<Flow> flow = new PlainTransactions(second).in(c -> Flows.find(c, "things"));
                assertThat(flow).isPresent();
            }
        }
    }

    @Test
    void manyMayOpenItAtOnce() throws Exception {
        int many = 4;
        CyclicBarrier together = new CyclicBarrier(many);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        List<CompletableFuture<DatabasePool>> opening = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            opening.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            together.await();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return open();
                    },
                    threads));
        }
        for (CompletableFuture<DatabasePool> one : opening) {
            try (DatabasePool pool = one.get()) {
                assertThat(history(pool)).hasSize(migrations().size() + 1);
            }
        }
        threads.shutdown();
    }

    @Test
    void aDatabaseThatFallsSilentInATransactionIsGivenUpInTime() throws Exception {
        String server = endpoint.uri().replaceFirst("^jdbc:postgresql://([^/]*)/.*$", "$1");
        try (FaultProxy proxy = new FaultProxy(server);
                DatabasePool pool = LedgerDatabase.open(
                        endpoint.uri().replace(server, proxy.address()),
                        endpoint.user(),
                        endpoint.password(),
                        1_000,
                        1_000)) {
            PlainTransactions ledger = new PlainTransactions(pool);
            long began = System.nanoTime();
            assertThatThrownBy(() -> ledger.in(c -> {
                        Sql.update(c, "create temp table t (n int)");
                        proxy.silence(0);
                        return Sql.update(c, "insert into t values (1)");
                    }))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("ledger: the database must answer within caravan.ledger.timeoutMillis");
            assertThatThrownBy(() -> ledger.in(c -> 1)).isInstanceOf(UnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            proxy.speak();
            int answer = ledger.in(c -> 1);
            assertThat(answer).isEqualTo(1);
        }
    }

    @Test
    void whoWaitsForALockOfOthersIsToldInTimeAndWorkOnAllRecordsMayTakeLonger() throws Exception {
        try (DatabasePool pool =
                        LedgerDatabase.open(endpoint.uri(), endpoint.user(), endpoint.password(), 1_000, 1_000);
                Connection other = TestStores.dataSource(endpoint).getConnection()) {
            PlainTransactions ledger = new PlainTransactions(pool);
            String longWork = "select pg_sleep(1.5)";
            boolean done = ledger.in(
                    c -> Sql.ofAll(c, all -> Sql.first(all, r -> true, longWork).orElse(false)));
            assertThat(done).isTrue();
            other.setAutoCommit(false);
            Sql.update(other, "lock table ledger.lease");
            assertThatThrownBy(() -> ledger.in(c -> Sql.update(c, "delete from ledger.lease")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("lock timeout")
                    .hasMessageContaining("caravan.ledger.timeoutMillis");
        }
    }

    @Test
    void aUriOfAnotherKindIsAMatterOfConfigurationAndToldInTheFormThatItMustHave() {
        for (String uri : List.of("mysql://who:secret@127.0.0.1/d", "jdbc:oracle:thin:who/secret@127.0.0.1:1521/d"))
            assertThatThrownBy(() -> LedgerDatabase.open(uri, "who", "secret", 1_000, 1_000))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("ledger: caravan.ledger.uri must be laptop or"
                            + " jdbc:postgresql://<host>:<port>/<database>, got '")
                    .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> LedgerDatabase.open(endpoint.uri() + "?loggerFile=/tmp/x", "who", "", 1_000, 1_000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("loggerFile");
    }

    @Test
    void saysWhatToDoWhenNothingAnswers() {
        assertThatThrownBy(() -> LedgerDatabase.open(
                        "jdbc:postgresql://127.0.0.1:1/nowhere?password=secret", "u", "p", 5_000, 60_000))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("ledger: caravan.ledger.uri must lead to a PostgreSQL that answers, got"
                        + " 'jdbc:postgresql://127.0.0.1:1/nowhere' (connection refused); start it or correct"
                        + " 'caravan.ledger.uri'")
                .hasMessageEndingWith("; on a laptop start it with: ./caravan stores start")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aWrongPasswordIsAMatterOfConfiguration() {
        assertThatThrownBy(
                        () -> LedgerDatabase.open(endpoint.uri(), endpoint.user(), "not the password", 5_000, 60_000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("; correct 'user' and 'password'")
                .hasMessageNotContaining("not the password");
    }

    private DatabasePool open() {
        return LedgerDatabase.open(endpoint.uri(), endpoint.user(), endpoint.password(), 5_000, 60_000);
    }

    private static List<String> history(DatabasePool pool) {
        return new PlainTransactions(pool)
                .in(c -> Sql.list(
                        c,
                        r -> r.getString(1),
                        "select t::text from ledger.flyway_schema_history t order by installed_rank"));
    }
}
