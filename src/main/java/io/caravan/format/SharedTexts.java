package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Origin;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.stream.XMLStreamException;

/** The texts that cells share by number: as many in memory as have room, the rest in a temporary file. */
final class SharedTexts implements AutoCloseable {

    /** Of all texts in memory; more than this goes to the file. */
    private static final int MOST_CHARACTERS = 16 << 20;

    private static final int FEWEST_CHARACTERS = 32; // counted for each text, as it takes room

    private final List<String> held = new ArrayList<>();
    private long[] ends = new long[1024]; // in the file, of the texts that are not held
    private int filed;
    private long characters;
    private long written;
    private OutputStream out;
    private Path file;
    private RandomAccessFile in;
    private byte[] window = new byte[64 << 10];
    private long windowBegin;
    private int windowLength;

    /** Those of a part of a workbook; none when there is no such part. */
    static SharedTexts of(XlsxXml xml) throws IOException, XMLStreamException {
        SharedTexts texts = new SharedTexts();
        if (xml == null) return texts;
        try {
            while (xml.child("si")) {
                xml.rowBegins();
                texts.add(xml.texts());
            }
            xml.toEnd();
            texts.complete();
            return texts;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            texts.close();
            throw e;
        }
    }

    void add(String text) throws IOException {
        characters += Math.max(FEWEST_CHARACTERS, text.length());
        if (characters <= MOST_CHARACTERS) {
            held.add(text);
            return;
        }
        if (out == null) out = file();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes);
        written += bytes.length;
        if (filed == ends.length) ends = Arrays.copyOf(ends, 2 * filed);
        ends[filed++] = written;
    }

    /** After the last text, before the first is asked for. */
    void complete() throws IOException {
        if (out == null) return;
        out.close();
        in = new RandomAccessFile(file.toFile(), "r");
    }

    /** The text of that number from 0. */
    String get(String number, Origin origin) {
        int i = XlsxCells.index(number, -1);
        if (i < 0) throw missing(number, origin);
        return get(i, origin);
    }

    String get(int i, Origin origin) {
        if (i >= 0 && i < held.size()) return held.get(i);
        if (i < 0 || i - held.size() >= filed) {
            throw missing(i, origin);
        }
        return read(i - held.size());
    }

    /** Cells mostly ask for texts in the order in which they stand, so a window on the file serves many. */
    private String read(int i) {
        long from = i == 0 ? 0 : ends[i - 1];
        int length = (int) (ends[i] - from);
        try {
            if (from < windowBegin || from + length > windowBegin + windowLength) {
                if (length > window.length) window = new byte[length];
                in.seek(from);
                windowBegin = from;
                windowLength = Math.max(0, in.read(window));
                if (windowLength < length) throw new EOFException("the copy is shorter than what was written");
            }
        } catch (IOException e) {
            throw new IllegalStateException("xlsx: the copy of the shared texts cannot be read", e);
        }
        return new String(window, (int) (from - windowBegin), length, StandardCharsets.UTF_8);
    }

    private static BadRecordException missing(Object number, Origin origin) {
        return new BadRecordException(
                SettingChecks.sentence(origin.toString(), "a shared text", "be there", Texts.cut(number.toString())));
    }

    private OutputStream file() throws IOException {
        file = Files.createTempFile("caravan-", ".texts");
        return new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
    }

    @Override
    public void close() throws IOException {
        if (out != null) out.close();
        if (in != null) in.close();
        if (file != null) Files.deleteIfExists(file);
    }
}
