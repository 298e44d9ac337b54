package io.caravan.dataset;

import io.caravan.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * By what the ledger knows a file of a dataset, kept as the object's etag: other rules or other bytes are another file, another
 * address or validator are not.
 *
 * @param rules of {@link Dataset#rules}
 * @param place of {@link Extract.Known}, as a hash
 * @param sha256 of the bytes
 * @param validator of {@link Extract.Known}
 */
record Print(String rules, String place, String sha256, String validator) {

    private static final String SEPARATOR = "|";

    static Print of(String rules, Extract.Known known, String sha256) {
        return new Print(rules, place(known.place()), sha256, known.validator());
    }

    static Optional<Print> parse(String etag) {
        String[] parts = etag.split("\\|", 4);
        return parts.length == 4 ? Optional.of(new Print(parts[0], parts[1], parts[2], parts[3])) : Optional.empty();
    }

    static String place(String url) {
        return Sha256.hex(url, 8);
    }

    static String sha256(Path file) {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) digest.update(buffer, 0, n);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, rules, place, sha256, validator);
    }
}
