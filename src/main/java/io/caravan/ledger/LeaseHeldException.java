package io.caravan.ledger;

import io.caravan.error.CaravanException;

/** Another run holds the pipeline's lease. */
public final class LeaseHeldException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public LeaseHeldException(String message) {
        super(message);
    }
}
