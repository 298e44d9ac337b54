package io.caravan.format;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** How a workbook's XML says texts. */
final class XlsxXml {

    private XlsxXml() {}

    /** On to the next element of that name; false at the end of the element that holds them, or of the document. */
    static boolean toElement(XMLStreamReader xml, String name, String holder) throws XMLStreamException {
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(name)) return true;
            if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals(holder)) return false;
        }
        return false;
    }

    /** All {@code t} of the element that begins here, its runs joined, without its phonetic ones. */
    static String texts(XMLStreamReader xml, String element) throws XMLStreamException {
        String first = null;
        StringBuilder more = null;
        int phonetic = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (xml.getLocalName().equals("rPh")) phonetic++;
                else if (xml.getLocalName().equals("t") && phonetic == 0) {
                    String text = xml.getElementText();
                    if (first == null) first = text;
                    else if (more == null) more = new StringBuilder(first).append(text);
                    else more.append(text);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                if (xml.getLocalName().equals("rPh")) phonetic--;
                else if (xml.getLocalName().equals(element)) break;
            }
        }
        return first == null ? "" : unescaped(more == null ? first : more.toString());
    }

    /** {@code _x000D_} is the character of that number: what XML cannot hold. */
    static String unescaped(String text) {
        int at = text.indexOf("_x");
        if (at < 0) return text;
        StringBuilder plain = new StringBuilder(text.length());
        int from = 0;
        while (at >= 0) {
            if (at + 7 <= text.length() && text.charAt(at + 6) == '_' && hex(text, at + 2)) {
                plain.append(text, from, at).append((char) Integer.parseInt(text, at + 2, at + 6, 16));
                from = at + 7;
            }
            at = text.indexOf("_x", Math.max(from, at + 1));
        }
        return plain.append(text, from, text.length()).toString();
    }

    private static boolean hex(String text, int from) {
        for (int i = from; i < from + 4; i++)
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') return false;
        return true;
    }
}
