package io.caravan.message;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * Exchanges of a consumer that is told of their end by their completions: they are done when somebody says so, and not when the consumer
 * has handed them out. Thread-safe.
 */
final class Held {

    /** Why an exchange is given back; no stack trace, as a component logs it once a message. */
    static final class NotDelivered extends CancellationException {
        private static final long serialVersionUID = 1L;

        NotDelivered() {
            super("not every sink has it; it comes again");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private record One(Exchange exchange, AsyncCallback callback, List<Synchronization> completions) {}

    private final List<One> held = new ArrayList<>();

    /** Keeps it; false, and not kept, when it has nobody who would be told of its end. */
    synchronized boolean keep(Exchange exchange, AsyncCallback callback) {
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        if (completions == null && exchange.getUnitOfWork() == null) return false;
        held.add(new One(exchange, callback, completions == null ? List.of() : completions));
        return true;
    }

    /** Gives back one that was kept, as nobody takes it any more. */
    void giveBack(Exchange exchange) {
        List<One> given;
        synchronized (this) {
            given = held.stream().filter(one -> one.exchange == exchange).toList();
            held.removeAll(given);
        }
        for (One one : given) end(one.exchange, one.callback, one.completions, false);
    }

    /** Ends each once, in order of arrival: done, or given back. */
    void end(boolean done) {
        List<One> all;
        synchronized (this) {
            all = List.copyOf(held);
            held.clear();
        }
        for (One one : all) end(one.exchange, one.callback, one.completions, done);
    }

    /** Gives back one that is not kept. */
    static void refuse(Exchange exchange, AsyncCallback callback) {
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        end(exchange, callback, completions == null ? List.of() : completions, false);
    }

    private static void end(
            Exchange exchange, AsyncCallback callback, List<Synchronization> completions, boolean done) {
        if (!done) exchange.setException(new NotDelivered());
        UnitOfWorkHelper.doneSynchronizations(exchange, completions);
        UnitOfWork work = exchange.getUnitOfWork();
        if (work != null) UnitOfWorkHelper.doneUow(work, exchange);
        exchange.setException(null); // a consumer would log it once more
        callback.done(false);
    }
}
