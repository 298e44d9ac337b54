package io.caravan.format;

import io.caravan.error.SettingChecks;
import java.util.List;

/**
 * How objects are written that other programs made.
 *
 * @param charset of texts without a byte order mark
 * @param csv of CSV alone
 * @param skipEmpty whether an object without anything is one without rows, in every format
 * @param nanIsNull whether NaN and Infinity of JSON, which has none, are null
 * @param hexKeys whether key fields of Parquet that hold bytes are texts in hexadecimal digits
 * @param sheets what cells of workbooks are
 */
public record TextOptions(
        Encoding charset, CsvRules csv, boolean skipEmpty, boolean nanIsNull, boolean hexKeys, SheetRules sheets) {

    private static final String UNIT = "objects-source";

    /** As we write them ourselves. */
    public static final TextOptions DEFAULT = of(Encoding.AUTO);

    /**
     * From the settings of a Kamelet.
     *
     * @param charset {@code auto}, or one that Java knows
     * @param skipRows how many lines of a CSV are passed over before its header
     * @param comment what the lines of a CSV begin with that are no rows: one ASCII character; blank for none
     * @param repeatedNames of columns of a CSV: {@code fail}, or {@code number}
     * @param blankNames of columns of a CSV: {@code fail}, {@code number} or {@code drop}
     * @param emptyObjects {@code fail}, or {@code skip}
     * @param escape what stands before a character of a CSV that is then none of its marks; blank for none
     * @param trim whether blanks around a value of a CSV are none of it
     * @param nan what NaN and Infinity of JSON are: {@code fail}, or {@code asNull}
     * @param binaryKeys of Parquet, as a key: {@code fail}, or {@code hex}
     * @param mergedCells of workbooks: {@code first} of them holds the value, or {@code fill}: all do
     * @param zeroFilled what numbers are that a workbook shows with zeros before them: {@code number}, or {@code text}
     */
    // Object, as Camel makes numbers of texts of digits
    public static TextOptions of(
            String charset,
            int skipRows,
            Object comment,
            String repeatedNames,
            String blankNames,
            String emptyObjects,
            Object escape,
            boolean trim,
            String nan,
            String binaryKeys,
            String mergedCells,
            String zeroFilled) {
        return of(
                UNIT,
                charset,
                skipRows,
                comment,
                repeatedNames,
                blankNames,
                emptyObjects,
                escape,
                trim,
                nan,
                binaryKeys,
                mergedCells,
                zeroFilled);
    }

    private static TextOptions of(
            String unit,
            String charset,
            int skipRows,
            Object comment,
            String repeatedNames,
            String blankNames,
            String emptyObjects,
            Object escape,
            boolean trim,
            String nan,
            String binaryKeys,
            String mergedCells,
            String zeroFilled) {
        new SettingChecks(unit)
                .must(List.of("fail", "skip").contains(emptyObjects), "emptyObjects", "be fail or skip", emptyObjects)
                .must(List.of("fail", "asNull").contains(nan), "nan", "be fail or asNull", nan)
                .must(List.of("fail", "hex").contains(binaryKeys), "binaryKeys", "be fail or hex", binaryKeys)
                .check();
        CsvRules csv =
                CsvRules.of(unit, skipRows, comment.toString(), repeatedNames, blankNames, escape.toString(), trim);
        return new TextOptions(
                Encoding.of(unit, charset),
                csv,
                emptyObjects.equals("skip"),
                nan.equals("asNull"),
                binaryKeys.equals("hex"),
                SheetRules.of(unit, mergedCells, zeroFilled));
    }

    /** The same of messages, of which each is one object and none may be empty. */
    public static TextOptions ofMessages(
            String charset,
            int skipRows,
            Object comment,
            String repeatedNames,
            String blankNames,
            Object escape,
            boolean trim,
            String nan,
            String binaryKeys,
            String mergedCells,
            String zeroFilled) {
        return of(
                "endpoint-source",
                charset,
                skipRows,
                comment,
                repeatedNames,
                blankNames,
                "fail",
                escape,
                trim,
                nan,
                binaryKeys,
                mergedCells,
                zeroFilled);
    }

    /** In that charset, else as we write them ourselves. */
    static TextOptions of(String charset) {
        return of(charset, 0, "", "fail", "fail", "fail", "", false, "fail", "fail", "first", "number");
    }

    /** A text as it is meant, by its byte order mark or else the charset; what is none of it is replaced, so only to look at. */
    public String shown(byte[] bytes) {
        return new String(bytes, charset.of(bytes)).replaceFirst("^\ufeff", "");
    }

    /** Of a CSV whose header is that row. */
    TextOptions withHeaderAt(int row) {
        return row == 1 ? this : new TextOptions(charset, csv.below(row - 1), skipEmpty, nanIsNull, hexKeys, sheets);
    }

    /** Whether another program that knows nothing of these settings reads the same. */
    boolean plain() {
        return charset.charset().equals(DEFAULT.charset.charset())
                && csv.equals(CsvRules.USUAL)
                && !skipEmpty
                && !nanIsNull
                && !hexKeys;
    }
}
