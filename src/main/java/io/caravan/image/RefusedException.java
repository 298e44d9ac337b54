package io.caravan.image;

import java.io.IOException;

/** An image is not taken; the message is what it must do and does not, as {@code be an http or https URL}. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean silent;

    RefusedException(String rule) {
        this(rule, null);
    }

    RefusedException(String rule, Throwable cause) {
        this(rule, cause, false);
    }

    /** {@code silent}: its server is away or does not answer, which others of its images will meet too. */
    RefusedException(String rule, Throwable cause, boolean silent) {
        super(rule, cause);
        this.silent = silent;
    }

    boolean silent() {
        return silent;
    }
}
