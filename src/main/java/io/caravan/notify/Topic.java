package io.caravan.notify;

/**
 * An SNS topic that takes messages of any text. Thread-safe; connects at its first message.
 *
 * <ul>
 *   <li>errors: as {@link Channel}
 * </ul>
 */
public interface Topic {

    /** Returns when the message was taken; a {@code .fifo} topic drops one with an {@code id} that it took a moment ago. */
    void publish(String subject, String message, String id);

    /** Asks whether the topic is there. */
    void check();
}
