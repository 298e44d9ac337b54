package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lets a parser read no more than {@link #LONGEST} bytes for one row, so that no row fills the memory. */
final class RowLimit extends FilterInputStream {

    static final int LONGEST = 64 << 20;

    private final String object;
    private final String row;
    private long count;
    private long begin;

    /** @param row what the format calls a row, with its article */
    RowLimit(InputStream in, String object, String row) {
        super(in);
        this.object = object;
        this.row = row;
    }

    /** The parser is about to begin a row. */
    void rowBegins() {
        begin = count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        if (n > 0) count += n;
        if (count - begin > LONGEST) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, row, "be less than " + LONGEST + " bytes", "more"));
        }
        return n;
    }
}
