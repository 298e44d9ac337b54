package io.caravan.cli;

/** The routes could not be started; the cause says why. */
final class NotStartedException extends Exception {

    private static final long serialVersionUID = 1L;

    NotStartedException(Throwable cause) {
        super(cause);
    }
}
