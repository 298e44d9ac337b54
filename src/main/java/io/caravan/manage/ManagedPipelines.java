package io.caravan.manage;

import io.caravan.run.PipelineModel;
import io.caravan.run.PipelineRuns;
import java.time.Clock;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.support.CamelContextHelper;

/**
 * Shows every pipeline of a Camel context that has started as an MBean {@code io.caravan:type=Pipeline,name=<pipeline>}
 * where JMX is on, and to Camel's health checks.
 */
public final class ManagedPipelines implements CamelContextAware {

    private static final String LEDGER = "ledgerDataSource";

    private CamelContext context;

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        try {
            context.addStartupListener((started, already) -> register(started));
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Camel takes them away when it stops. */
    private void register(CamelContext started) throws JMException {
        // Camel makes the beans of a route file before those of its settings
        DataSource ledger = CamelContextHelper.mandatoryLookup(started, LEDGER, DataSource.class);
        ManagementAgent agent = started.getManagementStrategy().getManagementAgent();
        HealthCheckRegistry health = HealthCheckRegistry.get(started);
        for (String pipeline : PipelineModel.callable(started)) {
            LastRun last = new LastRun(
                    pipeline,
                    PipelineModel.phases(started, pipeline),
                    PipelineRuns.of(started),
                    ledger,
                    Clock.systemUTC());
            if (agent != null) agent.register(new ManagedPipeline(started, pipeline, last), name(pipeline));
            if (health != null) health.register(new PipelineHealth(pipeline, last));
        }
    }

    static ObjectName name(String pipeline) throws JMException {
        String plain = pipeline.matches("[\\w.-]+") ? pipeline : ObjectName.quote(pipeline);
        return new ObjectName("io.caravan:type=Pipeline,name=" + plain);
    }
}
