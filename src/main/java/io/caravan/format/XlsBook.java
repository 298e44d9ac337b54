package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.hssf.record.RecordInputStream;
import org.apache.poi.poifs.filesystem.DirectoryNode;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/**
 * A workbook of Excel 97 to 2003 (.xls, BIFF8): where its sheets begin, what its styles say of dates, its shared texts. Apache POI
 * opens the file, follows its sectors and cuts records; of these only the few that say something of cells are looked at.
 */
final class XlsBook implements Workbook {

    private static final int SECTOR = 512;
    private static final int MOST_STYLES = 100_000;

    private record Sheet(String name, long begin, boolean hidden) {}

    private final POIFSFileSystem files;
    private final String object;
    private final SheetRules rules;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<CellForm> forms = new ArrayList<>();
    private final SharedTexts texts = new SharedTexts();
    private boolean since1904;

    XlsBook(Path file, String object, SheetRules rules) throws IOException {
        this.object = object;
        this.rules = rules;
        if (Files.size(file) % SECTOR != 0)
            throw refused("be whole sectors of " + SECTOR + " bytes", Files.size(file) + " bytes");
        this.files = new POIFSFileSystem(file.toFile(), true);
        try {
            readGlobals();
            toEnd();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public List<String> sheets() {
        return sheets.stream().map(Sheet::name).toList();
    }

    @Override
    public List<String> hidden() {
        return sheets.stream().filter(Sheet::hidden).map(Sheet::name).toList();
    }

    @Override
    public List<MergedCells> merged(int sheet) {
        try {
            XlsRecords records = begun(sheet);
            List<MergedCells> merged = new ArrayList<>();
            for (int inside = 0; records.next() && (records.id() != XlsRecords.END || inside-- > 0); ) {
                if (records.id() == XlsRecords.BEGIN) inside++;
                if (records.id() != XlsRecords.MERGED || inside > 0) continue;
                for (int left = records.number(); left > 0; left--) {
                    int first = records.number();
                    int last = records.number();
                    int column = records.number();
                    merged.add(new MergedCells(first + 1, last + 1, column, records.number()));
                }
            }
            return merged;
        } catch (IOException | RuntimeException e) {
            throw Workbooks.broken(object, e);
        }
    }

    @Override
    public SheetRows rows(int sheet, BitSet wanted) {
        try {
            return new XlsRows(this, begun(sheet), texts, object, wanted);
        } catch (IOException e) {
            throw Workbooks.broken(object, e);
        }
    }

    private XlsRecords begun(int sheet) throws IOException {
        InputStream in = stream();
        in.skipNBytes(sheets.get(sheet).begin());
        XlsRecords records = new XlsRecords(new RecordInputStream(in));
        if (!records.next() || records.id() != XlsRecords.BEGIN) throw refused("begin a sheet where it says", "none");
        return records;
    }

    boolean since1904() {
        return since1904;
    }

    /** What the style of this number shows a number as. */
    CellForm form(int style) {
        return style >= 0 && style < forms.size() ? forms.get(style) : CellForm.NUMBER;
    }

    @Override
    public void close() {
        try (POIFSFileSystem closed = files) {
            texts.close();
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }

    private InputStream stream() throws IOException {
        DirectoryNode root = files.getRoot();
        if (root.hasEntryCaseInsensitive("EncryptedPackage")) throw encrypted();
        if (!root.hasEntryCaseInsensitive("Workbook")) {
            boolean older = root.hasEntryCaseInsensitive("Book");
            throw refused("be of Excel 97 or later", older ? "an older one" : "a file without a workbook");
        }
        DocumentInputStream in = root.createDocumentInputStream(root.getEntryCaseInsensitive("Workbook"));
        return new BufferedInputStream(in, 64 << 10);
    }

    private void readGlobals() throws IOException {
        XlsRecords records = new XlsRecords(new RecordInputStream(stream()));
        Map<Integer, String> codes = new HashMap<>();
        List<Integer> styles = new ArrayList<>();
        if (!records.next() || records.id() != XlsRecords.BEGIN) throw refused("begin with a workbook", "none");
        if (records.number() != XlsRecords.BIFF8) throw refused("be of Excel 97 or later", "an older one");
        while (true) {
            if (!records.next()) throw new EOFException("the workbook has no end");
            switch (records.id()) {
                case XlsRecords.END -> {
                    texts.complete();
                    styles.forEach(id -> forms.add(rules.form(id.toString(), codes.get(id))));
                    return;
                }
                case XlsRecords.ENCRYPTED -> throw encrypted();
                case XlsRecords.SINCE_1904 -> since1904 = records.number() == 1;
                case XlsRecords.FORMAT -> codes.put(records.number(), records.text(records.number()));
                case XlsRecords.STYLE -> {
                    records.number(); // the font
                    if (styles.size() < MOST_STYLES) styles.add(records.number());
                }
                case XlsRecords.SHEET -> {
                    long begin = records.longNumber();
                    boolean hidden = (records.octet() & 3) != 0;
                    records.octet(); // its kind
                    sheets.add(new Sheet(records.text(records.octet()), begin, hidden));
                }
                case XlsRecords.SHARED_TEXTS -> records.sharedTexts(texts);
                default -> {} // what we do not need
            }
        }
    }

    /** Reads all sectors, so that only a whole file is one. */
    private void toEnd() throws IOException {
        try (InputStream in = stream()) {
            byte[] some = new byte[64 << 10];
            while (in.read(some) >= 0) {}
        }
    }

    private IncompleteSourceException encrypted() {
        return refused("not be encrypted: save it without a password", "an encrypted one");
    }

    private IncompleteSourceException refused(String rule, String got) {
        return new IncompleteSourceException(SettingChecks.sentence(object, "the workbook", rule, got));
    }
}
