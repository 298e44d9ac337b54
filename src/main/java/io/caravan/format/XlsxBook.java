package io.caravan.format;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.caravan.error.Settings;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The parts of a workbook: where its sheets are, what its styles say of dates, its shared texts. */
final class XlsxBook implements AutoCloseable {

    private static final String WORKBOOK = "xl/workbook.xml";
    private static final int MOST_STYLES = 100_000;
    private static final XMLInputFactory XML = factory();

    private record Sheet(String name, String relation) {}

    private record Relation(String type, String part) {}

    private final ZipFile zip;
    private final long size;
    private final String object;
    private final int maxExpansion;
    private final List<Sheet> sheets = new ArrayList<>();
    private final Map<String, Relation> relations = new HashMap<>();
    private final List<CellForm> forms = new ArrayList<>();
    private final List<InputStream> opened = new ArrayList<>();
    private boolean since1904;

    XlsxBook(Path file, String object, int maxExpansion) throws IOException, XMLStreamException {
        this.zip = new ZipFile(file.toFile());
        this.size = Files.size(file);
        this.object = object;
        this.maxExpansion = maxExpansion;
        try {
            readRelations();
            readSheets();
            readStyles();
        } catch (IOException | XMLStreamException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Whether days are counted from 1904. */
    boolean since1904() {
        return since1904;
    }

    /** What the style of this number shows a number as. */
    CellForm form(int style) {
        return style >= 0 && style < forms.size() ? forms.get(style) : CellForm.NUMBER;
    }

    /** The texts that cells share; the caller closes them. */
    SharedTexts texts() throws IOException, XMLStreamException {
        String part = part("/sharedStrings");
        return new SharedTexts(part == null ? null : open(part, "a shared text", true), object);
    }

    /** The sheet of that name, or of that number from 1. */
    Xml sheet(String wanted) throws IOException, XMLStreamException {
        Sheet found =
                sheets.stream().filter(s -> s.name().equals(wanted)).findFirst().orElse(null);
        if (found == null && wanted.matches("[1-9][0-9]{0,5}") && Integer.parseInt(wanted) <= sheets.size()) {
            found = sheets.get(Integer.parseInt(wanted) - 1);
        }
        if (found == null || relations.get(found.relation()) == null) {
            List<String> names =
                    sheets.stream().limit(20).map(s -> Texts.cut(s.name())).toList();
            throw new IncompleteSourceException(
                    Settings.sentence(object, "sheet", "be one of " + names + " or its number", wanted));
        }
        return open(relations.get(found.relation()).part(), "a row", true);
    }

    @Override
    public void close() throws IOException {
        try {
            for (InputStream in : opened) in.close();
        } finally {
            zip.close();
        }
    }

    /** A part of the workbook as XML, no more than a row at a time in memory. */
    record Xml(XMLStreamReader reader, RowLimit limit) {}

    /** @param ahead whether it is large enough to be unpacked by a thread of its own */
    private Xml open(String part, String row, boolean ahead) throws IOException, XMLStreamException {
        ZipEntry entry = zip.getEntry(part);
        if (entry == null) {
            throw new IncompleteSourceException(Settings.sentence(object, "the workbook", "have " + part, "none"));
        }
        InputStream in = new ZipPart(zip.getInputStream(entry), entry, size, object, maxExpansion);
        if (ahead) in = new AheadStream(in);
        opened.add(in);
        RowLimit limit = new RowLimit(in, object, row);
        return new Xml(XML.createXMLStreamReader(limit), limit);
    }

    private String part(String type) {
        return relations.values().stream()
                .filter(r -> r.type().endsWith(type))
                .map(Relation::part)
                .findFirst()
                .orElse(null);
    }

    private void readRelations() throws IOException, XMLStreamException {
        XMLStreamReader xml =
                open("xl/_rels/workbook.xml.rels", "the relations", false).reader();
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT
                    || !xml.getLocalName().equals("Relationship")) continue;
            String target = xml.getAttributeValue(null, "Target");
            if (target == null) continue;
            String part = target.startsWith("/") ? target.substring(1) : "xl/" + target;
            relations.put(
                    xml.getAttributeValue(null, "Id"), new Relation(xml.getAttributeValue(null, "Type") + "", part));
        }
    }

    private void readSheets() throws IOException, XMLStreamException {
        XMLStreamReader xml = open(WORKBOOK, "the workbook", false).reader();
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) continue;
            if (xml.getLocalName().equals("workbookPr")) {
                String from = xml.getAttributeValue(null, "date1904");
                since1904 = "1".equals(from) || "true".equals(from);
            } else if (xml.getLocalName().equals("sheet")) {
                String relation = "";
                for (int i = 0; i < xml.getAttributeCount(); i++) {
                    if (xml.getAttributeLocalName(i).equals("id")) relation = xml.getAttributeValue(i);
                }
                sheets.add(new Sheet(xml.getAttributeValue(null, "name") + "", relation));
            }
        }
    }

    private void readStyles() throws IOException, XMLStreamException {
        String part = part("/styles");
        if (part == null) return;
        Map<String, String> codes = new HashMap<>();
        boolean cells = false;
        XMLStreamReader xml = open(part, "the styles", false).reader();
        while (xml.hasNext()) {
            int event = xml.next();
            if (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT) continue;
            String name = xml.getLocalName();
            if (name.equals("cellXfs")) cells = event == XMLStreamConstants.START_ELEMENT;
            if (event == XMLStreamConstants.END_ELEMENT) continue;
            if (name.equals("numFmt")) {
                codes.put(xml.getAttributeValue(null, "numFmtId"), xml.getAttributeValue(null, "formatCode"));
            } else if (cells && name.equals("xf") && forms.size() < MOST_STYLES) {
                String id = xml.getAttributeValue(null, "numFmtId");
                forms.add(CellForm.of(id, codes.get(id)));
            }
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
