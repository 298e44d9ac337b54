package io.caravan.ledger;

import io.caravan.error.CaravanException;

/** The ledger refused a statement: a defect or a damaged database, not a matter of one record. */
public final class LedgerException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
