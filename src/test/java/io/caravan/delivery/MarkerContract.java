package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Record;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a sink's marker is: there for every connection until somebody empties the store, whichever way, and then gone for
 * all pipelines that write to it, also when one of them has come back already.
 */
public final class MarkerContract<S extends Sink & AutoCloseable> {

    /** Names that mean to do harm, and one another's beginning. */
    private static final String OWNER = "it's `a` \"pipe\\line\"; drop/é_%*$x";

    private static final String OTHER = "it's `a` \"pipe\\line\"; drop/é";
    private static final String FIRST = "0123456789abcdef0123456789abcdef";
    private static final String SECOND = "ffffffffffffffffffffffffffffffff";
    private static final String THIRD = "00000000000000000000000000000000";

    private final Supplier<S> open;
    private final List<Record> records;
    private final Record gone;

    /** How somebody empties a store. */
    @FunctionalInterface
    public interface Emptying {
        void run() throws Exception;
    }

    /**
     * @param open another sink of the same place; the contract closes it
     * @param records two or more
     * @param gone the tombstone of the first
     */
    public MarkerContract(Supplier<S> open, List<Record> records, Record gone) {
        this.open = open;
        this.records = List.copyOf(records);
        this.gone = gone;
    }

    /** Of a place that is empty, or not there yet. */
    public void keeps() throws Exception {
        try (S sink = open.get();
                S again = open.get()) {
            assertThat(sink.marks()).isTrue();
            assertThat(sink.marker(OWNER)).as("nothing is there").isEmpty();
            deliver(sink, records);
            assertThat(sink.marker(OWNER))
                    .as("written by a Caravan without markers")
                    .isEmpty();

            sink.mark(OWNER, FIRST);
            assertThat(sink.marker(OWNER)).contains(FIRST);
            assertThat(sink.marker(OTHER)).isEmpty();
            sink.mark(OTHER, SECOND);
            assertThat(again.marker(OWNER)).as("another connection").contains(FIRST);
            assertThat(again.marker(OTHER)).contains(SECOND);

            sink.mark(OWNER, THIRD);
            sink.mark(OWNER, THIRD);
            assertThat(again.marker(OWNER)).as("in place of the last").contains(THIRD);
            assertThat(again.marker(OTHER)).contains(SECOND);

            assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(keys(records));
            assertThat(sink.differing(records)).isEmpty();
            assertThat(sink.check()).isEmpty();
            deliver(sink, List.of(gone));
            assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(keys(records.subList(1, records.size())));
            assertThat(sink.marker(OWNER)).as("of a store that was written to").contains(THIRD);
            assertThat(sink.marks()).isTrue();

            sink.unmark(OTHER);
            sink.unmark(OTHER);
            assertThat(again.marker(OTHER)).as("taken away").isEmpty();
            assertThat(again.marker(OWNER)).as("another's").contains(THIRD);
            assertThat(keys(again)).containsExactlyInAnyOrderElementsOf(keys(records.subList(1, records.size())));
        }
    }

    /** Of a place that is empty, or not there yet; {@code way} says what {@code emptying} does. */
    public void loses(String way, Emptying emptying) throws Exception {
        try (S sink = open.get();
                S again = open.get()) {
            sink.mark(OWNER, FIRST);
            deliver(sink, records);
            sink.mark(OTHER, SECOND);
            assertThat(sink.marker(OWNER)).as("before " + way).contains(FIRST);
            assertThat(again.marker(OTHER)).as("before " + way).contains(SECOND);

            emptying.run();
            for (S either : List.of(sink, again)) {
                assertThat(either.marker(OWNER)).as(way).isEmpty();
                assertThat(either.marker(OTHER)).as(way).isEmpty();
            }

            sink.mark(OWNER, THIRD);
            deliver(sink, records);
            assertThat(again.marker(OWNER)).as("again after " + way).contains(THIRD);
            assertThat(again.marker(OTHER))
                    .as("after " + way + ", what the other pipeline wrote is still missing")
                    .isEmpty();
            assertThat(again.differing(records)).isEmpty();
        }
    }

    private static void deliver(Sink sink, List<Record> batch) {
        assertThat(sink.write(batch)).isEmpty();
        assertThat(sink.flush()).isEmpty();
        sink.complete();
    }

    private static List<String> keys(Sink sink) {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    private static List<String> keys(List<Record> records) {
        return records.stream().map(Record::key).toList();
    }
}
