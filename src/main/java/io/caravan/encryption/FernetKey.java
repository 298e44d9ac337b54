package io.caravan.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of Fernet (AES-128-CBC and HMAC-SHA256), by which another system encrypted: its tokens are read, and none is made. How old a
 * token is does not count.
 */
final class FernetKey {

    /** Version 0x80, time and initial vector; then whole blocks; then the HMAC. */
    private static final int HEAD = 25;

    private static final int BLOCK = 16;
    private static final int HMAC = 32;

    private final SecretKeySpec signing;
    private final SecretKeySpec encryption;

    /** {@code text}: 32 bytes in Base64 of URLs. Throws IllegalArgumentException for another. */
    FernetKey(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text.strip());
        if (bytes.length != 2 * BLOCK) throw new IllegalArgumentException("a Fernet key has 32 bytes");
        this.signing = new SecretKeySpec(bytes, 0, BLOCK, "HmacSHA256");
        this.encryption = new SecretKeySpec(bytes, BLOCK, BLOCK, "AES");
    }

    /** Whether a text has the form of a token. */
    static boolean isToken(String text) {
        return text.startsWith("gAAAA") && bytes(text).isPresent();
    }

    /** The plain text; empty where the token is not of this key, or was changed. */
    Optional<String> open(String token) {
        Optional<byte[]> read = bytes(token);
        if (read.isEmpty()) return Optional.empty();
        byte[] bytes = read.get();
        int signed = bytes.length - HMAC;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(signing);
            mac.update(bytes, 0, signed);
            byte[] there = Arrays.copyOfRange(bytes, signed, bytes.length);
            if (!MessageDigest.isEqual(mac.doFinal(), there)) return Optional.empty();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, encryption, new IvParameterSpec(bytes, HEAD - BLOCK, BLOCK));
            return Optional.of(new String(cipher.doFinal(bytes, HEAD, signed - HEAD), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> bytes(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            int blocks = bytes.length - HEAD - HMAC;
            boolean form = blocks >= BLOCK && blocks % BLOCK == 0 && bytes[0] == (byte) 0x80;
            return form ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
