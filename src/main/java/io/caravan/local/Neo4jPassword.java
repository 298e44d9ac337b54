package io.caravan.local;

import io.caravan.record.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The file from which a new Neo4j takes its first user, as {@code neo4j-admin dbms set-initial-password} writes it: salted
 * SHA-256, 1,024 rounds. Starting the admin's JVM for it would take longer than the server's own start-up.
 */
final class Neo4jPassword {

    private static final int ROUNDS = 1024;

    private Neo4jPassword() {}

    /** Readable by its owner only, whole or not at all. */
    static void write(Path file, String user, String password) throws IOException {
        byte[] salt = new byte[32];
        new SecureRandom().nextBytes(salt);
        HexFormat hex = HexFormat.of();
        String line = user + ":SHA-256," + hex.formatHex(hash(salt, password)) + "," + hex.formatHex(salt) + ","
                + ROUNDS + ":\n";
        Path whole = Files.createTempFile(
                file.getParent(),
                "auth",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(whole, line);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] hash(byte[] salt, String password) {
        MessageDigest sha = Sha256.digest();
        sha.update(salt);
        byte[] hash = sha.digest(password.getBytes(StandardCharsets.UTF_8));
        for (int round = 1; round < ROUNDS; round++) hash = sha.digest(hash);
        return hash;
    }
}
