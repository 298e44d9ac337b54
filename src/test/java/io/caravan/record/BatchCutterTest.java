package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchCutterTest {

    private static final Fields ID = Fields.of("id");
    private final ContentHash hasher = new ContentHash();

    @Property(tries = 50)
    void theBatchesInOrderAreTheRecords(@ForAll int seed, @ForAll @IntRange(max = 6000) int count) {
        List<Record> records = records(seed, count);
        List<Batch> batches = cut(records);
        assertThat(batches.stream().flatMap(b -> b.records().stream())).isEqualTo(records);
    }

    @Property(tries = 50)
    void everyBatchEndsWhereTheContentSaysSo(@ForAll int seed) {
        List<Batch> batches = cut(records(seed, 6000));
        for (Batch batch : batches.subList(0, batches.size() - 1)) {
            int size = batch.records().size();
            boolean zeroBits = (batch.records().get(size - 1).hash().low() & 0b1_1111_1111) == 0;
            assertThat(size).isBetween(100, 2000);
            assertThat(zeroBits || size == 2000).isTrue();
            for (int i = 99; i < size - 1; i++) {
                assertThat(batch.records().get(i).hash().low() & 0b1_1111_1111).isNotZero();
            }
        }
    }

    @Property(tries = 30)
    void anInsertedRecordChangesFewBatches(@ForAll int seed) {
        List<Record> records = records(seed, 30_000);
        Set<Hash> before = fingerprints(records);
        records.add(new Random(seed).nextInt(records.size()), record("inserted"));
        Set<Hash> after = fingerprints(records);
        after.removeAll(before);
        // 1 or 2 as a rule; the minimum length may carry a shift over a few cuts
        assertThat(after).hasSizeBetween(1, 8);
    }

    @Test
    void recordsThatAllAskForACutMakeBatchesOfTheLeastLength() {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 250; i++) records.add(withHash("k" + i, new Hash(i, 512L * i)));
        assertThat(cut(records)).extracting(b -> b.records().size()).containsExactly(100, 100, 50);
    }

    @Test
    void recordsThatNeverAskForACutMakeBatchesOfTheGreatestLength() {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 4100; i++) records.add(withHash("k" + i, new Hash(i, 1)));
        assertThat(cut(records)).extracting(b -> b.records().size()).containsExactly(2000, 2000, 100);
    }

    @Test
    void heavyRecordsMakeSmallBatches() {
        String megabyte = "x".repeat(1 << 20);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) records.add(record(i + megabyte));
        assertThat(cut(records)).extracting(b -> b.records().size()).containsExactly(4, 4, 2);
    }

    @Test
    void theFingerprintIsTheKnownOne() {
        // computed from docs/records.md by a program in another language
        assertThat(cut(List.of(record("1"), record("2"))))
                .singleElement()
                .extracting(b -> b.fingerprint().toString())
                .isEqualTo("1c8066972c325d43107042168356e6fa");
    }

    @Test
    void theFingerprintTellsObjectOrderKeyAndContentApart() {
        Record a = withHash("a", new Hash(1, 1));
        Record b = withHash("b", new Hash(1, 1));
        Record changed = withHash("a", new Hash(1, 3));
        assertThat(List.of(
                        fingerprint("x", a, b),
                        fingerprint("y", a, b),
                        fingerprint("x", b, a),
                        fingerprint("x", a, a),
                        fingerprint("x", a),
                        fingerprint("x", changed, b)))
                .doesNotHaveDuplicates();
    }

    @Test
    void recordsAreAskedForOnlyAsBatchesAreTaken() {
        Iterator<Record> records = records(1, 5000).iterator();
        AtomicInteger asked = new AtomicInteger();
        BatchCutter cutter = new BatchCutter("o.csv", () -> {
            asked.incrementAndGet();
            return Optional.of(records.next());
        });
        assertThat(asked).hasValue(0);
        int size = cutter.next().records().size();
        assertThat(asked).hasValue(size);
    }

    @Test
    void aSourceThatBreaksGivesNoHalfBatch() {
        Iterator<Record> records = records(1, 50).iterator();
        BatchCutter cutter = new BatchCutter("o.csv", () -> Optional.of(records.next()));
        assertThatThrownBy(cutter::hasNext).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void noRecordsAreNoBatches() {
        BatchCutter cutter = new BatchCutter("o.csv", Optional::empty);
        assertThat(cutter.hasNext()).isFalse();
        assertThatThrownBy(cutter::next).hasMessage("o.csv: no more batches");
    }

    private List<Record> records(int seed, int count) {
        List<Record> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) records.add(record(seed + "-" + i));
        return records;
    }

    private Record record(String id) {
        Object[] values = {id};
        return Record.read(id, ID, values, new Origin("o.csv", 1), hasher.of(ID, values));
    }

    private static Record withHash(String id, Hash hash) {
        return Record.read(id, ID, new Object[] {id}, new Origin("o.csv", 1), hash);
    }

    private static List<Batch> cut(List<Record> records) {
        Iterator<Record> next = records.iterator();
        List<Batch> batches = new ArrayList<>();
        new BatchCutter("o.csv", () -> next.hasNext() ? Optional.of(next.next()) : Optional.empty())
                .forEachRemaining(batches::add);
        return batches;
    }

    private static Set<Hash> fingerprints(List<Record> records) {
        Set<Hash> all = new HashSet<>();
        for (Batch batch : cut(records)) all.add(batch.fingerprint());
        return all;
    }

    private static Hash fingerprint(String object, Record... records) {
        Iterator<Record> next = List.of(records).iterator();
        return new BatchCutter(object, () -> next.hasNext() ? Optional.of(next.next()) : Optional.empty())
                .next()
                .fingerprint();
    }
}
