package io.caravan.error;

/** Somebody asked for the end of what goes on; nothing is wrong with the data or any store. */
public final class StoppedException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public StoppedException(String message) {
        super(message);
    }
}
