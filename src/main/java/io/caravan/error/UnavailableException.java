package io.caravan.error;

/**
 * A store or service cannot be reached, timed out or throttles: worth a retry, never a dead letter.
 */
public final class UnavailableException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
