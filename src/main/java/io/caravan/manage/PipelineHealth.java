package io.caravan.manage;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Camel's health check of a pipeline: DOWN when its last run failed, of one with several flows that of any,
 * or nobody can say how it ended. It is about the pipeline, not
 * about the process, which can answer and run all the same: no part of liveness and readiness.
 */
final class PipelineHealth extends AbstractHealthCheck {

    private final LastRun last;

    PipelineHealth(String pipeline, LastRun last) {
        super("caravan", "pipeline-" + pipeline);
        this.last = last;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        LastRun.Look look = last.look();
        builder.detail("lastStatus", look.status());
        look.flows().forEach(flow -> builder.detail(flow.flow(), flow.status()));
        boolean down = look.status().equals("failed") || look.status().equals("unknown");
        builder.state(down ? State.DOWN : State.UP);
        if (!look.problem().isEmpty()) builder.message(look.problem());
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
