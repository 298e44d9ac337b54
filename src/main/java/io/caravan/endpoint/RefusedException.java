package io.caravan.endpoint;

/** An endpoint refuses what it was given; the message is what it says, without secrets. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(String said) {
        super(said);
    }
}
