package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.SideBySide;
import io.caravan.delivery.SinkFaults;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.format.CsvFormat;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every store behind a server must do besides. */
abstract class BucketContract extends ObjectStoreContract {

    final String bucket = "caravan-" + UUID.randomUUID();

    /** {@code s3}, {@code gs} or {@code azure}. */
    abstract String scheme();

    /** {@code <host>:<port>} of the server. */
    abstract String server();

    /** How to reach the server at another address, such as a proxy's. */
    abstract ObjectAccess access(String address);

    abstract void makeBucket() throws Exception;

    @Override
    ObjectStore emptyStore() throws Exception {
        makeBucket();
        return store(bucket, server());
    }

    ObjectStore store(String name, String address) {
        return TestContext.knownTo(ObjectStores.of("test", "input", scheme() + "://" + name, access(address)));
    }

    @Test
    void aBucketThatDoesNotExistIsAWrongSetting() {
        ObjectStore none = store("caravan-no-such", server());
        String sentence = "test: input must exist at http://" + server();
        String remedy = "; create it or correct 'input'";
        for (Runnable call :
                List.<Runnable>of(() -> none.list("", ALL).next(), () -> none.put("a", out -> out.write(1)))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(sentence)
                    .hasMessageEndingWith(remedy);
        }
    }

    /** Stores know times of changes to a second or better. */
    @Test
    void theObjectThatWasPutLastWinsWhateverItsName() throws Exception {
        row("z.csv", "old");
        Instant first = changed("z.csv");
        assertThat(first).isAfter(Instant.EPOCH);
        do {
            row("a.csv", "new");
        } while (!changed("a.csv").isAfter(first));
        ObjectsSource source = new ObjectsSource(
                store,
                new CsvFormat(",", List.of()),
                "",
                "*.csv",
                List.of("id"),
                "newest",
                "",
                new NameFields("test", "", "", "", ""),
                Optional.empty(),
                Optional.empty());
        List<String> taken = new ArrayList<>();
        source.objects().forEachRemaining(object -> taken.add(object.name()));
        assertThat(taken).containsExactly("a.csv", "z.csv");
        do {
            row("z.csv", "newest");
        } while (!changed("z.csv").isAfter(changed("a.csv")));
        taken.clear();
        source.objects().forEachRemaining(object -> taken.add(object.name()));
        assertThat(taken).containsExactly("z.csv", "a.csv");
    }

    private void row(String object, String value) {
        put(object, "id,v\n1," + value + "\n");
    }

    private Instant changed(String object) {
        List<Instant> changed = new ArrayList<>();
        store.list(object, ALL).forEachRemaining(found -> changed.add(found.changed()));
        return changed.get(0);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws Exception {
        ObjectStore none = store("bucket", "127.0.0.1:1");
        List<ThrowingCallable> calls = List.of(
                () -> none.list("", ALL).next(),
                () -> none.put("a", out -> out.write(1)),
                () -> none.delete("a"),
                () -> none.open(new SourceObject("a", "1", 1)).read());
        SideBySide.all(calls.size(), call -> assertThatThrownBy(calls.get(call))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("test: cannot ")
                .hasMessageContaining("got 'http://127.0.0.1:1")
                .hasMessageEndingWith("(connection refused); start it or correct 'endpoint'"));
    }

    @Test
    void aServerThatCutsEveryReplyIsGivenUp() throws Exception {
        store.put("a", out -> out.write(new byte[1_000_000]));
        SourceObject listed = store.list("", ALL).next();
        try (FaultProxy proxy = new FaultProxy(server());
                ObjectStore faulty = store(bucket, proxy.address())) {
            for (int i = 0; i < 200; i++) proxy.arm(new Fault(Kind.CUT_REPLY, 100));
            assertThatThrownBy(() -> faulty.open(listed).readAllBytes()).isInstanceOf(UnavailableException.class);
            assertThat(proxy.fired()).isBetween(1, 50);
        }
    }

    /** Each case is one fault somewhere in the reply of a listing or of one of several requests for the bytes. */
    @Test
    void readingUnderFaultsIsWholeOrFails() throws Exception {
        byte[] bytes = new byte[9_000_000];
        new Random(3).nextBytes(bytes);
        store.put("a", out -> out.write(bytes));
        AtomicInteger whole = new AtomicInteger();
        AtomicInteger fired = new AtomicInteger();
        SideBySide.all(50, seed -> {
            Random random = new Random(seed);
            try (FaultProxy proxy = new FaultProxy(server());
                    ObjectStore faulty = store(bucket, proxy.address())) {
                for (int i = random.nextInt(3); i >= 0; i--) proxy.arm(Fault.seeded(random, 9_000_000));
                SourceObject listed = faulty.list("", ALL).next();
                try (InputStream in = faulty.open(listed)) {
                    assertThat(Arrays.equals(in.readAllBytes(), bytes))
                            .as("seed " + seed)
                            .isTrue();
                    whole.incrementAndGet();
                }
                fired.addAndGet(proxy.fired());
            } catch (UnavailableException | IncompleteSourceException e) {
                // allowed: it is said
            }
        });
        assertThat(whole.get()).as("read in spite of the fault").isGreaterThanOrEqualTo(45);
        assertThat(fired.get()).isGreaterThanOrEqualTo(20);
        System.out.println(
                getClass().getSimpleName() + ": 50 readings under " + fired + " faults, " + whole + " whole");
    }

    @Test
    void puttingUnderFaultsLeavesTheOldOrTheNewObjectWhole() throws Exception {
        AtomicInteger said = new AtomicInteger();
        AtomicInteger fired = new AtomicInteger();
        byte[] old = {1, 2, 3};
        SideBySide.all(50, seed -> {
            String name = "a" + (10 + seed);
            Random random = new Random(seed);
            // every fifth in two parts
            byte[] bytes =
                    new byte[seed % 5 == 0 ? PartsOutput.PART + random.nextInt(2_000_000) : random.nextInt(300_000)];
            random.nextBytes(bytes);
            store.put(name, out -> out.write(old));
            boolean done = false;
            try (FaultProxy proxy = new FaultProxy(server());
                    ObjectStore faulty = store(bucket, proxy.address())) {
                for (int i = random.nextInt(2); i >= 0; i--) proxy.arm(Fault.seeded(random, bytes.length));
                String etag = faulty.put(name, out -> out.write(bytes));
                done = true;
                assertThat(list(name, ALL))
                        .as("seed " + seed)
                        .containsExactly(new SourceObject(name, etag, bytes.length));
                fired.addAndGet(proxy.fired());
            } catch (UnavailableException e) {
                said.incrementAndGet();
            }
            try (InputStream in = store.open(list(name, ALL).get(0))) {
                byte[] now = in.readAllBytes();
                assertThat(Arrays.equals(now, bytes) || (!done && Arrays.equals(now, old)))
                        .as("seed " + seed)
                        .isTrue();
            }
        });
        assertThat(list("", ALL)).as("one each, and nothing else").hasSize(50);
        assertThat(said.get()).as("given up").isLessThanOrEqualTo(10);
        assertThat(fired.get()).isGreaterThanOrEqualTo(15);
        System.out.println(getClass().getSimpleName() + ": 50 puts under " + fired + " faults, " + said + " given up");
    }

    /** A client that sends a write again whose answer was lost hears that somebody was before it. */
    @Test
    void aConditionalWriteUnderFaultsSaysWhatHappened() throws Exception {
        AtomicInteger said = new AtomicInteger();
        AtomicInteger fired = new AtomicInteger();
        AtomicInteger won = new AtomicInteger();
        SideBySide.all(60, seed -> {
            String name = "c" + seed;
            Random random = new Random(seed);
            String before = seed % 2 == 0
                    ? null
                    : store.create(name, out -> out.write(7)).orElseThrow();
            byte[] bytes =
                    new byte[seed % 20 == 0 ? PartsOutput.PART + random.nextInt(100_000) : 1 + random.nextInt(3_000)];
            random.nextBytes(bytes);
            try (FaultProxy proxy = new FaultProxy(server());
                    ObjectStore faulty = store(bucket, proxy.address())) {
                proxy.arm(seed % 3 == 0 ? new Fault(Kind.DROP_REPLY, 0) : Fault.seeded(random, bytes.length));
                Optional<String> etag = before == null
                        ? faulty.create(name, out -> out.write(bytes))
                        : faulty.replace(name, before, out -> out.write(bytes));
                fired.addAndGet(proxy.fired());
                assertThat(etag).as("nobody else writes, seed " + seed).isPresent();
                StoredObject now = store.read(name, bytes.length).orElseThrow();
                assertThat(now.etag()).isEqualTo(etag.orElseThrow());
                assertThat(Arrays.equals(now.bytes(), bytes)).isTrue();
                won.incrementAndGet();
            } catch (UnavailableException e) {
                said.incrementAndGet();
            }
        });
        System.out.println(getClass().getSimpleName() + ": 60 conditional writes under " + fired + " faults, " + won
                + " told as they were, " + said + " given up");
        assertThat(said.get()).isLessThanOrEqualTo(10);
        assertThat(fired.get()).isGreaterThanOrEqualTo(20);
    }

    /** Of the status, the headers, the body: a listing that seemed to end there would lose what it did not show. */
    @Test
    void aListingThatEndsAnywhereIsWholeOrFails() throws Exception {
        for (int i = 0; i < 3; i++) store.put("o" + i, out -> out.write(1));
        List<SourceObject> all = list("", ALL);
        List<Fault> cuts = new ArrayList<>();
        for (int after = 0; after < 1_000; after += after < 20 ? 1 : 17) cuts.add(new Fault(Kind.CUT_REPLY, after));
        // where a client may take the end of the connection for that of the head
        for (int lines = 1; lines < 20; lines++) cuts.add(new Fault(Kind.CUT_LINES, lines));
        AtomicInteger whole = new AtomicInteger();
        int proxies = 6;
        SideBySide.all(proxies, first -> {
            try (FaultProxy proxy = new FaultProxy(server());
                    ObjectStore faulty = store(bucket, proxy.address())) {
                for (int i = first; i < cuts.size(); i += proxies) {
                    proxy.arm(cuts.get(i));
                    try {
                        assertThat(faulty.list("", ALL))
                                .toIterable()
                                .as(cuts.get(i).toString())
                                .containsExactlyElementsOf(all);
                        whole.incrementAndGet();
                    } catch (UnavailableException e) {
                        // allowed: it is said
                    }
                    proxy.disarm();
                }
            }
        });
        System.out.println(getClass().getSimpleName() + ": " + whole + " of " + cuts.size() + " cut listings whole");
    }

    @Test
    void aSinkHoldsExactlyTheWorldAndNobodySeesHalfAnObject() throws Exception {
        try (FaultProxy proxy = new FaultProxy(server());
                ObjectsSink broken = sink(proxy.address());
                ObjectsSink direct = sink(server());
                HalfObjects seen = new HalfObjects(() -> store(bucket, server()), "out/")) {
            // a listing, two objects read and written
            int attempts =
                    new SinkFaults(BucketContract::row, BucketContract::gone).survives(proxy, broken, direct, 3, 5);
            System.out.println(getClass().getSimpleName() + ": 50 batches under " + proxy.fired() + " faults, "
                    + attempts + " tries, " + seen.read() + " objects read meanwhile");
            assertThat(seen.read()).isGreaterThan(20);
            assertThat(seen.halves()).isEmpty();
        }
        assertThat(list("", ALL))
                .extracting(SourceObject::name)
                .containsExactly("out/part-00000-of-00002.jsonl.gz", "out/part-00001-of-00002.jsonl.gz");
        assertThat(leftovers()).isEmpty();
    }

    private ObjectsSink sink(String address) {
        return TestContext.knownTo(ObjectsSinks.of(
                "objects",
                scheme() + "://" + bucket,
                "out/",
                "jsonl",
                "gzip",
                2,
                "",
                "_key",
                "",
                ",",
                false,
                false,
                access(address)));
    }

    private static Record row(String key, int n) {
        byte[] noise = new byte[n % 500];
        new Random(n).nextBytes(noise);
        return Record.read(
                key,
                Fields.of("id", "version", "noise"),
                new Object[] {key, (long) n, noise},
                new Origin("a", n),
                Hash.NONE);
    }

    private static Record gone(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 1);
    }
}
