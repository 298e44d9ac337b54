package io.caravan.step;

import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.delivery.RunContext;
import io.caravan.record.Record;
import io.caravan.record.Records;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Replaces the batch in the body by what a step makes of it; records the step refuses become dead letters. A step that calls endpoints of
 * Camel gets to know the context here.
 */
public final class ApplyStep implements Processor {

    private final Step step;

    public ApplyStep(Step step) {
        this.step = step;
    }

    /** What people call the step: {@code convert-types}, as its Kamelet is called, and not as its class. */
    static String name(Step step) {
        return step.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    @SuppressWarnings("unchecked") // the body of every message after a source is a list of records
    public void process(Exchange exchange) throws Exception {
        RunContext run = RunContext.of(exchange);
        List<Record> batch = (List<Record>) exchange.getMessage().getMandatoryBody(List.class);
        CamelContextAware.trySetCamelContext(step, exchange.getContext());
        String name = name(step);
        Optional<String> branch = RunContext.branch(exchange);
        Step asked = step.at(run.started());
        Step its = run.overlay().map(asked::over).orElse(asked);
        its.seal().ifPresent(run::seal);
        its.note(batch).ifPresent(run::note);
        ErrorsAsExceptions.run(() -> exchange.getMessage().setBody(Records.of(its.apply(batch, (record, reason) -> {
            if (branch.isEmpty()) run.reject(name, record, reason);
            else run.rejectInBranch(branch.get(), name, record, reason);
        }))));
    }
}
