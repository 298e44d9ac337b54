package io.caravan.format;

/** A value of a record as people and other programs read it. */
public final class ValueText {

    private ValueText() {}

    /** As JSON, the way JSON lines hold it: numbers exact, times in ISO 8601, bytes in base 64; what JSON has no form for is a text. */
    public static String json(Object value) {
        boolean number = !(value instanceof Double d) || Double.isFinite(d);
        return JsonlWriter.text(number ? value : value.toString());
    }
}
