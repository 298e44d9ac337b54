package io.caravan.format;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Unpacks an object to its true end, and no further than a sound object goes: more than {@code maxExpansion} bytes for
 * each packed one, beyond {@link #ALWAYS}, is a bomb.
 *
 * <ul>
 *   <li>errors: {@link IncompleteSourceException} for a bomb, for bytes that are not packed as the name says, for an
 *       object that ends early
 * </ul>
 */
final class ExpandedStream extends InputStream {

    /** So many bytes any object may have. */
    static final long ALWAYS = 64L << 20;

    private final StoreStream packed;
    private final Compression compression;
    private final String object;
    private final int maxExpansion;
    private InputStream in;
    private long count;

    ExpandedStream(StoreStream packed, Compression compression, String object, int maxExpansion) {
        this.packed = packed;
        this.compression = compression;
        this.object = object;
        this.maxExpansion = maxExpansion;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        try {
            if (in == null) in = compression.expand(packed);
            int n = in.read(target, offset, length);
            if (n < 0) end();
            else count(n);
            return n;
        } catch (CaravanException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw broken("be whole", e);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() {
        try (packed) {
            if (in != null) in.close();
        } catch (IOException e) {
            throw broken("be whole", e);
        }
    }

    private void count(int n) {
        count += n;
        if (count > ALWAYS && count / maxExpansion > packed.count()) {
            throw new IncompleteSourceException(SettingChecks.sentence(
                    object,
                    "the object",
                    "not expand to more than " + maxExpansion + " times its size beyond " + ALWAYS + " bytes",
                    count + " bytes of " + packed.count() + "'; if it is sound, raise 'maxExpansion"));
        }
    }

    /** A cut between two frames of Snappy cannot be seen, but one that leaves nothing can. */
    private void end() {
        if (packed.count() == 0 || (compression == Compression.SNAPPY && count == 0)) {
            throw broken("hold data", new IOException("nothing"));
        }
        if (packed.read() >= 0) throw broken("end where its data end", new IOException("more bytes"));
    }

    private IncompleteSourceException broken(String rule, Exception why) {
        String name = compression.name().toLowerCase(Locale.ROOT);
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the " + name + " object", rule, Words.damage(why)), why);
    }
}
