package io.caravan.run;

import java.util.Locale;

/** What a trip through a pipeline's route is for. */
public enum Mode {
    /** Move what is news. */
    RUN,
    /** Say what a run would change; write nothing. */
    PLAN,
    /** Take what sinks hold already for delivered; write nothing to them but their markers. */
    ADOPT,
    /** Compare every sink with the ledger. */
    VERIFY,
    /** Send dead letters again. */
    REPLAY,
    /** Write again what a sink lacks, holds differently or holds in surplus. */
    REPAIR,
    /** Delete from every sink what it holds, as if the source had nothing any more. */
    REMOVE,
    /** Say how the source's objects lie on days; read none. */
    CUT,
    /** Connect to every endpoint. */
    CHECK,
    /** Read some records and send them through the steps, to be looked at; write nothing. */
    PREVIEW;

    /** Whether it changes what sinks hold. */
    boolean writes() {
        return this == RUN || this == REPLAY || this == REPAIR || this == REMOVE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
