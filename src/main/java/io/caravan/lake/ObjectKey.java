package io.caravan.lake;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose file an object is, and of when, by its key: {@code agency/<slug>/files/<file>/<yyyy-MM-dd>/<HH>/data.<ext>}, or one of the older {@code
 * from_client/<slug>/.../<file>} and {@code uploads/<slug>/.../<file>}.
 *
 * @param slug blank when the key does not say
 * @param file its name
 * @param date of the run that brought it
 */
public record ObjectKey(String slug, String file, Optional<LocalDate> date, Optional<Integer> hour) {

    private static final Pattern CANONICAL = Pattern.compile(
            "(?:.*/)?agency/([^/]+)/files/([^/]+)/(\\d{4}-\\d\\d-\\d\\d)/(\\d\\d?)(?:/[^/]+)?", Pattern.DOTALL);
    private static final Pattern OLDER =
            Pattern.compile("(?:.*/)?(?:from[_-]client|uploads)/([^/]+)/(?:.*/)?([^/]+)", Pattern.DOTALL);
    private static final int LAST_HOUR = 23;

    /** What a key says; of one of another form only the file's name is known. */
    public static ObjectKey of(String key) {
        Matcher canonical = CANONICAL.matcher(key);
        if (canonical.matches() && Integer.parseInt(canonical.group(4)) <= LAST_HOUR) {
            Optional<LocalDate> date = date(canonical.group(3));
            if (date.isPresent())
                return new ObjectKey(
                        canonical.group(1), canonical.group(2), date, Optional.of(Integer.valueOf(canonical.group(4))));
        }
        Matcher older = OLDER.matcher(key);
        if (older.matches()) return new ObjectKey(older.group(1), older.group(2), Optional.empty(), Optional.empty());
        return new ObjectKey("", key.substring(key.lastIndexOf('/') + 1), Optional.empty(), Optional.empty());
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
