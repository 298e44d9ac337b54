package io.caravan.message;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;

/** Keeps the first of the failures that a consumer would only log. */
final class Troubles implements ExceptionHandler {

    private final AtomicReference<Throwable> first;

    Troubles(AtomicReference<Throwable> first) {
        this.first = first;
    }

    @Override
    public void handleException(Throwable e) {
        if (!(e instanceof Held.NotDelivered)) first.compareAndSet(null, e);
    }

    @Override
    public void handleException(String message, Throwable e) {
        handleException(e);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable e) {
        handleException(e);
    }
}
