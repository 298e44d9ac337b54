package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaptopStoresTest {

    @TempDir
    Path dataDir;

    @Test
    void twoCaravansThatStartAtOnceShareOneServerOfEach() throws Exception {
        LaptopStores stores =
                new LaptopStores(dataDir, List.of(new PostgresProcess(dataDir), new MongoProcess(dataDir)));
        Process one = StartStores.inJvm(dataDir, "postgres", "mongo");
        Process other = StartStores.inJvm(dataDir, "postgres", "mongo");
        try {
            List<String> uris = StartStores.uris(one, 2);

            assertThat(uris).hasSize(2).isEqualTo(StartStores.uris(other, 2));
            assertThat(stores.status())
                    .extracting(status -> status.endpoint().orElseThrow().uri())
                    .isEqualTo(uris);
        } finally {
            StartStores.kill(one);
            StartStores.kill(other);
            stores.stop(List.of());
        }
        assertThat(stores.status())
                .extracting(LaptopStores.Status::endpoint)
                .containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void startsOnlyWhatIsAskedFor() {
        Fake a = new Fake("a");
        Fake b = new Fake("b");

        assertThat(stores(a, b).start(List.of("b"))).containsOnlyKeys("b");
        assertThat(a.starts).hasValue(0);
        assertThat(stores(a, b).status())
                .containsExactly(
                        new LaptopStores.Status("a", "a fake", Optional.empty()),
                        new LaptopStores.Status("b", "a fake", Optional.of(new Endpoint("b:", "", ""))));
    }

    @Test
    void startsAllSideBySideInTheirOrder() {
        CountDownLatch both = new CountDownLatch(2);
        Runnable meet = () -> {
            both.countDown();
            assertThat(await(both)).isTrue();
        };

        assertThat(stores(new Fake("b", meet), new Fake("a", meet)).start(List.of()))
                .containsExactly(
                        Map.entry("b", new Endpoint("b:", "", "")), Map.entry("a", new Endpoint("a:", "", "")));
    }

    @Test
    void tellsOfEveryStoreThatFailedWhenTheOthersAreDone() {
        Fake good = new Fake("good");
        Fake late = new Fake("late", () -> {
            throw new UnavailableException("late: did not answer within 60 s; see late.log", null);
        });
        Fake wrong = new Fake("wrong", () -> {
            throw new ConfigurationException("wrong: refuses to run as root");
        });

        assertThatThrownBy(() -> stores(good, late, wrong).start(List.of()))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("late: did not answer within 60 s; see late.log" + System.lineSeparator()
                        + "wrong: refuses to run as root");
        assertThat(good.starts).hasValue(1);
        assertThatThrownBy(() -> stores(good, wrong).start(List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("wrong: refuses to run as root");
    }

    @Test
    void knowsItsStores() {
        assertThatThrownBy(() -> stores(new Fake("a"), new Fake("b")).start(List.of("c", "a", "d")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("stores: name must be one of a, b, got 'c, d'");
    }

    @Test
    void letsOneAtATimeWorkOnAFolder() {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Boolean> first =
                CompletableFuture.supplyAsync(() -> FolderLock.holding(dataDir, Duration.ofSeconds(10), () -> {
                    holds.countDown();
                    return await(done);
                }));
        assertThat(await(holds)).isTrue();

        assertThatThrownBy(() -> FolderLock.holding(dataDir, Duration.ofSeconds(1), () -> true))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(dataDir.getFileName() + ": another process has been starting or stopping it for 1 s (lock "
                        + dataDir.resolve("lock") + ")");
        done.countDown();
        assertThat(first.join()).isTrue();
        assertThat(FolderLock.holding(dataDir, Duration.ofSeconds(10), () -> true))
                .isTrue();
    }

    private LaptopStores stores(LocalStore... stores) {
        return new LaptopStores(dataDir, List.of(stores));
    }

    @Test
    void aStoreThatTakesNoWriteIsStartedAgain() {
        Broken store = new Broken(new Fake("a"), new AtomicInteger(1), true);
        store.start();
        LaptopStores stores = new LaptopStores(dataDir, List.of(store));

        stores.heal(List.of());

        assertThat(store.fake().starts).hasValue(1);
        assertThat(store.refusals())
                .as("it is asked again when it was started again")
                .hasValue(-1);
        stores.heal(List.of());
        assertThat(store.refusals()).hasValue(-2);
    }

    @Test
    void aStoreThatTakesNoneEverIsToBeResetUnlessItHoldsTheLedger() throws Exception {
        Broken graph = new Broken(new Fake("graph"), new AtomicInteger(9), true);
        Broken ledger = new Broken(new Fake("ledger"), new AtomicInteger(9), false);
        graph.start();
        ledger.start();
        LaptopStores stores = new LaptopStores(dataDir, List.of(graph, ledger));
        Files.createDirectories(dataDir.resolve("graph/data"));
        Files.createFile(dataDir.resolve("graph/data/log"));

        assertThatThrownBy(() -> stores.heal(List.of("graph")))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "graph: must take a write, got the log is corrupt, also when it was started again; make room"
                                + " on its disk, or start it empty, and the next runs fill it: ./caravan stores reset graph");
        assertThatThrownBy(() -> stores.heal(List.of("ledger")))
                .hasMessage(
                        "ledger: must take a write, got the log is corrupt, also when it was started again; make room"
                                + " on its disk and look at its log");
        for (List<String> names : List.of(List.<String>of(), List.of("graph", "ledger"))) {
            assertThatThrownBy(() -> stores.reset(names))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("stores: reset must name stores of graph, got '" + String.join(", ", names)
                            + "'; in another is the ledger, which nothing fills again");
        }
        assertThat(dataDir.resolve("graph/data/log")).exists();
        stores.reset(List.of("graph"));
        assertThat(dataDir.resolve("graph")).isDirectoryNotContaining("glob:**data");
        assertThat(graph.running()).isPresent();
    }

    /** A store that takes no write so many times. */
    private record Broken(Fake fake, AtomicInteger refusals, boolean refilled) implements LocalStore {

        @Override
        public String name() {
            return fake.name();
        }

        @Override
        public String description() {
            return fake.description();
        }

        @Override
        public Endpoint start() {
            return fake.start();
        }

        @Override
        public void stop() {
            fake.stop();
        }

        @Override
        public void tryWrite(Endpoint endpoint) throws IOException {
            if (refusals.getAndDecrement() > 0) throw new IOException("the log is corrupt");
        }

        @Override
        public Optional<Endpoint> running() {
            return fake.running();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Fake(String name, Runnable onStart, AtomicInteger starts) implements LocalStore {

        Fake(String name) {
            this(name, () -> {});
        }

        Fake(String name, Runnable onStart) {
            this(name, onStart, new AtomicInteger());
        }

        @Override
        public String description() {
            return "a fake";
        }

        @Override
        public Endpoint start() {
            onStart.run();
            starts.incrementAndGet();
            return new Endpoint(name + ":", "", "");
        }

        @Override
        public void tryWrite(Endpoint endpoint) {}

        @Override
        public void stop() {
            starts.set(0);
        }

        @Override
        public Optional<Endpoint> running() {
            return starts.get() > 0 ? Optional.of(new Endpoint(name + ":", "", "")) : Optional.empty();
        }
    }
}
