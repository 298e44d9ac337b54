package io.caravan.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** By what a server recognises an answer that we know, kept as the object's etag. */
final class Validator {

    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e]{0,1000}\"");
    private static final String MODIFIED = "modified ";

    private Validator() {}

    /**
     * The answer's ETag; else when it was modified, if that is long enough ago that it cannot have changed again within the
     * same second; else empty.
     */
    static String of(HttpAnswer answer) {
        Optional<String> etag = answer.first("ETag").filter(e -> ETAG.matcher(e).matches());
        return etag.or(() -> answer.first("Last-Modified")
                        .filter(modified -> settled(modified, answer.first("Date")))
                        .map(modified -> MODIFIED + modified))
                .orElse("");
    }

    /** The header that asks for the answer only if it is another. */
    static Map<String, String> condition(String etag) {
        if (etag.startsWith(MODIFIED)) return Map.of("If-Modified-Since", etag.substring(MODIFIED.length()));
        return ETAG.matcher(etag).matches() ? Map.of("If-None-Match", etag) : Map.of();
    }

    private static boolean settled(String modified, Optional<String> date) {
        try {
            return date.isPresent()
                    && Duration.between(time(modified), time(date.get())).toSeconds() >= 2;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Instant time(String header) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from);
    }
}
