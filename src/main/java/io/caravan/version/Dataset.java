package io.caravan.version;

import io.caravan.format.JsonFormat;
import io.caravan.format.PackedFormat;
import io.caravan.format.WritableFormat;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** The objects of one data set, as they are read. */
record Dataset(ObjectStore store, Names names, Points points, WritableFormat format) {

    static final Glob ALL = new Glob("*");
    /** A manifest of 100,000 partitions has some 30 MB. */
    private static final int MOST_MANIFEST = 256 << 20;
    /** Larger ones are read as a stream. */
    private static final int AT_ONCE = 4 << 20;

    private static final int POINTER = 1 << 10;

    /** A pointer as it was read; {@code version} is blank and the etag null when there is none. */
    record Pointer(String version, String etag) {}

    Pointer pointer(String name) {
        Optional<StoredObject> stored = read(name, POINTER);
        if (stored.isEmpty()) return new Pointer("", null);
        // whoever wrote it, perhaps an editor that ends lines
        String version = new String(stored.get().bytes(), StandardCharsets.UTF_8).strip();
        if (!Names.plain(version)) throw Damaged.object(name, "name a version", version);
        return new Pointer(version, stored.get().etag());
    }

    /** A folder that is not there yet holds nothing. */
    Optional<StoredObject> read(String name, int most) {
        return store.there() ? store.read(name, most) : Optional.empty();
    }

    Optional<Manifest> manifest(String version) {
        String name = names.manifest(version);
        return read(name, MOST_MANIFEST).map(stored -> Manifest.read(name, stored.bytes()));
    }

    Optional<View> view(String version) {
        if (version.isEmpty()) return Optional.empty();
        String name = names.view(version);
        return read(name, MOST_MANIFEST).map(stored -> View.read(name, stored.bytes()));
    }

    Optional<StoredObject> projectionManifest() {
        return read(names.projectionManifest(), MOST_MANIFEST);
    }

    Iterator<SourceObject> list(String prefix) {
        return store.there() ? store.list(prefix, ALL) : Collections.emptyIterator();
    }

    /** The bytes of an object that never changes, from its name alone. */
    InputStream open(String name, long size, String sha256) {
        if (size >= 0 && size <= AT_ONCE) {
            byte[] bytes =
                    store.read(name, AT_ONCE).orElseThrow(() -> missing(name)).bytes();
            String hash = HexFormat.of().formatHex(Sha256.digest().digest(bytes));
            if (!sha256.isEmpty() && !hash.equals(sha256))
                throw Damaged.object(name, "have the SHA-256 " + sha256, hash);
            return new ByteArrayInputStream(bytes);
        }
        for (Iterator<SourceObject> all = store.list(name, ALL); all.hasNext(); ) {
            SourceObject object = all.next();
            if (object.name().equals(name)) return store.open(object);
        }
        throw missing(name);
    }

    private static RuntimeException missing(String name) {
        return Damaged.object(name, "be there", "nothing");
    }

    /** Its rows, of whoever wrote them: of JSON also an object with the rows under {@code data}. */
    void rows(InputStream opened, String name, Consumer<Record> each) {
        try (InputStream bytes = new BufferedInputStream(opened);
                RecordReader rows = reader(bytes, name)) {
            for (Optional<Record> row = rows.read(bad -> bad(name, bad.reason()));
                    row.isPresent();
                    row = rows.read(bad -> bad(name, bad.reason()))) {
                each.accept(row.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RecordReader reader(InputStream bytes, String name) throws IOException {
        if (name.endsWith(".json")) {
            bytes.mark(100);
            int first = bytes.read();
            for (int i = 0; i < 90 && first >= 0 && first <= ' '; i++) first = bytes.read();
            bytes.reset();
            if (first == '{') {
                return new PackedFormat(new JsonFormat("data"), 1000).open(bytes, name, points.keyFields());
            }
        }
        return format.open(bytes, name, points.keyFields());
    }

    private static void bad(String name, String reason) {
        throw Damaged.object(name, "hold points", reason);
    }
}
