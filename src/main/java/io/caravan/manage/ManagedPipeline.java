package io.caravan.manage;

import io.caravan.ledger.LeaseHeldException;
import io.caravan.run.Mode;
import io.caravan.run.PipelineRuns;
import io.caravan.run.Progress;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipeline as JMX shows it. What the last run did is read from the ledger, so that runs of other processes count; what goes on
 * is what goes on in this process.
 */
@ManagedResource(description = "A pipeline of Caravan")
public final class ManagedPipeline {

    private static final Logger LOG = LoggerFactory.getLogger("caravan");
    private static final String BY = "JMX";

    private final String name;
    private final PipelineRuns runs;
    private final LastRun last;
    private final ProducerTemplate template;

    ManagedPipeline(CamelContext context, String name, LastRun last) {
        this.name = name;
        this.runs = PipelineRuns.of(context);
        this.last = last;
        this.template = context.createProducerTemplate();
    }

    @ManagedAttribute(description = "The pipeline's name")
    public String getName() {
        return name;
    }

    @ManagedAttribute(description = "Whether a run, plan, verify or replay goes on in this process")
    public boolean isRunning() {
        return !runs.goingOn(name).isEmpty();
    }

    @ManagedAttribute(description = "How many records that what goes on has read, 0 when nothing does")
    public long getRunningRecordsRead() {
        return runs.goingOn(name).stream().mapToLong(Progress::recordsRead).sum();
    }

    @ManagedAttribute(description = "How the last run ended: succeeded, partial, failed; running, none or unknown")
    public String getLastStatus() {
        return last.look().status();
    }

    @ManagedAttribute(
            description = "What kept the last run from succeeding, or why it is unknown; empty if nothing did")
    public String getLastProblem() {
        return last.look().problem();
    }

    @ManagedAttribute(description = "When the last run began or, if the ledger keeps no runs of it, ended; ISO-8601")
    public String getLastTime() {
        return last.look().time();
    }

    @ManagedAttribute(description = "How many records the last run read")
    public long getLastRecordsRead() {
        return last.look().read();
    }

    @ManagedAttribute(description = "How many records the last run wrote, all sinks together")
    public long getLastWritten() {
        return last.look().written();
    }

    @ManagedAttribute(description = "How many records the last run found unchanged, all sinks together")
    public long getLastUnchanged() {
        return last.look().unchanged();
    }

    @ManagedAttribute(description = "How many records the last run deleted, all sinks together")
    public long getLastDeleted() {
        return last.look().deleted();
    }

    @ManagedAttribute(description = "How many dead letters the last run made, all sinks together")
    public long getLastDead() {
        return last.look().dead();
    }

    @ManagedAttribute(description = "How many records the last run's filters and choices dropped, all sinks together")
    public long getLastDropped() {
        return last.look().dropped();
    }

    @ManagedAttribute(
            description =
                    "Of a pipeline with several flows, such as one for each tenant, how the last run of each ended")
    public String[] getFlows() {
        return last.look().flows().stream()
                .map(flow -> flow.flow() + ": " + flow.status())
                .toArray(String[]::new);
    }

    @ManagedAttribute(
            description =
                    "How long ago a run succeeded, in seconds, of several flows the longest time; -1 when none ever did")
    public long getSecondsSinceSuccess() {
        return last.sinceSuccess().map(Duration::toSeconds).orElse(-1L);
    }

    @ManagedOperation(description = "Starts a run and does not wait for its end")
    public String run() {
        if (isRunning()) throw new IllegalStateException(name + ": it is already running");
        template.asyncSend("direct:" + name, exchange -> {}).thenAccept(this::ended);
        return "started";
    }

    @ManagedOperation(
            description =
                    "Says what a run would write and delete in each sink, a line each, of a chain by phase; writes nothing")
    public String plan() {
        Exchange done = template.send(
                "direct:" + name, exchange -> exchange.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.PLAN)));
        RunReport report;
        try {
            report = RunReport.of(done);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage()); // a JMX client may not have its class
        }
        List<String> lines = new ArrayList<>();
        report.sinks()
                .forEach((sink, would) -> lines.add("%s: %d inserts, %d updates, %d deletes, %d dead"
                        .formatted(sink, would.inserts(), would.updates(), would.deleted(), would.dead())));
        lines.addAll(report.problems());
        return String.join("\n", lines);
    }

    @ManagedOperation(description = "Stops what goes on at its next batch; the next run resumes")
    public String cancel() {
        List<Progress> going = runs.goingOn(name);
        if (going.isEmpty()) throw new IllegalStateException(name + ": nothing goes on");
        going.forEach(run -> run.stop(BY));
        return "asked to stop";
    }

    private void ended(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure instanceof LeaseHeldException) LOG.warn("{}: not run: {}", name, failure.getMessage());
        else if (failure != null) LOG.error("{}: {}", name, failure.getMessage());
    }
}
