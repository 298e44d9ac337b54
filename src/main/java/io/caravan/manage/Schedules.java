package io.caravan.manage;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.text.ParseException;
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

    private CamelContext context;

    /** Throws every problem. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        List<String> problems = new ArrayList<>();
        for (String key : new TreeSet<>(context.getPropertiesComponent()
                .loadProperties(name -> name.startsWith(PREFIX) && name.endsWith(CRON))
                .stringPropertyNames())) {
            String zoneKey = key.substring(0, key.length() - CRON.length()) + ZONE;
            value(key)
                    .ifPresent(cron -> check(key, cron, zoneKey, value(zoneKey).orElse("UTC"), problems));
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

    private static void check(String cronKey, String cron, String zoneKey, String zone, List<String> problems) {
        boolean knownZone = TimeZone.getTimeZone(zone).getID().equals(zone);
        if (!knownZone) {
            problems.add(SettingChecks.sentence("schedule", zoneKey, "be a time zone", zone)
                    + "; write it like Europe/Berlin or UTC");
        }
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            if (expression.getNextValidTimeAfter(new Date()) == null) {
                problems.add(
                        SettingChecks.sentence("schedule", cronKey, "fire again", cron) + "; all its times are past");
            }
        } catch (ParseException e) {
            problems.add(
                    SettingChecks.sentence("schedule", cronKey, "be a cron expression", cron) + " (" + e.getMessage()
                            + "); write seconds, minutes, hours, day of month, month, day of week, like 0 30 2 * * ? for half past"
                            + " two every night");
        }
    }
}
