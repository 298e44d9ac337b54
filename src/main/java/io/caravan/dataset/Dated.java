package io.caravan.dataset;

import io.caravan.error.SettingChecks;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * URLs with today's date in them, {@code {YYYY}}, {@code {YY}}, {@code {MM}}, {@code {DD}}, and those of the periods before: days
 * where there is a day in it, else months, else years. A URL without one is the only one.
 */
final class Dated {

    private static final Pattern PART = Pattern.compile("\\{(YYYY|YY|MM|DD|[^{}]*)}");

    private final String setting;
    private final String template;
    private final ZoneId zone;
    private final int back;
    private final Clock clock;

    /** {@code setting}: the key that holds the template; {@code back}: how many periods before today's there are. */
    Dated(String setting, String template, ZoneId zone, int back, Clock clock) {
        Matcher part = PART.matcher(template);
        SettingChecks settings = new SettingChecks("dataset");
        while (part.find()) {
            settings.must(
                    part.group(1).matches("YYYY|YY|MM|DD"),
                    setting,
                    "have {YYYY}, {YY}, {MM} and {DD} only",
                    part.group());
        }
        settings.between("source.periods_back", back, 0, 1000).check();
        this.setting = setting;
        this.template = template;
        this.zone = zone;
        this.back = back;
        this.clock = clock;
    }

    /** Where a dataset says its file is. */
    static Dated of(Dataset dataset, Clock clock) {
        boolean dated = dataset.text("source.kind").equals("indec_ipc_http");
        String key = dated ? "source.url_template" : "source.url";
        int back = dated ? (int) Math.min(Integer.MAX_VALUE, dataset.whole("source.periods_back")) : 0;
        return new Dated(key, dataset.text(key), dataset.zone("source.timezone"), back, clock);
    }

    String setting() {
        return setting;
    }

    /** The same on every day. */
    String name() {
        Matcher part = PART.matcher(template);
        return part.replaceAll(p -> p.group(1));
    }

    String first() {
        return today().get(0);
    }

    /** The newest first, each once. */
    List<String> today() {
        LocalDate today = LocalDate.now(clock.withZone(zone));
        List<String> urls = new ArrayList<>();
        for (int i = 0; i <= back; i++) {
            String url = at(before(today, i));
            if (!urls.contains(url)) urls.add(url);
        }
        return urls;
    }

    private LocalDate before(LocalDate today, int periods) {
        if (template.contains("{DD}")) return today.minusDays(periods);
        // the first: no month is too short for it
        return template.contains("{MM}")
                ? today.withDayOfMonth(1).minusMonths(periods)
                : today.withDayOfYear(1).minusYears(periods);
    }

    private String at(LocalDate date) {
        return PART.matcher(template).replaceAll(part -> switch (part.group(1)) {
            case "YYYY" -> String.format(Locale.ROOT, "%04d", date.getYear());
            case "YY" -> String.format(Locale.ROOT, "%02d", date.getYear() % 100);
            case "MM" -> String.format(Locale.ROOT, "%02d", date.getMonthValue());
            default -> String.format(Locale.ROOT, "%02d", date.getDayOfMonth());
        });
    }
}
