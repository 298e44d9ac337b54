package io.caravan.job;

import io.caravan.error.CaravanException;

/** The jobs' database refused something that should have worked. */
public final class JobException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public JobException(String message, Throwable cause) {
        super(message, cause);
    }
}
