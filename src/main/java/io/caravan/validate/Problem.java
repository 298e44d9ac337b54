package io.caravan.validate;

/**
 * What is wrong, and where.
 *
 * @param line from 1
 * @param column from 1; 0 where only the line helps
 */
public record Problem(String file, int line, int column, String sentence) {

    /** {@code file:line: unit: field must ...}, with the column behind the line where it helps. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + (column == 0 ? "" : column + ":") + " " + sentence;
    }
}
