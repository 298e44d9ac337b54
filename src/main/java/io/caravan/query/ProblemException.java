package io.caravan.query;

import io.caravan.error.CaravanException;
import java.util.Map;

/** Ends a request with a status other than 200; its message is what the caller reads. */
final class ProblemException extends CaravanException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    ProblemException(int status, String detail) {
        this(status, detail, Map.of());
    }

    /** {@code headers}: what the status wants beside its body, such as {@code Allow}. */
    ProblemException(int status, String detail, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    ProblemException(int status, String detail, Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.headers = Map.of();
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }
}
