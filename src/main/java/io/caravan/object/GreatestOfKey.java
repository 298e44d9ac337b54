package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * The greatest value of a field among the records of each key, of all objects of a source, in a temporary file. Used by one thread
 * at a time.
 */
final class GreatestOfKey implements AutoCloseable {

    private static final int CACHE_MEGABYTES = 16;

    private final String field;
    private final Path file;
    private final MVStore store;
    private final MVMap<String, String> greatest; // by key: the value as text that sorts

    GreatestOfKey(String field) {
        this.field = field;
        try {
            this.file = Files.createTempFile("caravan-greatest-", ".index");
            this.store = new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize(CACHE_MEGABYTES)
                    .open();
        } catch (IOException | MVStoreException e) {
            throw new UnavailableException(
                    "objects-source: the greatest values of '" + field + "' cannot be kept on this machine: "
                            + Words.other(e),
                    e);
        }
        this.greatest = store.openMap(
                "greatest",
                new MVMap.Builder<String, String>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(StringDataType.INSTANCE));
    }

    /** Looks at all records of an object; rows that are no records are for who reads it next. */
    void look(RecordReader reader) {
        for (Optional<Record> next = reader.read(bad -> {}); next.isPresent(); next = reader.read(bad -> {})) {
            String rank = Rank.of(next.get().get(field).orElse(null));
            String held = greatest.get(next.get().key());
            if (held == null || rank.compareTo(held) > 0)
                greatest.put(next.get().key(), rank);
        }
    }

    /** Shows of what it reads only the records with the greatest value of their key. */
    RecordReader only(RecordReader reader) {
        return new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                Optional<Record> next = reader.read(bad);
                while (next.isPresent() && !wins(next.get())) next = reader.read(bad);
                return next;
            }

            @Override
            public boolean asStored() {
                return false;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    /** A key that nobody looked at came since: it is as good as any. */
    private boolean wins(Record record) {
        String held = greatest.get(record.key());
        return held == null || Rank.of(record.get(field).orElse(null)).compareTo(held) >= 0;
    }

    @Override
    public void close() {
        store.closeImmediately();
        var unused = file.toFile().delete();
    }
}
