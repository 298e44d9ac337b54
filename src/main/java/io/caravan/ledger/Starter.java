package io.caravan.ledger;

import io.caravan.error.Mask;
import io.caravan.record.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who starts a run, by what and with which settings, as the audit keeps it. Nothing of it may be a secret.
 *
 * @param user who the operating system says it is
 * @param named who a setting says it is; empty where none does
 * @param command as it was typed; empty where another application runs the routes
 * @param route the one that called the pipeline; empty where a message was sent to the pipeline itself
 * @param version of the code
 * @param settings all there are but those that the command line says
 * @param given what the command line says over them
 */
public record Starter(
        String user,
        String host,
        String named,
        String command,
        String route,
        String version,
        Map<String, String> settings,
        Map<String, String> given) {

    private static final int LONGEST = 8_000;

    public Starter {
        user = storable(user);
        host = storable(host);
        named = storable(named);
        command = storable(command);
        if (command.length() > LONGEST) command = command.substring(0, LONGEST) + "...";
        route = storable(route);
        version = storable(version);
        settings = storable(settings);
        given = storable(given);
    }

    /** The same settings have the same. */
    byte[] hash() {
        StringBuilder all = new StringBuilder();
        settings.forEach((name, value) -> all.append(name.length())
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(name)
                .append(value));
        return Sha256.of(all.toString());
    }

    private static SortedMap<String, String> storable(Map<String, String> settings) {
        SortedMap<String, String> storable = new TreeMap<>();
        settings.forEach((name, value) -> storable.put(storable(name), storable(value)));
        return storable;
    }

    /** PostgreSQL keeps no NUL, and UTF-8 no half of a pair. */
    private static String storable(String text) {
        String masked = Mask.ofProcess().sentence(text);
        return new String(masked.replace('\0', '?').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
