package io.caravan.delivery;

import io.caravan.record.Sha256;

/** The owner of a marker where a store has room for a plain name only: 32 hexadecimal digits of its SHA-256. */
public final class OwnerHash {

    private OwnerHash() {}

    /** {@code owner}: any text. */
    public static String of(String owner) {
        return Sha256.hex(owner, 16);
    }
}
