package io.caravan.shape;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import java.util.regex.Pattern;

/** Why a row is refused: kind and field, rule, value, and what to change. */
final class Refusal {

    static final String UNIT = "shape-documents-action";

    private static final int LONGEST_SHOWN = 100;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Refusal() {}

    /** Short, and without characters that would break a line or a database's text: the reason is kept and shown. */
    static BadRecordException of(String place, String rule, Object value, String remedy) {
        String text = String.valueOf(value);
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new BadRecordException(
                SettingChecks.sentence(UNIT, place, rule, CONTROL.matcher(shown).replaceAll("␣")) + "; " + remedy);
    }
}
