package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time of a schedule that a run is for, as schedulers can tell it. */
final class FireTime {

    /** A CronJob calls its Jobs {@code <name>-<minutes since 1970>}, and no pod is told the time itself. */
    private static final Pattern OF_CRON_JOB = Pattern.compile("[a-z0-9][a-z0-9.-]*-([0-9]{8})");

    private static final Pattern OF_PEOPLE = Pattern.compile("[a-z]([-a-z0-9.]*[a-z0-9])?");

    private FireTime() {}

    /** Empty for the name of a Job that no CronJob made at its time. */
    static Optional<Instant> of(String text) {
        Matcher job = OF_CRON_JOB.matcher(text);
        if (job.matches()) return Optional.of(Instant.ofEpochSecond(60 * Long.parseLong(job.group(1))));
        if (OF_PEOPLE.matcher(text).matches()) return Optional.empty();
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                    "run",
                    "--scheduled-for",
                    "be a time with its zone, such as 2026-11-30T03:00:00Z, or the name of a Job",
                    text));
        }
    }
}
