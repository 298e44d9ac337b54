package io.caravan.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a setting leads to, without what opens the door or tunes the way there: of {@code mongodb://u:p@host/db?password=s} remains
 * {@code mongodb://host/db}, of a connection string no key. So a new password is still the same place.
 */
final class PointsAt {

    private static final Pattern URI = Pattern.compile("(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*:(?://)?.*", Pattern.DOTALL);
    private static final Pattern CONNECTION = Pattern.compile("[A-Za-z][A-Za-z ]*=.*", Pattern.DOTALL);
    /** A whole URI of Camel, as {@code kafka:orders?brokers=a:9092}, or one with values that are marked as raw. */
    private static final Pattern ENDPOINT =
            Pattern.compile("(?!jdbc:)[A-Za-z][A-Za-z0-9+.-]*:(?!//)[^=?]*\\?.*|[^?]+\\?.*=RAW[({].*", Pattern.DOTALL);

    private static final Pattern RAW = Pattern.compile("[A-Za-z0-9_.-]+=RAW(?:\\([^)]*\\)|\\{[^}]*})&?");
    private static final Pattern USER_INFO = Pattern.compile("//[^/?#;]*@");
    private static final Pattern USER_INFO_OF_ORACLE = Pattern.compile("^(jdbc:oracle:\\w+:)[^@]*@");
    private static final Predicate<String> SECRET = Pattern.compile(
                    "(?i).*(passw|pwd|secret|token|credential|signature|api[-_]?key"
                            + "|access[-_]?key|account[-_]?key|shared[-_]?key|private[-_]?key|passphrase|x-amz-|x-goog-).*|sig")
            .asMatchPredicate();
    /** Parameters of servers' URIs that say who asks, and how patiently. */
    private static final Predicate<String> WHO_AND_HOW = Pattern.compile(
                    "(?i)user|user ?name|user ?id|uid|w|.*(^auth|timeout|retr|pool|ssl"
                            + "|tls|trust|fetch|batch|cache|buffer|keepalive|prepare|thread|idle|lifetime|compress|heartbeat|readpref"
                            + "|readconcern|writeconcern|journal|app ?name|application ?name|loglevel).*")
            .asMatchPredicate();

    private PointsAt() {}

    /** Whether a setting of this name is a secret. */
    static boolean secret(String name) {
        return SECRET.test(name);
    }

    /** Whether a text leads anywhere, or is a mere secret. */
    static boolean leads(String value) {
        return CONNECTION.matcher(value).matches() || !of(value).equals(value) || value.contains("://");
    }

    /** Of a URI where it leads; any other text is what it is. */
    static String of(String value) {
        if (!value.contains("://") && !value.startsWith("jdbc:")
                || !URI.matcher(value).matches()) return value;
        String bare = USER_INFO_OF_ORACLE
                .matcher(USER_INFO.matcher(value).replaceAll("//"))
                .replaceFirst("$1@");
        Matcher parameters = Pattern.compile("[?;]").matcher(bare);
        if (!parameters.find()) return bare;
        boolean web = bare.toLowerCase(Locale.ROOT).startsWith("http");
        String kept = Arrays.stream(bare.substring(parameters.end()).split("[&;]"))
                .filter(p -> keeps(p, web))
                .collect(Collectors.joining("&"));
        // a signature goes with parameters that say until when and for what, new ones with each
        boolean signed = bare.substring(parameters.end()).matches("(?i)(.*&)?sig=.*");
        return bare.substring(0, parameters.start()) + (kept.isEmpty() || signed ? "" : "?" + kept);
    }

    private static boolean keeps(String parameter, boolean web) {
        String name = parameter.split("=", 2)[0].strip();
        return !secret(name) && (web || !WHO_AND_HOW.test(name));
    }

    /** Of a whole URI of Camel: without what is marked as raw, as secrets are. */
    private static String ofEndpoint(String value) {
        String[] parts = value.split("\\?", 2);
        String kept = Arrays.stream(RAW.matcher(parts[1]).replaceAll("").split("&"))
                .filter(p -> !p.isBlank() && keeps(p, false))
                .sorted()
                .collect(Collectors.joining("&"));
        return parts[0].replaceFirst(":(//)?[^/@]*@", ":$1") + (kept.isEmpty() ? "" : "?" + kept);
    }

    /** Of a connection string such as Azure's, {@code name=value} between semicolons; any other text as {@link #of}. */
    static String ofConnection(String value) {
        if (ENDPOINT.matcher(value).matches()) return ofEndpoint(value);
        if (!CONNECTION.matcher(value).matches()) return of(value);
        return Arrays.stream(value.split(";"))
                .map(part -> part.split("=", 2))
                .filter(part -> part.length == 2 && keeps(part[0], false))
                .map(part -> part[0].strip().toLowerCase(Locale.ROOT) + '=' + of(part[1].strip()))
                .sorted()
                .collect(Collectors.joining(";"));
    }
}
