package io.caravan.validate;

/**
 * A file as it is read.
 *
 * @param name how people know it
 * @param checked whether its problems are asked for; the others only say what the checked ones may use
 */
public record SourceFile(String name, String text, boolean checked) {

    /** The last part of its name. */
    String base() {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }
}
