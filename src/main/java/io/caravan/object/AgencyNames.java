package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an agency's file says of its records: {@code agency}, {@code file_name}, {@code run_date}, {@code run_hour}.
 *
 * <ul>
 *   <li>{@code agency/<slug>/files/<file_name>/<yyyy-MM-dd>/<HH>/data.csv}, the last part may be missing
 *   <li>{@code from_client/<slug>/.../<file_name>} (or {@code from-client}, {@code uploads}) and a name alone, of which date and hour are
 *       those of its last change, in UTC
 *   <li>errors: {@link IncompleteSourceException} for any other name, a wrong date or hour
 * </ul>
 */
final class AgencyNames {

    private static final Pattern CANONICAL =
            Pattern.compile("agency/([^/]+)/files/([^/]+)/([^/]+)/([^/]+)(?:/data(?:\\.[^/]*)?)?");
    private static final Pattern LEGACY = Pattern.compile("(?:from[_-]client|uploads)/([^/]+)/(?:.+/)?([^/]+)");
    private static final Pattern ALONE = Pattern.compile("([^/]+)");

    private AgencyNames() {}

    static Map<String, String> of(SourceObject object) {
        String name = object.name();
        Matcher canonical = CANONICAL.matcher(name);
        if (canonical.matches()) {
            return said(
                    canonical.group(1),
                    canonical.group(2),
                    date(canonical.group(3)).orElseThrow(() -> wrong(name, "a date", "yyyy-MM-dd", canonical.group(3))),
                    hour(canonical.group(4)).orElseThrow(() -> wrong(name, "an hour", "00 to 23", canonical.group(4))));
        }
        Instant changed = object.changed();
        String date = changed.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        String hour = "%02d".formatted(changed.atOffset(ZoneOffset.UTC).getHour());
        Matcher legacy = LEGACY.matcher(name);
        if (legacy.matches()) return said(legacy.group(1), legacy.group(2), date, hour);
        Matcher alone = ALONE.matcher(name);
        if (alone.matches()) return said(null, alone.group(1), date, hour);
        throw new IncompleteSourceException(SettingChecks.sentence(
                ObjectNames.shown(name),
                "the name",
                "be agency/<slug>/files/<file_name>/<yyyy-MM-dd>/<HH>/data.<ending>, from_client/<slug>/.../<file_name>,"
                        + " uploads/<slug>/.../<file_name> or a file's name alone, as layout is agency",
                ObjectNames.shown(name)));
    }

    /** The day that a name says; empty for the older forms, which say none, and for any other. */
    static Optional<LocalDate> day(String name) {
        Matcher canonical = CANONICAL.matcher(name);
        return canonical.matches() ? date(canonical.group(3)).map(LocalDate::parse) : Optional.empty();
    }

    private static Map<String, String> said(String agency, String file, String date, String hour) {
        Map<String, String> said = new LinkedHashMap<>();
        said.put("agency", agency);
        said.put("file_name", file);
        said.put("run_date", date);
        said.put("run_hour", hour);
        return said;
    }

    private static Optional<String> date(String text) {
        try {
            return text.matches("\\d{4}-\\d\\d-\\d\\d")
                    ? Optional.of(LocalDate.parse(text).toString())
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> hour(String text) {
        return text.matches("[01]?\\d|2[0-3]")
                ? Optional.of("%02d".formatted(Integer.valueOf(text)))
                : Optional.empty();
    }

    private static IncompleteSourceException wrong(String name, String what, String like, String got) {
        return new IncompleteSourceException(SettingChecks.sentence(
                ObjectNames.shown(name), "the name", "have " + what + " " + like + " there, as layout is agency", got));
    }
}
