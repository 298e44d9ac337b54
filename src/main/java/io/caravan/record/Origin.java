package io.caravan.record;

/**
 * Where a record comes from: the object (file, key, sheet, page), which part of it where its lines are numbered part by part
 * (the column of a workbook's sheet, {@code RESERVAS!C}), and its 1-based line there, 0 when unknown.
 */
public record Origin(String object, String part, long line) {

    public Origin(String object, long line) {
        this(object, "", line);
    }

    @Override
    public String toString() {
        if (!part.isEmpty()) return object + "!" + part + (line > 0 ? line : "");
        return line > 0 ? object + ":" + line : object;
    }
}
