package io.caravan.format;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Goes through a part of a workbook, child by child of the element it stands in. Only elements of the part's own namespace,
 * which its root has, are met: extensions, drawings and alternatives have elements of the same local names in others, and are
 * passed over with all that they hold.
 */
final class XlsxXml {

    private final XMLStreamReader xml;
    private final RowLimit limit;
    private final String namespace;

    /** Goes to the root of the part. */
    XlsxXml(XMLStreamReader xml, RowLimit limit) throws XMLStreamException {
        this.xml = xml;
        this.limit = limit;
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {} // at its end the parser throws
        this.namespace = namespace();
    }

    /** On to the next child; its local name, or null at the end of the element that holds it. */
    String child() throws XMLStreamException {
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) return null;
            if (event != XMLStreamConstants.START_ELEMENT) continue;
            if (namespace.equals(namespace())) return xml.getLocalName();
            skip();
        }
        return null;
    }

    /** On to the next child of that name, past all others; false at the end of the element that holds it. */
    boolean child(String name) throws XMLStreamException {
        for (String found = child(); found != null; found = child()) {
            if (found.equals(name)) return true;
            skip();
        }
        return false;
    }

    /** Passes over the element that begins here. */
    void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) depth++;
            else if (event == XMLStreamConstants.END_ELEMENT) depth--;
        }
    }

    /** Passes over all that is left of the part, however large, so that only a whole one is read. */
    void toEnd() throws XMLStreamException {
        while (xml.hasNext()) {
            limit.rowBegins();
            xml.next();
        }
    }

    /** From here on, bytes are those of another row. */
    void rowBegins() {
        limit.rowBegins();
    }

    int attributes() {
        return xml.getAttributeCount();
    }

    /** The local name of an attribute of the part's own, which has no prefix; else an empty text. */
    String attributeName(int i) {
        String of = xml.getAttributeNamespace(i);
        return of == null || of.isEmpty() ? xml.getAttributeLocalName(i) : "";
    }

    String attribute(int i) {
        return xml.getAttributeValue(i);
    }

    /** The attribute of that name; null when the element has none. */
    String attribute(String name) {
        return attribute("", name);
    }

    /** The attribute of that name in another namespace. */
    String attribute(String of, String name) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String its = xml.getAttributeNamespace(i);
            if (of.equals(its == null ? "" : its) && name.equals(xml.getAttributeLocalName(i))) {
                return xml.getAttributeValue(i);
            }
        }
        return null;
    }

    /** The text of the element that begins here, which holds nothing else. */
    String text() throws XMLStreamException {
        return xml.getElementText();
    }

    /** All {@code t} of the element that begins here and of its runs, joined; its phonetic ones are none of it. */
    String texts() throws XMLStreamException {
        String first = null;
        StringBuilder more = null;
        boolean run = false;
        for (String name = child(); name != null || run; name = child()) {
            if (name == null) {
                run = false;
            } else if (name.equals("r") && !run) {
                run = true;
            } else if (name.equals("t")) {
                String text = text();
                if (first == null) first = text;
                else if (more == null) more = new StringBuilder(first).append(text);
                else more.append(text);
            } else {
                skip();
            }
        }
        return first == null ? "" : unescaped(more == null ? first : more.toString());
    }

    private String namespace() {
        String uri = xml.getNamespaceURI();
        return uri == null ? "" : uri;
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
