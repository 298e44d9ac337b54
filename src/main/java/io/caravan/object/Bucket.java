package io.caravan.object;

import io.caravan.endpoint.Clients;
import io.caravan.error.CaravanException;
import io.caravan.source.SourceObject;
import java.time.Duration;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A store behind a server: calls go by Camel's endpoint where it loses nothing, by the one client that the context has for the
 * server otherwise. The Kamelets say which and why.
 *
 * @param <C> what makes the calls
 */
abstract class Bucket<C extends BucketCalls> implements ObjectStore, CamelContextAware {

    private final InContext<C> calls;
    private final StoreFailure failure;
    private final Duration patience;

    Bucket(StoreFailure failure, ObjectAccess access, Function<CamelContext, C> calls) {
        this.failure = failure;
        this.patience = Duration.ofMillis(access.timeoutMillis());
        this.calls = new InContext<>(context -> {
            C made = calls.apply(context);
            Clients.of(context).watch(made.shared(), made.place(), this::check);
            return made;
        });
    }

    /** How long an object may bring nothing, or hardly anything. */
    final Duration patience() {
        return patience;
    }

    final C calls() {
        return calls.get();
    }

    @Override
    public final void setCamelContext(CamelContext context) {
        calls.set(context);
    }

    @Override
    public final CamelContext getCamelContext() {
        return calls.context();
    }

    /** What the server meant, of anything that its client or endpoint threw. */
    abstract StoreFailure.Answer answer(Exception e);

    final CaravanException failed(String action, Exception e) {
        return e instanceof CaravanException said ? said : failure.of(action, answer(e), e);
    }

    final CaravanException failedToRead(SourceObject object, Exception e) {
        return e instanceof CaravanException said ? said : failure.reading(object, answer(e), e);
    }

    /** The context closes the client. */
    @Override
    public final void close() {
        calls.forget();
    }
}
