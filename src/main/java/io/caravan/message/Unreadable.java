package io.caravan.message;

import io.caravan.record.Origin;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What cannot be read of a message. It is a dead letter, and the message is acknowledged, only if the letter holds all of it; a file that is
 * read bit by bit, or what is too long, would be lost: the run fails then, and the message stays where it is.
 */
final class Unreadable {

    private Unreadable() {}

    /** {@code whole}: what is in memory of it. Throws {@link IncompleteSourceException} when a letter could not hold it. */
    static BadRow of(Optional<byte[]> whole, Origin origin, String reason) {
        String held = whole.map(Unreadable::text)
                .filter(text -> text.length() <= BadRow.LONGEST)
                .orElseThrow(() -> new IncompleteSourceException(reason + "; a dead letter holds messages of up to "
                        + BadRow.LONGEST + " characters that are in memory, so this one was not acknowledged:"
                        + " correct it or take it away where it waits"));
        return new BadRow(origin, held, reason);
    }

    /** Texts as they are, other bytes in Base64. */
    private static String text(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        boolean whole = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body);
        return whole ? text : "base64:" + Base64.getEncoder().encodeToString(body);
    }
}
