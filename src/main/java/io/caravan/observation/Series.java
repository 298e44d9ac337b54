package io.caravan.observation;

import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * One entry of {@code series_map}: what a series is called, and how its cells are read.
 *
 * @param unit may be null, as may be frequency
 * @param dropNa whether an observation of which date or value is blank is left out, instead of refused
 */
record Series(String code, String unit, String frequency, boolean dropNa, TimeRule times, NumberRule numbers) {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,200}");
    static final String CODE_RULE = "be letters, digits, dots, - and _, at most 200";

    /** Takes what the entry does not say from {@code defaults}. */
    static Series of(SettingMap entry, SettingMap defaults, ZoneId zone) {
        String code = entry.required("internal_series_code");
        entry.must(code.isBlank() || valid(code), "internal_series_code", CODE_RULE, code);
        return named(code, entry, defaults, zone);
    }

    static Series named(String code, SettingMap entry, SettingMap defaults, ZoneId zone) {
        return new Series(
                code,
                entry.text("unit", defaults.text("unit", null)),
                entry.text("frequency", defaults.text("frequency", null)),
                entry.truth("drop_na", defaults.truth("drop_na", false)),
                TimeRule.of(entry, defaults, zone),
                NumberRule.of(entry, defaults));
    }

    /** Codes become folders of a bucket, so none may lead anywhere else. */
    static boolean valid(String code) {
        return CODE.matcher(code).matches() && !code.equals(".") && !code.equals("..");
    }
}
