package io.caravan.error;

/**
 * One record breaks a rule: it becomes a dead letter with this message as its reason; the rest goes
 * on.
 */
public final class BadRecordException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public BadRecordException(String message) {
        super(message);
    }

    public BadRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
