package io.caravan.format;

/** Takes escapes out of the text of a field: a character behind one stands for itself. */
final class CsvEscapes {

    private CsvEscapes() {}

    /** @param quoted whether it stood in quotes, where two quotes are one; else an escaped N alone is null */
    static String undone(String text, char escape, boolean quoted) {
        if (!quoted && text.length() == 2 && text.charAt(0) == escape && text.charAt(1) == 'N') return null;
        if (text.indexOf(escape) < 0 && (!quoted || text.indexOf('"') < 0)) return text;
        StringBuilder undone = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean two = c == escape || quoted && c == '"';
            if (two && i + 1 < text.length()) c = text.charAt(++i);
            undone.append(c);
        }
        return undone.toString();
    }
}
