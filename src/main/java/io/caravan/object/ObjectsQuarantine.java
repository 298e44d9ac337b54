package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Sha256;
import io.caravan.source.Quarantine;
import io.caravan.source.SourceObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refused rows as objects of a store: {@code quarantine/<object>.<flow>.<hash>.jsonl}, where the hash is that of the bytes, so that what is there
 * already is known by its name. A newer one is there before an older goes.
 */
final class ObjectsQuarantine implements Quarantine {

    static final String FOLDER = "quarantine/";
    private static final int HASH_BYTES = 8;
    private static final int LONGEST_PART = 255;

    private final ObjectStore store;
    private final String prefix;

    /** {@code prefix}: what the names of all objects begin with, of which rows are kept. */
    ObjectsQuarantine(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = FOLDER + prefix;
    }

    ObjectStore store() {
        return store;
    }

    @Override
    public void keep(String flow, Iterator<Refused> all) {
        String end = "." + flow.replace('[', '.').replace("]", "");
        Set<String> kept = kept(end);
        while (all.hasNext()) {
            Refused refused = all.next();
            Path file = null;
            try {
                file = Files.createTempFile("caravan-quarantine-", ".jsonl");
                String hash = written(file, refused.rows());
                keep(name(refused.object(), end + "." + hash + ".jsonl"), file, kept);
            } catch (IOException e) {
                throw new UnavailableException(
                        "objects-source: quarantine needs a temporary file: " + Words.other(e)
                                + "; free space there, or choose another folder with -Djava.io.tmpdir",
                        e);
            } finally {
                if (file != null) {
                    var unused = file.toFile().delete();
                }
            }
        }
        kept.forEach(store::delete);
    }

    private void keep(String name, Path file, Set<String> kept) {
        if (kept.remove(name)) return;
        store.make();
        store.put(name, out -> Files.copy(file, out));
    }

    private Set<String> kept(String end) {
        Set<String> kept = new HashSet<>();
        if (!store.there()) return kept;
        Pattern ours = Pattern.compile(
                ".+" + Pattern.quote(end) + "\\.[0-9a-f]{" + 2 * HASH_BYTES + "}\\.jsonl", Pattern.DOTALL);
        Iterator<SourceObject> listed = store.list(prefix, new Glob("*.jsonl"));
        while (listed.hasNext()) {
            String name = listed.next().name();
            if (ours.matcher(name).matches()) kept.add(name);
        }
        return kept;
    }

    /** Of an object whose name is as long as names can be, a hash. */
    private String name(String object, String end) {
        String name = FOLDER + object + end;
        String last = name.substring(name.lastIndexOf('/') + 1);
        boolean fits = last.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PART && ObjectNames.plain(name);
        return fits ? name : prefix + Sha256.hex(object, HASH_BYTES) + end;
    }

    private static String written(Path file, Iterator<String> rows) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        try (OutputStream out = new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(file), sha256))) {
            while (rows.hasNext()) {
                out.write(rows.next().getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, HASH_BYTES);
    }
}
