package io.caravan.run;

import io.caravan.ledger.Flow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * What goes on in a Camel context. It is asked to stop when the context is told to: under the Camel CLI, Camel K or any Main
 * a signal is a shutdown, which would wait for the end of a run until it gives up. Thread-safe.
 */
public final class PipelineRuns extends EventNotifierSupport {

    private static final String BY = "the shutdown of Camel";

    private final Map<Progress, String> going = new ConcurrentHashMap<>();
    private final Map<String, Ended> last = new ConcurrentHashMap<>();
    private final Map<String, Ended> lastSuccess = new ConcurrentHashMap<>();

    /** What a run did that ended here, and when. */
    public record Ended(RunReport report, Instant at) {}

    private PipelineRuns() {
        setIgnoreExchangeEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    /** Those of a context. */
    public static PipelineRuns of(CamelContext context) {
        synchronized (context.getManagementStrategy()) {
            for (Object notifier : context.getManagementStrategy().getEventNotifiers()) {
                if (notifier instanceof PipelineRuns there) return there;
            }
            PipelineRuns made = new PipelineRuns();
            ServiceHelper.startService(made);
            context.getManagementStrategy().addEventNotifier(made);
            return made;
        }
    }

    void begun(String pipeline, Progress run) {
        going.put(run, pipeline);
    }

    void over(Progress run) {
        going.remove(run);
    }

    void ended(RunReport report) {
        if (report.mode() != Mode.RUN) return;
        Ended ended = new Ended(report, Instant.now());
        String pipeline = Flow.pipeline(report.pipeline());
        last.put(pipeline, ended);
        if (report.status() == RunReport.Status.SUCCEEDED) lastSuccess.put(pipeline, ended);
    }

    /** What of a pipeline goes on. */
    public List<Progress> goingOn(String pipeline) {
        return going.entrySet().stream()
                .filter(run -> run.getValue().equals(pipeline))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The last run of a pipeline that ended here. */
    public Optional<Ended> last(String pipeline) {
        return Optional.ofNullable(last.get(pipeline));
    }

    /** The last that succeeded. */
    public Optional<Ended> lastSuccess(String pipeline) {
        return Optional.ofNullable(lastSuccess.get(pipeline));
    }

    /** Everything that goes on. */
    public List<Progress> goingOn() {
        return List.copyOf(going.keySet());
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.CamelContextStopping;
    }

    @Override
    public void notify(CamelEvent event) {
        goingOn().forEach(run -> run.stop(BY));
    }
}
