package io.caravan.object;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.delivery.EndedRun;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Puts and deletes the objects of a sink, and knows what a run did: where it is wanted, an object beside them says so at its end,
 * {@code <prefix>_caravan-runs/run-<number>.json}. Names whose folder begins with {@code _} are no data to Spark, Hive and
 * Arrow, and {@code objects-source} skips these.
 */
final class WrittenObjects {

    private static final String FOLDER = "_caravan-runs/";
    private static final Pattern MANIFEST = Pattern.compile("(.*/|)" + FOLDER + "run-[0-9]+\\.json", Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes the rows of an object and tells how many. */
    @FunctionalInterface
    interface Rows {
        long writeTo(OutputStream out) throws IOException;
    }

    private record Written(String etag, long size, long records) {}

    private final ObjectStore store;
    private final String prefix;
    private final boolean manifests;
    private final Map<String, Written> written = new TreeMap<>();
    private final Set<String> deleted = new TreeSet<>();

    WrittenObjects(ObjectStore store, String prefix, boolean manifests) {
        this.store = store;
        this.prefix = prefix;
        this.manifests = manifests;
    }

    /** Whether an object says what a run wrote. */
    static boolean isManifest(String object) {
        return MANIFEST.matcher(object).matches();
    }

    /** As {@link ObjectStore#put}. */
    void put(String object, Rows rows) {
        long[] bytesAndRows = new long[2];
        String etag = store.put(object, out -> {
            Counting counting = new Counting(out);
            bytesAndRows[1] = rows.writeTo(counting);
            bytesAndRows[0] = counting.bytes;
        });
        if (!manifests) return;
        written.put(object, new Written(etag, bytesAndRows[0], bytesAndRows[1]));
        deleted.remove(object);
    }

    /** As {@link ObjectStore#delete}. */
    void delete(String object) {
        store.delete(object);
        if (!manifests) return;
        written.remove(object);
        deleted.add(object);
    }

    /** Keeps what was put and deleted since it was forgotten last, if anything was, and forgets it. */
    void keep(EndedRun run) {
        if (written.isEmpty() && deleted.isEmpty()) return;
        ObjectNode manifest = JSON.createObjectNode()
                .put("run", run.number())
                .put("pipeline", run.pipeline())
                .put("tenant", run.tenant())
                .put("began", run.began().toString())
                .put("ended", Instant.now().toString());
        ArrayNode objects = manifest.putArray("objects");
        written.forEach((name, its) -> objects.addObject()
                .put("key", name)
                .put("size", its.size())
                .put("etag", its.etag())
                .put("records", its.records()));
        ArrayNode gone = manifest.putArray("deleted");
        deleted.forEach(gone::add);
        byte[] text = manifest.toString().getBytes(StandardCharsets.UTF_8);
        store.put(prefix + FOLDER + "run-" + run.number() + ".json", out -> out.write(text));
        forget();
    }

    void forget() {
        written.clear();
        deleted.clear();
    }

    /** Hands all on and counts. */
    private static final class Counting extends FilterOutputStream {

        private long bytes;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] some, int begin, int length) throws IOException {
            out.write(some, begin, length);
            bytes += length;
        }
    }
}
