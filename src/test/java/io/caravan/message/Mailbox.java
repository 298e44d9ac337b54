package io.caravan.message;

/** A place of its own on a real server, where messages wait until they are acknowledged. */
public interface Mailbox {

    /** What the source is to be given; of a place that other tests do not use. */
    String uri();

    /** What a sink is to be given so that what it sends waits there. */
    default String target() {
        return uri();
    }

    /** Puts a message there, behind those before. */
    void send(String key, String body) throws Exception;

    /** How many wait. */
    long waiting() throws Exception;

    /** Returns when what was given back can be taken again. */
    default void settle() throws Exception {}
}
