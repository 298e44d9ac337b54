package io.caravan.format;

import java.io.IOException;
import org.apache.poi.hssf.record.ContinueRecord;
import org.apache.poi.hssf.record.RecordInputStream;

/** The records of a .xls workbook, one after the other, whatever was read of the one before. */
final class XlsRecords {

    static final int BIFF8 = 0x0600;

    static final int BEGIN = 0x0809;
    static final int END = 0x000A;
    static final int ENCRYPTED = 0x002F;
    static final int SINCE_1904 = 0x0022;
    static final int FORMAT = 0x041E;
    static final int STYLE = 0x00E0;
    static final int SHEET = 0x0085;
    static final int SHARED_TEXTS = 0x00FC;
    static final int MERGED = 0x00E5;

    static final int NUMBER = 0x0203;
    static final int SHORT_NUMBER = 0x027E;
    static final int SHORT_NUMBERS = 0x00BD;
    static final int SHARED_TEXT = 0x00FD;
    static final int TEXT = 0x0204;
    static final int RICH_TEXT = 0x00D6;
    static final int TRUTH_OR_ERROR = 0x0205;
    static final int FORMULA = 0x0006;
    static final int FORMULA_TEXT = 0x0207;

    private static final int WIDE = 0x01;
    private static final int EXTENDED = 0x04;
    private static final int RICH = 0x08;

    private final RecordInputStream in;

    XlsRecords(RecordInputStream in) {
        this.in = in;
    }

    /** To the next record; false when there is none. */
    boolean next() {
        in.readRemainder();
        if (!in.hasNextRecord()) return false;
        in.nextRecord();
        return true;
    }

    int id() {
        return in.getSid() & 0xFFFF;
    }

    int remaining() {
        return in.remaining();
    }

    int octet() {
        return in.readUByte();
    }

    /** Two bytes. */
    int number() {
        return in.readUShort();
    }

    /** Four bytes, with their sign. */
    int signed() {
        return in.readInt();
    }

    /** Four bytes. */
    long longNumber() {
        return in.readInt() & 0xFFFF_FFFFL;
    }

    long eightBytes() {
        return in.readLong();
    }

    /** A text of so many characters. */
    String text(int characters) {
        return text(characters, in.readUByte());
    }

    private String text(int characters, int flags) {
        return (flags & WIDE) == 0 ? in.readCompressedUnicode(characters) : in.readUnicodeLEString(characters);
    }

    /** Takes as many as there are: a count that says more makes nothing. */
    void sharedTexts(SharedTexts texts) throws IOException {
        in.readInt(); // how often they are used
        long count = longNumber();
        for (long i = 0; i < count && more(); i++) {
            int characters = in.readUShort();
            int flags = in.readUByte();
            int runs = (flags & RICH) == 0 ? 0 : in.readUShort();
            long phonetic = (flags & EXTENDED) == 0 ? 0 : longNumber();
            texts.add(text(characters, flags));
            skip(4L * runs + phonetic);
        }
    }

    private boolean more() {
        return in.remaining() > 0 || (in.hasNextRecord() && in.getNextSid() == ContinueRecord.sid);
    }

    private void skip(long bytes) {
        for (long left = bytes; left > 0; left--) in.readByte();
    }
}
