package io.caravan.record;

/**
 * Where a record comes from: the object (file, key, sheet, page) and its 1-based line, 0 when
 * unknown.
 */
public record Origin(String object, long line) {

    @Override
    public String toString() {
        return line > 0 ? object + ":" + line : object;
    }
}
