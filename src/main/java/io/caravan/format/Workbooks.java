package io.caravan.format;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.xml.stream.XMLStreamException;

/** Workbooks by what they are, whatever their names say: ZIP archives with XML (.xlsx, .xlsm), or the files of before (.xls). */
public final class Workbooks {

    private static final byte[] OLE2 = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };

    private Workbooks() {}

    /**
     * Opens a workbook.
     *
     * @param object what messages call it
     * @param maxExpansion how many bytes one packed byte may become, beyond the first 64 MiB
     */
    public static Workbook open(Path file, String object, int maxExpansion) {
        return open(file, object, maxExpansion, SheetRules.NUMBERS);
    }

    static Workbook open(Path file, String object, int maxExpansion, SheetRules rules) {
        try {
            return old(file) ? new XlsBook(file, object, rules) : new XlsxBook(file, object, maxExpansion, rules);
        } catch (CaravanException e) {
            throw e;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw broken(object, e);
        }
    }

    /** The names of the sheets of a workbook that Excel does not show; closes the stream. */
    public static List<String> hidden(InputStream bytes, String object, int maxExpansion) {
        try (InputStream in = bytes;
                LocalCopy copy = new LocalCopy(in, object);
                Workbook book = open(copy.file(), object, maxExpansion)) {
            return book.hidden();
        } catch (IOException e) {
            throw broken(object, e);
        }
    }

    private static boolean old(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(OLE2.length), OLE2);
        }
    }

    static IncompleteSourceException broken(String object, Exception why) {
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the object", "be a whole workbook", Words.damage(why)), why);
    }
}
