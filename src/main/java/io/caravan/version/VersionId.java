package io.caravan.version;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** The name of a version, {@code v20310305_091012_000007}: the time in UTC, and always greater than that of the version before. */
final class VersionId {

    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("'v'uuuuMMdd_HHmmss_SSSSSS");

    private VersionId() {}

    static boolean valid(String id) {
        return id.matches("v[0-9]{8}_[0-9]{6}_[0-9]{6}");
    }

    /** Now, or a microsecond after {@code last}, which may be of a clock that was ahead; blank for none. */
    static String after(String last, Clock clock) {
        String now = TEXT.format(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
        if (now.compareTo(last) > 0) return now;
        try {
            return TEXT.format(LocalDateTime.parse(last, TEXT).plus(1, ChronoUnit.MICROS));
        } catch (DateTimeParseException e) {
            throw Damaged.object("index/current_version.txt", "name a version v<yyyyMMdd>_<HHmmss>_<SSSSSS>", last);
        }
    }
}
