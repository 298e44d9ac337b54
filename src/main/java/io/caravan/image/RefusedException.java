package io.caravan.image;

import java.io.IOException;

/** An image is not taken; the message is what it must do and does not, as {@code be an http or https URL}. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedException(String rule) {
        super(rule);
    }

    RefusedException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
