package io.caravan.local;

import java.util.Optional;

/**
 * A store on this machine that lives in a process of its own, keeps its data below one folder and
 * outlives the Caravan process that started it.
 */
public interface LocalStore {

    /** {@code postgres}, {@code neo4j}, {@code mongo}. */
    String name();

    /** What it is, version and licence in a few words, for {@code stores status}. */
    String description();

    /**
     * Adopts the store if it already answers for this folder, else starts it and returns when it
     * answers. A taken port is replaced by another one, remembered in the folder.
     */
    Endpoint start();

    /**
     * Ends the process cleanly, then by force; returns when it is gone. Does nothing when it does
     * not run.
     */
    void stop();

    /** Writes something and takes it away again; throws what keeps the store from that. It runs. */
    void tryWrite(Endpoint endpoint) throws Exception;

    /** Whether it may be emptied, as what it held is sent to it again. */
    default boolean refilled() {
        return true;
    }

    /** Where it answers now; empty when it does not run. */
    Optional<Endpoint> running();
}
