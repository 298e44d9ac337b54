package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/** One file of a zip archive, unpacked; checked against its CRC at its end, and for being a bomb all the way. */
final class ZipPart extends InputStream {

    private final InputStream in;
    private final ZipEntry entry;
    private final String object;
    private final long most;
    private final CRC32 crc = new CRC32();
    private long count;

    /** @param archive the size of the archive, as the entry's own size may be a lie */
    ZipPart(InputStream in, ZipEntry entry, long archive, String object, int maxExpansion) {
        this.in = in;
        this.entry = entry;
        this.object = object;
        long packed = Math.min(archive, Math.max(0, entry.getCompressedSize()));
        this.most = Math.max(ExpandedStream.ALWAYS, Math.multiplyExact(packed, (long) maxExpansion));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        if (n < 0) {
            if (crc.getValue() != entry.getCrc()) throw new ZipException(entry.getName() + " is damaged");
            return n;
        }
        crc.update(target, offset, n);
        count += n;
        if (count > most) {
            throw new IncompleteSourceException(SettingChecks.sentence(
                    object,
                    entry.getName(),
                    "expand to at most " + most + " bytes",
                    "more'; if it is sound, raise 'maxExpansion"));
        }
        return n;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
