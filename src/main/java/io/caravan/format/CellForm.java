package io.caravan.format;

import java.util.Locale;

/** What a number in a cell stands for, as the cell's style shows it. */
enum CellForm {
    NUMBER,
    /** A day, or a time of a day when the number has a fraction. */
    DATE,
    DATE_TIME;

    /** @param code the format of a style that is not built in, else null */
    static CellForm of(String id, String code) {
        if (code != null) return ofCode(code);
        if (id == null || !id.matches("[0-9]{1,3}")) return NUMBER;
        int n = Integer.parseInt(id);
        if (n == 22) return DATE_TIME;
        boolean date = (n >= 14 && n <= 17) || (n >= 27 && n <= 31) || n == 36 || (n >= 50 && n <= 58);
        return date ? DATE : NUMBER;
    }

    private static CellForm ofCode(String code) {
        String letters = code.length() > 1000
                ? ""
                : code.replaceAll("\"[^\"]*\"|\\\\.|_.|\\*.|\\[[^\\]]*]|;.*", "")
                        .toLowerCase(Locale.ROOT);
        if (letters.contains("general")) return NUMBER;
        boolean time = letters.matches("(?s).*[hs].*") || code.matches("(?is).*\\[[hms]+].*");
        boolean date = letters.matches("(?s).*[yd].*") || (!time && letters.indexOf('m') >= 0);
        return !date ? NUMBER : time ? DATE_TIME : DATE;
    }
}
