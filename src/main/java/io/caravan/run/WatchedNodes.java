package io.caravan.run;

import io.caravan.delivery.RunContext;
import java.util.List;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.processor.ChoiceProcessor;
import org.apache.camel.processor.FilterProcessor;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Tells a run what the nodes of its route do with a batch: which way a filter and a choice closed, and in which branches of
 * which multicasts it is. They do what they do in any route; a message without a run passes them untouched.
 *
 * <p>Camel finds this class by {@code META-INF/services}, in any application that has Caravan on its class path.
 */
public final class WatchedNodes implements ContextServicePlugin, InterceptStrategy {

    @Override
    public void load(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        if (node instanceof FilterDefinition && target instanceof FilterProcessor filter) {
            return new Filter(node.getId(), filter);
        }
        if (node instanceof ChoiceDefinition && target instanceof ChoiceProcessor choice) {
            return new Choice(node.getId(), choice);
        }
        return node instanceof MulticastDefinition ? new Multicast(node.getId(), target) : target;
    }

    private static Optional<RunContext> run(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable(RunContext.VARIABLE, RunContext.class));
    }

    private static boolean over(AsyncCallback callback) {
        callback.done(true);
        return true;
    }

    private static final class Filter extends DelegateAsyncProcessor {

        private final String id;
        private final FilterProcessor filter;

        Filter(String id, FilterProcessor filter) {
            super(filter);
            this.id = id;
            this.filter = filter;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Optional<RunContext> run = run(exchange);
            if (run.isEmpty()) return super.process(exchange, callback);
            try {
                boolean matches = filter.matches(exchange);
                String property = filter.getStatusPropertyName();
                if (property != null) exchange.setProperty(property, matches);
                if (matches) return filter.getProcessor().process(exchange, callback);
                run.get().closed(id);
            } catch (RuntimeException e) {
                exchange.setException(e);
            }
            return over(callback);
        }
    }

    private static final class Choice extends DelegateAsyncProcessor {

        private final String id;
        private final ChoiceProcessor choice;

        Choice(String id, ChoiceProcessor choice) {
            super(choice);
            this.id = id;
            this.choice = choice;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Optional<RunContext> run = run(exchange);
            if (run.isEmpty()) return super.process(exchange, callback);
            List<FilterProcessor> clauses = choice.getFilters();
            int taken = 0;
            try {
                while (taken < clauses.size() && !clauses.get(taken).matches(exchange)) taken++;
            } catch (RuntimeException e) {
                exchange.setException(e);
                return over(callback);
            }
            for (int i = 0; i < clauses.size(); i++) if (i != taken) run.get().closed(id + '/' + i);
            if (taken < clauses.size()) {
                run.get().closed(id + '/' + RouteShape.OTHERWISE);
                return clauses.get(taken).getProcessor().process(exchange, callback);
            }
            Processor otherwise = choice.getOtherwise();
            return otherwise == null
                    ? over(callback)
                    : AsyncProcessorConverterHelper.convert(otherwise).process(exchange, callback);
        }
    }

    /** What is behind it is outside of it again. */
    private static final class Multicast extends DelegateAsyncProcessor {

        private final String id;

        Multicast(String id, Processor multicast) {
            super(multicast);
            this.id = id;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (run(exchange).isEmpty()) return super.process(exchange, callback);
            Object multicasts = exchange.getProperty(RunContext.MULTICASTS);
            Object index = exchange.getProperty(Exchange.MULTICAST_INDEX);
            String around =
                    RunContext.branch(exchange).map(branch -> branch + '/').orElse("");
            exchange.setProperty(RunContext.MULTICASTS, around + id + '/');
            return super.process(exchange, done -> {
                set(exchange, RunContext.MULTICASTS, multicasts);
                set(exchange, Exchange.MULTICAST_INDEX, index);
                callback.done(done);
            });
        }

        private static void set(Exchange exchange, String property, Object value) {
            if (value == null) exchange.removeProperty(property);
            else exchange.setProperty(property, value);
        }
    }
}
