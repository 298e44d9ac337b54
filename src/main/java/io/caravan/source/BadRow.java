package io.caravan.source;

import io.caravan.record.Origin;
import java.util.Optional;

/**
 * A row that is no record: where it begins, its text as far as it could be read (cut at 64 Ki characters), and the rule
 * it breaks. NUL, which databases refuse in a text, is shown as {@code ␀}.
 *
 * @param key of a source that is read from a position on, by which the row is known on any line; empty where it cannot be read
 */
public record BadRow(Origin origin, String raw, String reason, Optional<String> key) {

    public static final int LONGEST = 64 * 1024;

    public BadRow {
        if (raw.length() > LONGEST) raw = raw.substring(0, LONGEST);
        raw = raw.replace('\0', '␀');
        reason = reason.replace('\0', '␀');
    }

    public BadRow(Origin origin, String raw, String reason) {
        this(origin, raw, reason, Optional.empty());
    }
}
