package io.caravan.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One text for a place however its URIs write it: hosts in small letters, this machine as {@code localhost}, no port that is the
 * scheme's own; folders by their whole path without links, with the prefix of what is written there. Two texts that differ may still be one place: a server has more names than can be known from them.
 */
public final class SamePlace {

    private static final Pattern SERVERS =
            Pattern.compile("((?:jdbc:)?[A-Za-z][A-Za-z0-9]*(?:\\+[A-Za-z0-9]+)?)://([^/?#;\\s\\\\]*)");
    private static final Pattern THIS_MACHINE =
            Pattern.compile("(?:localhost\\.?|127(?:\\.[0-9]{1,3}){3}|0\\.0\\.0\\.0|\\[(?:[0:]*:)?:?0*1\\])(?=$|:)");
    private static final Map<String, String> PORTS = Map.of(
            "jdbc:postgresql",
            "5432",
            "postgresql",
            "5432",
            "mongodb",
            "27017",
            "neo4j",
            "7687",
            "bolt",
            "7687",
            "http",
            "80",
            "https",
            "443",
            "jdbc:mysql",
            "3306",
            "jdbc:sqlserver",
            "1433");

    /** What stands behind the word of a setting, up to the next one. */
    private static final String VALUE = "[ =](.*?)(?=, [a-z][A-Za-z]* |\\n|$)";

    private static final Pattern FOLDER = Pattern.compile("(?<=(?:, |\\n)(?:output|path))" + VALUE);
    private static final Pattern PREFIX = Pattern.compile("(?:, |\\n)prefix" + VALUE);
    private static final String LAPTOP = "laptop";

    private SamePlace() {}

    /** The text that all ways to write the place share. */
    public static String of(String place) {
        Matcher prefixed = PREFIX.matcher(place);
        String prefix = prefixed.find() ? prefixed.group(1) : "";
        String folders = FOLDER.matcher(prefixed.replaceFirst(""))
                .replaceAll(m -> Matcher.quoteReplacement(" " + folder(m.group(1)) + "/" + prefix));
        return SERVERS.matcher(folders).replaceAll(m -> Matcher.quoteReplacement(server(m.group(1), m.group(2))));
    }

    /** Without a slash at the end; one of this machine as a whole path, links followed as far as it is there. */
    private static String folder(String named) {
        String bare = named.replaceFirst("(?<=[^/])/+$", "");
        if (bare.contains("://") || bare.contains("{{") || bare.equals(LAPTOP)) return bare;
        try {
            Path whole = Path.of(bare).toAbsolutePath().normalize();
            for (Path there = whole; there != null; there = there.getParent()) {
                if (Files.exists(there))
                    return there.toRealPath()
                            .resolve(there.relativize(whole))
                            .normalize()
                            .toString();
            }
            return whole.toString();
        } catch (InvalidPathException | IOException e) {
            return bare; // whoever opens it says so
        }
    }

    private static String server(String scheme, String hosts) {
        String small = scheme.toLowerCase(Locale.ROOT);
        String port = PORTS.get(small.replaceFirst("\\+.*", ""));
        String named = Arrays.stream(hosts.toLowerCase(Locale.ROOT).split(","))
                .map(host -> THIS_MACHINE.matcher(host).replaceFirst("localhost"))
                .map(host -> port != null && host.endsWith(":" + port)
                        ? host.substring(0, host.length() - port.length() - 1)
                        : host)
                .collect(Collectors.joining(","));
        // two names of one protocol, of a graph's server
        return (small.startsWith("bolt") ? small.replaceFirst("bolt", "neo4j") : small) + "://" + named;
    }
}
