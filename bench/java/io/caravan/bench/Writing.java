package io.caravan.bench;

import io.caravan.delivery.Sink;
import io.caravan.record.Record;

/** One connector of part (e): the same batches, written by Caravan's sink and by its store's bare client. */
interface Writing extends AutoCloseable {

    /** What the table calls it. */
    String name();

    /** How many records its server takes in a reasonable time for the ratio. */
    int rated();

    /** How many different keys the records have by which the heap is measured; fewer where the server is the limit. */
    int keys();

    /** The record of that number; asked while no clock runs. */
    default Record record(int i) {
        return OrderRecords.record(i);
    }

    /** Leaves nothing of earlier rounds in the store. */
    void empty() throws Exception;

    /** Connects on first use or at once; the clock runs. */
    Bare bare() throws Exception;

    /** The same of Caravan; closed afterwards when it can be. */
    Sink sink() throws Exception;

    /** The one by which the heap is measured: on a server that forgets what it gets, where a real one is too slow. */
    default Sink heapSink() throws Exception {
        return sink();
    }

    /** How many records the store holds. */
    long held() throws Exception;

    /** Whether {@link #held} counts requests: a client sends one again when its connection ended. */
    default boolean countsRequests() {
        return false;
    }
}
