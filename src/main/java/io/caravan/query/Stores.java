package io.caravan.query;

import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;

/** Says to a caller that a store cannot be asked, without its address or account; those are in the log. */
final class Stores {

    private Stores() {}

    /** The problem 503 of a store that threw this. */
    static ProblemException problem(String store, CaravanException e) {
        String reason = e instanceof UnavailableException
                ? "does not answer; try again later"
                : "cannot be used as it is configured; the log says why";
        return new ProblemException(503, QueryString.UNIT + ": the store of the " + store + " " + reason, e);
    }
}
