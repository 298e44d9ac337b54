package io.caravan.source;

import java.util.Iterator;

/** Keeps the rows of objects that became no records where people look who have the objects, and no ledger. Used by one run of a flow at a time. */
public interface Quarantine {

    /** What was refused of one object: texts of one line each, in the order of its rows; to be taken before the next object is. */
    record Refused(String object, Iterator<String> rows) {}

    /**
     * Makes this all that is kept for a flow: what is kept in the same words stays untouched, what is kept of other objects goes.
     *
     * <ul>
     *   <li>in: objects once each, made while they are asked for
     *   <li>errors: those of a store; the next call goes on
     * </ul>
     */
    void keep(String flow, Iterator<Refused> all);
}
