package io.caravan.message;

import java.util.List;

/**
 * Where messages wait. What was gathered is not gone until it is acknowledged. One run at a time; from any thread, not from several at
 * once.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when the server cannot be reached, {@link
 *       io.caravan.error.ConfigurationException} when it refuses us or an option loses messages
 * </ul>
 */
interface Inbox {

    /** Takes what waits, in the order in which it arrives. Ends by {@link #acknowledge} or {@link #release}. */
    List<Received> gather(Bounds bounds);

    /** Says that what was gathered is done, each message once; throws when some may come again. */
    void acknowledge();

    /** Gives back what was gathered, so that it comes again. */
    void release();
}
