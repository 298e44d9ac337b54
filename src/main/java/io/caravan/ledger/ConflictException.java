package io.caravan.ledger;

import io.caravan.error.CaravanException;

/** Somebody else wrote the same rows at the same moment, and the work was undone: what they wrote can be seen when it is done again. */
public final class ConflictException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public ConflictException(String message, Throwable cause) {
        super(message, cause);
    }
}
