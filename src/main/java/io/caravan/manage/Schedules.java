package io.caravan.manage;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.quartz.CronExpression;

/**
 * Checks when the triggers of a Camel context fire, all at once, before any of them is made: each setting {@code
 * caravan.schedule.<name>.cron} that is not blank, in the time zone {@code caravan.schedule.<name>.zone}.
 */
public final class Schedules implements CamelContextAware {

    private static final String PREFIX = "caravan.schedule.";
    private static final String CRON = ".cron";
    private static final String ZONE = ".zone";
    public static final String UTC = "UTC";

    /** Who starts what has a schedule. */
    public static final String BY = "caravan.schedules";

    private static final String QUARTZ = "quartz";
    /** Nobody here. */
    public static final String EXTERNAL = "external";

    private CamelContext context;

    /** Throws every problem. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        List<String> problems = new ArrayList<>();
        value(BY)
                .filter(by -> !List.of(QUARTZ, EXTERNAL).contains(by))
                .ifPresent(by -> problems.add(SettingChecks.sentence("schedule", BY, "be quartz or external", by)));
        for (String key : new TreeSet<>(context.getPropertiesComponent()
                .loadProperties(name -> name.startsWith(PREFIX) && name.endsWith(CRON))
                .stringPropertyNames())) {
            value(key).ifPresent(cron -> {
                try {
                    next(key, cron, value(zoneOf(key)).orElse(UTC));
                } catch (ConfigurationException e) {
                    problems.add(e.getMessage());
                }
            });
        }
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    private Optional<String> value(String key) {
        return context.getPropertiesComponent()
                .resolveProperty(key)
                .map(String::strip)
                .filter(v -> !v.isEmpty());
    }

    /** Whom the setting is the cron of. */
    public static Optional<String> named(String key) {
        boolean cron = key.startsWith(PREFIX) && key.endsWith(CRON) && key.length() > PREFIX.length() + CRON.length();
        return cron ? Optional.of(key.substring(PREFIX.length(), key.length() - CRON.length())) : Optional.empty();
    }

    /** The setting of the time zone of this cron. */
    public static String zoneOf(String cronKey) {
        return cronKey.substring(0, cronKey.length() - CRON.length()) + ZONE;
    }

    /** When it fires next; throws {@link ConfigurationException} with all that is wrong. */
    public static Instant next(String cronKey, String cron, String zone) {
        List<String> problems = new ArrayList<>();
        Date next = null;
        if (!TimeZone.getTimeZone(zone).getID().equals(zone)) {
            problems.add(SettingChecks.sentence("schedule", zoneOf(cronKey), "be a time zone", zone)
                    + "; write it like Europe/Berlin or UTC");
        }
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            next = expression.getNextValidTimeAfter(new Date());
            if (next == null) {
                problems.add(
                        SettingChecks.sentence("schedule", cronKey, "fire again", cron) + "; all its times are past");
            }
        } catch (ParseException e) {
            problems.add(
                    SettingChecks.sentence("schedule", cronKey, "be a cron expression", cron) + " (" + e.getMessage()
                            + "); write seconds, minutes, hours, day of month, month, day of week, like 0 30 2 * * ? for half past"
                            + " two every night");
        }
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return next.toInstant();
    }
}
