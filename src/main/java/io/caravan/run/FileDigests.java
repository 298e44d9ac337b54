package io.caravan.run;

import io.caravan.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** Hashes of large files, such as a model's, each read again only when its size or time is another. */
final class FileDigests {

    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    private record Known(long size, Object time, Object file, String digest) {}

    private FileDigests() {}

    static FileDigests of(CamelContext context) {
        FileDigests digests = context.getCamelContextExtension().getContextPlugin(FileDigests.class);
        if (digests != null) return digests;
        digests = new FileDigests();
        context.getCamelContextExtension().addContextPlugin(FileDigests.class, digests);
        return digests;
    }

    /** The SHA-256 of a file's bytes. */
    String digest(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Known before = known.get(file);
        boolean same = before != null
                && before.size() == now.size()
                && before.time().equals(now.lastModifiedTime())
                && before.file().equals(String.valueOf(now.fileKey()));
        if (same) return before.digest();
        try (DigestInputStream in = new DigestInputStream(open(file), Sha256.digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            String digest = HexFormat.of().formatHex(in.getMessageDigest().digest());
            known.put(file, new Known(now.size(), now.lastModifiedTime(), String.valueOf(now.fileKey()), digest));
            return digest;
        }
    }

    private static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file);
    }
}
