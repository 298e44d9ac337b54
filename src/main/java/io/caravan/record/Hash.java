package io.caravan.record;

import java.util.HexFormat;

/**
 * 128 bits of a SHA-256: enough that two records never meet by chance, half the room in the ledger.
 */
public record Hash(long high, long low) {

    public static final Hash NONE = new Hash(0, 0);

    public static Hash of(byte[] sha256) {
        return new Hash(longAt(sha256, 0), longAt(sha256, 8));
    }

    public byte[] bytes() {
        byte[] b = new byte[16];
        for (int i = 0; i < 8; i++) {
            b[i] = (byte) (high >>> (56 - 8 * i));
            b[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        return b;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }

    private static long longAt(byte[] b, int from) {
        long v = 0;
        for (int i = from; i < from + 8; i++) v = v << 8 | (b[i] & 0xff);
        return v;
    }
}
