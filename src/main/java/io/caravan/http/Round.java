package io.caravan.http;

import io.caravan.error.UnavailableException;

/**
 * The requests of one write. While all that is heard of the API is its own errors, nobody waits for it again and again; when
 * that goes on, it is away. Thread-safe.
 */
final class Round {

    private final String name;
    private final boolean last;
    private boolean taken;
    private boolean failing;
    private int doubtful;

    private Round(String name, boolean last) {
        this.name = name;
        this.last = last;
    }

    static Round of(String name) {
        return new Round(name, false);
    }

    /** Records that were sent again and again already: once more is enough, and what to think of them is said elsewhere. */
    static Round last(String name) {
        return new Round(name, true);
    }

    /** Whether a request need not be repeated. */
    synchronized boolean impatient() {
        return last || failing;
    }

    /** Hears of an error of the API's own, whichever record it is about. */
    synchronized void failed() {
        failing = true;
    }

    /** Hears of a record; throws {@link UnavailableException} once only errors were heard, more than {@link Doubts#MOST}. */
    synchronized Sent heard(Sent sent) {
        if (sent.taken()) {
            taken = true;
            failing = false;
        } else if (sent.doubtful()) {
            failing = true;
            if (++doubtful > Doubts.MOST && !taken && !last) throw Doubts.away(name, sent);
        }
        return sent;
    }
}
