package io.caravan.ledger;

import io.caravan.error.CaravanException;

/** This run's lease ended before the run did: whatever it still wanted to write is refused. */
public final class LeaseLostException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public LeaseLostException(String message) {
        super(message);
    }
}
