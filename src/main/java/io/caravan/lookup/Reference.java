package io.caravan.lookup;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * What a reference said when it was read, by key, in a temporary file of which 16 MB are in memory. Thread-safe.
 *
 * <ul>
 *   <li>a key of several rows that differ in what is wanted has no answer: nobody knows which of them is meant
 *   <li>errors: those of its source; {@link ConfigurationException} when it has no row, or no row has a wanted field
 * </ul>
 */
final class Reference implements AutoCloseable {

    private static final int CACHE_MEGABYTES = 16;
    private static final Object[] SEVERAL = {};

    private final List<String> wanted;
    private final Path file;
    private final MVStore store;
    private final MVMap<String, Object[]> rows;
    private final Set<String> met = new LinkedHashSet<>();
    private long bad;
    private String firstBad = "";

    private Reference(List<String> wanted) {
        this.wanted = wanted;
        try {
            file = Files.createTempFile(
                    "caravan-lookup-" + ProcessHandle.current().pid() + "-", ".reference");
        } catch (IOException e) {
            throw away(e);
        }
        store = new MVStore.Builder()
                .fileName(file.toString())
                .cacheSize(CACHE_MEGABYTES)
                .open();
        rows = store.openMap("rows", new MVMap.Builder<String, Object[]>().keyType(StringDataType.INSTANCE));
    }

    /** All that the objects hold, of each row the wanted fields. */
    static Reference read(Source source, List<SourceObject> objects, List<String> wanted) {
        Reference reference = new Reference(List.copyOf(wanted));
        try {
            for (SourceObject object : objects) {
                try (RecordReader reader = source.open(object)) {
                    reference.take(reader);
                }
            }
            reference.check();
            return reference;
        } catch (MVStoreException e) {
            reference.close();
            throw away(e);
        } catch (RuntimeException | Error e) {
            reference.close();
            throw e;
        }
    }

    private static UnavailableException away(Exception e) {
        return new UnavailableException(
                Lookup.UNIT + ": the reference cannot be kept in the folder for temporary files: " + Words.other(e)
                        + "; free space there, or choose another with -Djava.io.tmpdir",
                e);
    }

    private void take(RecordReader reader) {
        Fields last = null;
        int[] at = {};
        for (Optional<Record> row = reader.read(this::bad); row.isPresent(); row = reader.read(this::bad)) {
            Record record = row.get();
            if (record.fields() != last) {
                last = record.fields();
                at = wanted.stream().mapToInt(last::indexOf).toArray();
                met.addAll(last.names());
            }
            Object[] values = new Object[at.length];
            for (int i = 0; i < at.length; i++) values[i] = at[i] < 0 ? null : record.at(at[i]);
            Object[] other = rows.putIfAbsent(record.key(), values);
            if (other != null && !Arrays.deepEquals(other, values)) rows.put(record.key(), SEVERAL);
        }
    }

    private void bad(BadRow row) {
        if (bad++ == 0) firstBad = row.reason();
    }

    private void check() {
        if (rows.isEmpty())
            throw new ConfigurationException(
                    SettingChecks.sentence(Lookup.UNIT, "the reference", "have at least one row with its key", "none")
                            + (bad == 0 ? "" : "; the first of " + bad + " rows that are none: " + firstBad));
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(met);
        if (!missing.isEmpty())
            throw new ConfigurationException(SettingChecks.sentence(
                            Lookup.UNIT, "fields", "be in the reference", String.join(", ", missing))
                    + "; it has " + String.join(", ", met.stream().limit(50).toList()));
    }

    /** What it says of the key; null where it has no such row. */
    Object[] row(String key) {
        return rows.get(key);
    }

    static boolean isAmbiguous(Object[] row) {
        return row.length == 0;
    }

    /** What of it could not be read, in a sentence. */
    Optional<String> note() {
        if (bad == 0) return Optional.empty();
        return Optional.of(Lookup.UNIT + ": " + bad
                + " rows of the reference are none that can be looked up, the first: " + firstBad);
    }

    @Override
    public void close() {
        store.closeImmediately();
        var unused = file.toFile().delete();
    }
}
