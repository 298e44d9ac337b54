package io.caravan.book;

import java.util.Optional;
import java.util.regex.Pattern;

/** A publisher's name without the legal form and the quotes that some sources put around it. */
final class Publisher {

    private static final Pattern QUOTES = Pattern.compile("^[\"'\u201c]+|[\"'\u201d]+$");
    private static final Pattern LEGAL =
            Pattern.compile("(?i),? (?:inc|ltd|llc|l\\.l\\.c|limited|gmbh|co|corp|pty|plc)\\.?$");

    private Publisher() {}

    static Optional<String> clean(Optional<String> text) {
        return text.map(t -> CleanText.line(t, CleanLengths.NAME))
                .map(t -> QUOTES.matcher(t).replaceAll(""))
                .map(t -> LEGAL.matcher(t).replaceFirst("").strip())
                .filter(t -> t.codePoints().anyMatch(Character::isLetterOrDigit));
    }
}
