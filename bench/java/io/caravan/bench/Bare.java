package io.caravan.bench;

import io.caravan.record.Record;
import java.util.List;

/** What somebody would write with a store's own client: the same batches in the same bulk calls, and no books. */
interface Bare extends AutoCloseable {

    void write(List<Record> batch) throws Exception;

    /** Ends what was gathered. */
    default void flush() throws Exception {}

    /** A hand-written loader of part (b). */
    static Bare of(PlainLoader.Store store) {
        return new Bare() {
            @Override
            public void write(List<Record> batch) throws Exception {
                store.write(batch.stream().map(OrderRecords::order).toList());
            }

            @Override
            public void close() throws Exception {
                store.close();
            }
        };
    }
}
