package io.caravan.format;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;

/** The parts of a workbook: where its sheets are, what its styles say of dates, its shared texts. */
final class XlsxBook implements Workbook {

    /** Where the kinds of relation are named: in a usual workbook, and in a strict one. */
    private static final List<String> RELATIONS = List.of(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships");

    private static final String OPEN_DOCUMENT = "application/vnd.oasis.opendocument";
    private static final int MOST_STYLES = 100_000;
    private static final XMLInputFactory XML = factory();

    private record Sheet(String name, String relation, boolean hidden) {}

    private record Relation(String type, String part) {}

    private final ZipFile zip;
    private final long size;
    private final String object;
    private final int maxExpansion;
    private final SheetRules rules;
    private final List<Sheet> sheets = new ArrayList<>();
    private final Map<String, Relation> relations = new HashMap<>();
    private final List<CellForm> forms = new ArrayList<>();
    private final List<InputStream> opened = new ArrayList<>();
    private SharedTexts texts;
    private boolean since1904;
    private String workbook = "xl/workbook.xml";

    XlsxBook(Path file, String object, int maxExpansion, SheetRules rules) throws IOException, XMLStreamException {
        this.zip = new ZipFile(file.toFile());
        this.size = Files.size(file);
        this.object = object;
        this.maxExpansion = maxExpansion;
        this.rules = rules;
        try {
            if (openDocument()) throw otherKind("OpenDocument (.ods)");
            findWorkbook();
            if (workbook.endsWith(".bin")) throw otherKind("a binary one (.xlsb)");
            readRelations();
            readSheets();
            readStyles();
        } catch (IOException | XMLStreamException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** What LibreOffice and Google also call a spreadsheet: an archive of another kind, whose first part says so. */
    private boolean openDocument() throws IOException {
        ZipEntry kind = zip.getEntry("mimetype");
        if (kind == null) return false;
        try (InputStream in = zip.getInputStream(kind)) {
            return new String(in.readNBytes(OPEN_DOCUMENT.length()), StandardCharsets.US_ASCII).equals(OPEN_DOCUMENT);
        }
    }

    private IncompleteSourceException otherKind(String kind) {
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the workbook", "be .xlsx, .xlsm or .xls: save it as .xlsx", kind));
    }

    /** Whether days are counted from 1904. */
    boolean since1904() {
        return since1904;
    }

    /** What the style of this number shows a number as. */
    CellForm form(int style) {
        return style >= 0 && style < forms.size() ? forms.get(style) : CellForm.NUMBER;
    }

    @Override
    public List<String> sheets() {
        return sheets.stream().map(Sheet::name).toList();
    }

    @Override
    public SheetRows rows(int sheet, BitSet wanted) {
        try {
            if (texts == null) {
                String part = part("/sharedStrings");
                boolean there = part != null && entry(part) != null;
                texts = SharedTexts.of(there ? open(part, "a shared text", true) : null);
            }
            return new XlsxRows(this, texts, open(part(sheets.get(sheet)), "a row", true), object, wanted);
        } catch (IOException | XMLStreamException e) {
            throw Workbooks.broken(object, e);
        }
    }

    @Override
    public List<String> hidden() {
        return sheets.stream().filter(Sheet::hidden).map(Sheet::name).toList();
    }

    /** They stand behind the rows, so that these are passed over once for them. */
    @Override
    public List<MergedCells> merged(int sheet) {
        try {
            XlsxXml xml = open(part(sheets.get(sheet)), "a row", true);
            List<MergedCells> merged = new ArrayList<>();
            for (String name = xml.child(); name != null; name = xml.child()) {
                boolean wanted = name.equals("mergeCells");
                if (!wanted && !name.equals("sheetData")) {
                    xml.skip();
                    continue;
                }
                for (String child = xml.child(); child != null; child = xml.child()) {
                    xml.rowBegins();
                    if (wanted) merged.add(MergedCells.of(xml.attribute("ref") + ""));
                    xml.skip();
                }
            }
            return merged;
        } catch (CaravanException e) {
            throw e;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw Workbooks.broken(object, e);
        }
    }

    private String part(Sheet sheet) {
        Relation relation = relations.get(sheet.relation());
        if (relation == null) throw noSheet(object, sheet.name());
        return relation.part();
    }

    @Override
    public void close() {
        try (ZipFile closed = zip;
                SharedTexts forgotten = texts) {
            for (InputStream in : opened) in.close();
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }

    /**
     * A part of the workbook, no more than a row of it at a time in memory.
     *
     * @param ahead whether it is large enough to be unpacked by a thread of its own
     */
    private XlsxXml open(String part, String row, boolean ahead) throws IOException, XMLStreamException {
        ZipEntry entry = entry(part);
        if (entry == null) {
            throw new IncompleteSourceException(SettingChecks.sentence(object, "the workbook", "have " + part, "none"));
        }
        InputStream in = new ZipPart(zip.getInputStream(entry), entry, size, object, maxExpansion);
        if (ahead) in = new AheadStream(in);
        opened.add(in);
        RowLimit limit = new RowLimit(in, object, row);
        return new XlsxXml(XML.createXMLStreamReader(limit), limit);
    }

    /** Some writers name parts with other letters, or with backslashes. */
    private ZipEntry entry(String part) {
        ZipEntry entry = zip.getEntry(part);
        if (entry != null) return entry;
        return zip.stream()
                .filter(e -> e.getName().replace('\\', '/').equalsIgnoreCase(part))
                .findFirst()
                .orElse(null);
    }

    private String part(String type) {
        return relations.values().stream()
                .filter(r -> RELATIONS.stream().anyMatch(in -> r.type().equals(in + type)))
                .map(Relation::part)
                .findFirst()
                .orElse(null);
    }

    /** The package says where it is; usually in {@code xl}. */
    private void findWorkbook() throws IOException, XMLStreamException {
        if (entry("_rels/.rels") == null) return;
        XlsxXml xml = open("_rels/.rels", "the relations", false);
        while (xml.child("Relationship")) {
            String type = xml.attribute("Type") + "";
            String target = xml.attribute("Target");
            if (target != null && RELATIONS.stream().anyMatch(in -> type.equals(in + "/officeDocument"))) {
                workbook = path("", target);
            }
            xml.skip();
        }
    }

    /** Where a target is that a part in this folder names. */
    private static String path(String folder, String target) {
        String from = target.replace('\\', '/');
        Path path = Path.of("/" + (from.startsWith("/") ? "" : folder) + from).normalize();
        return path.toString().substring(1);
    }

    private void readRelations() throws IOException, XMLStreamException {
        String folder = workbook.substring(0, workbook.lastIndexOf('/') + 1);
        String relationsOf = folder + "_rels/" + workbook.substring(folder.length()) + ".rels";
        XlsxXml xml = open(relationsOf, "the relations", false);
        while (xml.child("Relationship")) {
            String target = xml.attribute("Target");
            if (target != null) {
                boolean elsewhere = "External".equals(xml.attribute("TargetMode")); // an address, no part
                String part = elsewhere ? "" : path(folder, target);
                relations.put(xml.attribute("Id"), new Relation(xml.attribute("Type") + "", part));
            }
            xml.skip();
        }
    }

    private void readSheets() throws IOException, XMLStreamException {
        XlsxXml xml = open(workbook, "the workbook", false);
        for (String name = xml.child(); name != null; name = xml.child()) {
            if (name.equals("sheets")) {
                while (xml.child("sheet")) {
                    String state = xml.attribute("state");
                    boolean hidden = state != null && !state.equals("visible");
                    sheets.add(new Sheet(xml.attribute("name") + "", relation(xml), hidden));
                    xml.skip();
                }
                continue;
            }
            if (name.equals("workbookPr")) {
                String from = xml.attribute("date1904");
                since1904 = "1".equals(from) || "true".equals(from);
            }
            xml.skip();
        }
    }

    private static String relation(XlsxXml sheet) {
        for (String in : RELATIONS) {
            String id = sheet.attribute(in, "id");
            if (id != null) return id;
        }
        return "";
    }

    private void readStyles() throws IOException, XMLStreamException {
        String part = part("/styles");
        if (part == null) return;
        Map<String, String> codes = new HashMap<>();
        List<String> cells = new ArrayList<>();
        XlsxXml xml = open(part, "the styles", false);
        for (String name = xml.child(); name != null; name = xml.child()) {
            if (name.equals("numFmts")) {
                while (xml.child("numFmt")) {
                    codes.put(xml.attribute("numFmtId"), xml.attribute("formatCode"));
                    xml.skip();
                }
            } else if (name.equals("cellXfs")) {
                while (xml.child("xf")) {
                    if (cells.size() < MOST_STYLES) cells.add(xml.attribute("numFmtId"));
                    xml.skip();
                }
            } else {
                xml.skip();
            }
        }
        cells.forEach(id -> forms.add(rules.form(id, codes.get(id))));
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
