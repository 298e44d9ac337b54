package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of objects must do. */
abstract class ObjectStoreContract {

    static final Glob ALL = new Glob("*");

    ObjectStore store;

    /** A store without objects, of its own for each test. */
    abstract ObjectStore emptyStore() throws Exception;

    /** What uploads that failed left behind, besides objects. */
    abstract List<String> leftovers() throws Exception;

    @BeforeEach
    void makeStore() throws Exception {
        store = emptyStore();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- names

    @Test
    void whatIsPutIsListedAndReadByThatName() throws IOException {
        List<String> names = List.of(
                "a b+c%20d.csv",
                "a/b/c?d=e&f#g.csv",
                "a'b\"c`d.csv",
                "a<b>&c;.csv",
                "a:b|c;d*e.csv",
                "e\u0301/\u00e9.csv",
                "k=v/x~y!z@$,().csv",
                "\ud83d\ude80.csv",
                "${env:HOME}.csv",
                "{{x}}.csv",
                "%2e%2e%2fx.csv",
                "%00.csv",
                "x ");
        for (String name : names) put(name, "text of " + name);
        assertThat(names("", ALL)).containsExactlyInAnyOrderElementsOf(names);
        for (SourceObject object : list("", ALL)) {
            assertThat(text(object)).as(object.name()).isEqualTo("text of " + object.name());
        }
        for (String name : names) store.delete(name);
        assertThat(names("", ALL)).isEmpty();
    }

    @Test
    void namesThatLeadAwayOrHideAreRefused() {
        List<String> names = new ArrayList<>(List.of(
                "", " ", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", "./a", "a/.", "a\0b", "a\rb", "a\nb",
                "a\tb", "a\\b", "a.", "a./b"));
        names.add("x".repeat(2000));
        names.add("half \ud83d");
        for (String name : names) {
            assertThatThrownBy(() -> put(name, "text"))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("objects: an object's name must ");
            assertThatThrownBy(() -> store.delete(name)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(names("", ALL)).isEmpty();
        for (String name : List.of("../a", "a/../b", "./a")) {
            assertThatThrownBy(() -> store.open(new SourceObject(name, "1", 4)))
                    .as(name)
                    .isInstanceOf(IncompleteSourceException.class);
        }
    }

    // ---- listing

    @Test
    void objectsAreListedInOrderByPrefixAndPattern() throws IOException {
        for (String name : List.of("b.csv", "a/z.csv", "a.csv", "a-b.csv", "a/b/c.csv", "a0.csv", "a/z.txt")) {
            put(name, "x");
        }
        assertThat(names("", ALL))
                .containsExactly("a-b.csv", "a.csv", "a/b/c.csv", "a/z.csv", "a/z.txt", "a0.csv", "b.csv");
        assertThat(names("a/", new Glob("*.csv"))).containsExactly("a/b/c.csv", "a/z.csv");
        assertThat(names("a", new Glob("?.csv"))).containsExactly("a.csv", "a/b/c.csv", "a/z.csv");
        assertThat(names("none/", ALL)).isEmpty();
    }

    @Test
    void allPagesAreListed() throws IOException {
        List<String> names =
                IntStream.range(0, 1100).mapToObj("n/%04d"::formatted).toList();
        for (String name : names) put(name, "");
        assertThat(names("n/", ALL)).isEqualTo(names);
    }

    // ---- putting and reading

    @Test
    void theEtagThatPuttingTellsIsTheOneThatIsListedAndChangesWithTheBytes() throws IOException {
        String first = put("a/b", "1234");
        assertThat(list("", ALL)).containsExactly(new SourceObject("a/b", first, 4));
        String second = put("a/b", "4321");
        assertThat(list("", ALL)).containsExactly(new SourceObject("a/b", second, 4));
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void anObjectMayBeEmpty() throws IOException {
        put("empty", "");
        assertThat(list("", ALL)).singleElement().extracting(SourceObject::size).isEqualTo(0L);
        assertThat(text(list("", ALL).get(0))).isEmpty();
    }

    @Test
    void aBigObjectGoesInPartsAndIsSeenOnlyWhole() throws IOException {
        byte[] bytes = new byte[(40 << 20) + 17];
        new Random(1).nextBytes(bytes);
        String etag = store.put("big", out -> {
            out.write(bytes, 0, 35 << 20);
            assertThat(names("", ALL)).as("before it is complete").isEmpty();
            out.write(bytes, 35 << 20, bytes.length - (35 << 20));
            out.close();
        });
        assertThat(list("", ALL)).containsExactly(new SourceObject("big", etag, bytes.length));
        try (InputStream in = store.open(list("", ALL).get(0))) {
            assertThat(in.readNBytes(1000)).isEqualTo(Arrays.copyOf(bytes, 1000));
        }
        try (InputStream in = store.open(list("", ALL).get(0))) {
            assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
        }
        assertThat(store.put("exact", out -> out.write(bytes, 0, PartsOutput.PART)))
                .isNotEmpty();
        assertThat(list("e", ALL))
                .singleElement()
                .extracting(SourceObject::size)
                .isEqualTo((long) PartsOutput.PART);
    }

    @Test
    void contentThatFailsLeavesTheOldObjectAndNothingElse() throws Exception {
        put("a", "old");
        for (int size : List.of(0, 1000, 20 << 20)) {
            for (String name : List.of("a", "new")) {
                assertThatThrownBy(() -> store.put(name, out -> {
                            out.write(new byte[size]);
                            out.flush();
                            throw new IllegalStateException("no more");
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("no more");
            }
        }
        assertThat(names("", ALL)).containsExactly("a");
        assertThat(text(list("", ALL).get(0))).isEqualTo("old");
        assertThat(leftovers()).isEmpty();
    }

    // ---- exactly the version that was listed

    @Test
    void anObjectThatChangedSinceItWasListedIsNotRead() throws IOException {
        put("a", "1234");
        SourceObject listed = list("", ALL).get(0);
        put("a", "4321");
        assertThatThrownBy(() -> text(listed))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("a: the object ")
                .hasMessageContaining("since it was listed");
        store.delete("a");
        assertThatThrownBy(() -> text(listed))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("a: the object ")
                .hasMessageContaining("since it was listed");
        store.delete("a");
    }

    @Test
    void anObjectThatChangesWhileItIsReadIsReadAsItWasOrNotToItsEnd() throws IOException {
        byte[] old = new byte[12 << 20];
        new Random(2).nextBytes(old);
        for (String change : List.of("other bytes", "gone")) {
            store.put("a", out -> out.write(old));
            SourceObject listed = list("", ALL).get(0);
            try (InputStream in = store.open(listed)) {
                byte[] begin = in.readNBytes(100);
                if (change.equals("gone")) store.delete("a");
                else put("a", change);
                byte[] rest = in.readAllBytes();
                assertThat(Arrays.equals(concat(begin, rest), old)).isTrue();
            } catch (IncompleteSourceException e) {
                assertThat(e).hasMessageStartingWith("a: the object ");
            }
        }
    }

    @Test
    void aReadGivesAByteUntilTheEnd() throws IOException {
        put("a", "12345");
        try (InputStream in = store.open(list("", ALL).get(0))) {
            byte[] some = new byte[4];
            int all = 0;
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                assertThat(n).isPositive();
                all += n;
            }
            assertThat(all).isEqualTo(5);
        }
    }

    @Test
    void aSizeThatIsNotTheListedOneIsNoEnd() throws IOException {
        put("a", "12345");
        SourceObject listed = list("", ALL).get(0);
        for (long size : List.of(4L, 6L)) {
            assertThatThrownBy(() -> text(new SourceObject("a", listed.etag(), size)))
                    .isInstanceOf(RuntimeException.class);
        }
    }

    // ---- writing only what nobody else wrote

    @Test
    void anObjectIsCreatedOnlyWhereThereIsNone() {
        assertThat(store.read("a/b.txt", 10)).isEmpty();
        String etag = store.create("a/b.txt", bytes("one")).orElseThrow();
        assertThat(store.create("a/b.txt", bytes("two"))).isEmpty();
        assertThat(store.create("a/b.txt", bytes("one")))
                .as("the same bytes of another one")
                .isEmpty();
        assertThat(whole("a/b.txt")).isEqualTo("one");
        assertThat(store.read("a/b.txt", 10).orElseThrow().etag()).isEqualTo(etag);
        assertThat(names("", ALL)).containsExactly("a/b.txt");
        store.delete("a/b.txt");
        assertThat(store.create("a/b.txt", bytes("three"))).isPresent();
        assertThat(whole("a/b.txt")).isEqualTo("three");
    }

    @Test
    void objectsThatAreWrittenTogetherAreAllThereWhenTheyAreFinished() throws Exception {
        put("t/07", "of another");
        put("t/08", "old");
        List<String> taken = new ArrayList<>();
        try (Together together = store.together()) {
            for (int i = 0; i < 40; i++) {
                String name = "t/%02d".formatted(i);
                if (i == 8) together.put(name, bytes("text of " + name));
                else together.create(name, bytes("text of " + name), () -> taken.add(name));
            }
            together.finish();
        }
        assertThat(taken).containsExactly("t/07");
        List<SourceObject> all = list("t/", ALL);
        assertThat(all).hasSize(40);
        for (SourceObject object : all) {
            String text = object.name().equals("t/07") ? "of another" : "text of " + object.name();
            assertThat(text(object)).isEqualTo(text);
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aStoreThatCopiesByItselfMakesTheSameObjectAgain() throws Exception {
        String odd = "a b+c%20d/\u00e9${x}.csv";
        put(odd, "the text");
        boolean copied = store.copyWithin(odd, "copy of/" + odd);
        assertThat(names("copy of/", ALL)).hasSize(copied ? 1 : 0);
        if (copied) assertThat(whole("copy of/" + odd)).isEqualTo("the text");
        assertThat(store.copyWithin("nothing", "copy of/nothing")).isFalse();
    }

    @Test
    void anObjectIsReplacedOnlyWhileItIsTheOneThatWasRead() throws Exception {
        String first = store.create("index/current", bytes("one")).orElseThrow();
        String second = store.replace("index/current", first, bytes("two")).orElseThrow();
        assertThat(store.replace("index/current", first, bytes("three"))).isEmpty();
        assertThat(whole("index/current")).isEqualTo("two");
        assertThat(store.read("index/current", 10).orElseThrow().etag()).isEqualTo(second);
        store.delete("index/current");
        assertThat(store.replace("index/current", second, bytes("four"))).isEmpty();
        assertThat(store.read("index/current", 10)).isEmpty();
        assertThat(names("", ALL)).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aBigObjectIsCreatedAndReplacedInParts() throws Exception {
        byte[] bytes = new byte[PartsOutput.PART + 1000];
        new Random(4).nextBytes(bytes);
        String etag = store.create("big", out -> out.write(bytes)).orElseThrow();
        if (conditionsHoldForParts())
            assertThat(store.create("big", out -> out.write(bytes))).isEmpty();
        bytes[0]++;
        assertThat(store.replace("big", etag, out -> out.write(bytes))).isPresent();
        if (conditionsHoldForParts()) {
            bytes[1]++;
            assertThat(store.replace("big", etag, out -> out.write(bytes))).isEmpty();
            bytes[1]--;
        }
        assertThat(store.read("big", bytes.length).orElseThrow().bytes()).isEqualTo(bytes);
        assertThatThrownBy(() -> store.read("big", bytes.length - 1))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("objects: the object big must have at most ");
        assertThat(leftovers()).isEmpty();
    }

    /** Of a server that is no real one. */
    boolean conditionsHoldForParts() {
        return true;
    }

    @Test
    void ofManyWritersAtOnceOneCreatesAndOneReplacesEachRound() throws Exception {
        ConditionalRace race = new ConditionalRace(store, 8, replacesOneAtATime());
        race.run(ConditionalRace.ROUNDS);
        System.out.println(getClass().getSimpleName() + ": " + race);
        assertThat(race.faults()).isEmpty();
    }

    /** Of a server that is no real one. */
    boolean replacesOneAtATime() {
        return true;
    }

    private String whole(String name) {
        return new String(store.read(name, 1000).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static ObjectStore.Content bytes(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    // ----

    String put(String name, String text) {
        return store.put(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    String text(SourceObject object) throws IOException {
        try (InputStream in = store.open(object)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<String> names(String prefix, Glob pattern) {
        return list(prefix, pattern).stream().map(SourceObject::name).toList();
    }

    List<SourceObject> list(String prefix, Glob pattern) {
        List<SourceObject> objects = new ArrayList<>();
        for (Iterator<SourceObject> all = store.list(prefix, pattern); all.hasNext(); ) objects.add(all.next());
        return objects;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
