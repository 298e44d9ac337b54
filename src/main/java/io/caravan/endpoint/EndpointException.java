package io.caravan.endpoint;

import java.util.Optional;

/**
 * A call of an endpoint that failed; what the component threw is the cause. Whoever called turns it into one of
 * {@link io.caravan.error}: this one has no text of its own, as that of a component may hold a URI.
 */
public final class EndpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_CAUSES = 50;

    EndpointException(Throwable cause) {
        super("a call of an endpoint failed", cause);
    }

    /** The first of that kind among the causes: the client's own exception, which components wrap in theirs. */
    public <T extends Throwable> Optional<T> cause(Class<T> kind) {
        // Camel's own helpers look from the inside, and find what the client wrapped
        Throwable cause = getCause();
        for (int i = 0; i < MOST_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (kind.isInstance(cause)) return Optional.of(kind.cast(cause));
        }
        return Optional.empty();
    }
}
