package io.caravan.notify;

/**
 * Where a message goes. Thread-safe; connects at its first message.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when nobody took it, {@link
 *       io.caravan.error.ConfigurationException} when the place is not there or not ours
 * </ul>
 */
public interface Channel {

    /** Returns when the message was taken. */
    void send(Notice notice);

    /** Asks whether the place is there. */
    void check();
}
