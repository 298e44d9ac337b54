package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads each object in the format that its first bytes show, or else its name: workbooks and Parquet by their bytes, JSON by its first
 * character, csv, tsv and txt by the end of the name.
 *
 * <ul>
 *   <li>errors: {@link IncompleteSourceException} when neither says it, or the name says one that the bytes are not
 * </ul>
 */
final class AutoFormat implements Format {

    private static final int LOOKED_AT = 4096;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE = {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0};
    private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
    private static final List<String> ENDINGS = List.of("csv", "tsv", "txt", "json", "jsonl", "xlsx", "xls", "parquet");

    /** Of the last two their reader says what they are. */
    private static final List<String> WORKBOOKS = List.of("xlsx", "xlsm", "xltx", "xls", "xlsb", "ods");

    private final Function<String, Format> formats;
    private final boolean path;
    private final TextOptions text;

    /**
     * @param formats the format of a name; {@code tsv} is CSV with tabs
     * @param path whether a JSON document is an object with an array somewhere in it
     */
    AutoFormat(Function<String, Format> formats, boolean path, TextOptions text) {
        this.formats = formats;
        this.path = path;
        this.text = text;
    }

    @Override
    public boolean mayHaveSheets(String object) {
        return WORKBOOKS.contains(ending(object));
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        byte[] first;
        try {
            first = bytes.readNBytes(LOOKED_AT);
        } catch (IOException e) {
            throw new IncompleteSourceException(object + ": its first bytes cannot be read", e);
        }
        Format format = formats.apply(name(first, object));
        return format.open(new SequenceInputStream(new ByteArrayInputStream(first), bytes), object, keyFields);
    }

    private String name(byte[] first, String object) {
        String ending = ending(object);
        String shown = shown(first, ending);
        boolean right = shown.equals(ending)
                || ending.isEmpty()
                || ending.startsWith("json") && shown.startsWith("json")
                || WORKBOOKS.contains(ending) && List.of("xlsx", "xls").contains(shown);
        if (right && !shown.isEmpty()) return shown;
        String rule = ENDINGS.contains(ending)
                ? "be " + ending + ", as its name says"
                : "be of a format that its name or its first bytes say: " + String.join(", ", ENDINGS);
        throw new IncompleteSourceException(
                SettingChecks.sentence(object, "the object", rule, shown.isEmpty() ? "." + ending : shown));
    }

    /** What the bytes are; of other texts what the name says; blank when neither says it. */
    private String shown(byte[] first, String ending) {
        if (begins(first, ZIP)) return "xlsx";
        if (begins(first, OLE)) return "xls";
        if (begins(first, PARQUET)) return "parquet";
        boolean table = List.of("csv", "tsv", "txt").contains(ending);
        if (table) return ending;
        String text = new String(first, this.text.charset().of(first))
                .replaceFirst("^\ufeff", "")
                .stripLeading();
        if (text.startsWith("[")) return "json";
        if (text.startsWith("{")) return path ? "json" : "jsonl";
        if (text.isEmpty() && ending.startsWith("json")) return "jsonl";
        boolean binary = text.indexOf('\0') >= 0;
        return ending.isEmpty() && !binary ? "csv" : binary ? "" : ENDINGS.contains(ending) ? "text" : "";
    }

    private static boolean begins(byte[] bytes, byte[] with) {
        return bytes.length >= with.length && Arrays.equals(bytes, 0, with.length, with, 0, with.length);
    }

    /** Of the name, without what says how it is packed; blank when it has none. */
    private static String ending(String object) {
        String last = object.substring(object.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String packed = Compression.of(last).suffix();
        String name = last.substring(0, last.length() - packed.length());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
