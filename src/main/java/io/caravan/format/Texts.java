package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Origin;

/** What texts must be like. */
final class Texts {

    private Texts() {}

    /** Throws {@link BadRecordException} when half a surrogate pair stands alone: no UTF-8 can hold it. */
    static String check(Origin origin, String field, String text) {
        int half = half(text);
        if (half < 0) return text;
        throw new BadRecordException(SettingChecks.sentence(
                origin.toString(), cut(field), "hold no half surrogate pair", "one at character " + half));
    }

    /** Where half a surrogate pair stands alone; -1 when none does. */
    static int half(String text) {
        int length = text.length();
        int bits = 0;
        for (int i = 0; i < length; i++) bits |= text.charAt(i);
        if (bits < Character.MIN_SURROGATE) return -1; // as nearly all do: no character is greater than all their bits
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) continue;
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) return i;
            i++;
        }
        return -1;
    }

    /** As much of a text as a message has room for. */
    static String cut(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
