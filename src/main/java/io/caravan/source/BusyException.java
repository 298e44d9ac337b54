package io.caravan.source;

import io.caravan.error.CaravanException;

/** Somebody else holds the lock of a source. */
public final class BusyException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public BusyException(String message) {
        super(message);
    }
}
