package io.caravan.endpoint;

import java.util.Optional;
import org.apache.camel.util.ObjectHelper;

/**
 * A call of an endpoint that failed; what the component threw is the cause. Whoever called turns it into one of
 * {@link io.caravan.error}: this one has no text of its own, as that of a component may hold a URI.
 */
public final class EndpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EndpointException(Throwable cause) {
        super("a call of an endpoint failed", cause);
    }

    /** The first of that kind among the causes: the client's own exception, which components wrap in theirs. */
    public <T extends Throwable> Optional<T> cause(Class<T> kind) {
        // what a client suppressed, such as its first tries, comes after what it threw
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) return Optional.of(kind.cast(cause));
        }
        return Optional.ofNullable(ObjectHelper.getException(kind, getCause()));
    }
}
