package io.caravan.source;

import io.caravan.error.CaravanException;

/**
 * An object was not read to its true end: it ended early, changed while it was read, or cannot be parsed. What was read
 * of it may be delivered, but the run is not a success and deletes nothing.
 */
public class IncompleteSourceException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public IncompleteSourceException(String message) {
        super(message);
    }

    public IncompleteSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
