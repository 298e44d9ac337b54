package io.caravan.kubernetes;

import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times of a schedule as a CronJob has them: minutes, hours, day of month, month, day of week, of which Quartz has seconds before and
 * counts the days of a week from 1. What a CronJob cannot say is refused: at other times than Quartz it would be another fire.
 */
final class CronFields {

    private static final Pattern DAY = Pattern.compile("[1-7]");
    private static final String ALLOWED = "[0-9A-Z*?,/-]+";

    private CronFields() {}

    /** {@code key}: the setting that says it. */
    static String of(String key, String quartz) {
        List<String> fields = List.of(quartz.strip().toUpperCase(Locale.ROOT).split("\\s+"));
        SettingChecks checks = new SettingChecks("kubernetes");
        boolean whole =
                fields.size() == 6 || fields.size() == 7 && fields.get(6).equals("*");
        checks.must(whole, key, "have six fields and no year for a CronJob", quartz);
        if (whole) {
            checks.must(
                            fields.get(0).matches("0+"),
                            key,
                            "begin with second 0 for a CronJob, which knows no seconds",
                            quartz)
                    .must(
                            fields.subList(1, 6).stream().allMatch(field -> field.matches(ALLOWED))
                                    && !fields.get(3).matches(".*[A-Z].*")
                                    && !fields.get(5).matches("L|.*[0-9A-Z]L"),
                            key,
                            "be without L, W and # for a CronJob, which knows none of them",
                            quartz);
        }
        checks.check();
        return String.join(
                " ", fields.get(1), fields.get(2), any(fields.get(3)), fields.get(4), days(any(fields.get(5))));
    }

    private static String any(String field) {
        return field.equals("?") ? "*" : field;
    }

    /** Sunday is 1 to Quartz and 0 here; what stands behind a slash is how many days. */
    private static String days(String field) {
        StringBuilder days = new StringBuilder();
        Matcher day = Pattern.compile("/\\d+|" + DAY).matcher(field);
        while (day.find()) {
            String found = day.group();
            day.appendReplacement(days, found.startsWith("/") ? found : String.valueOf(Integer.parseInt(found) - 1));
        }
        return day.appendTail(days).toString();
    }
}
