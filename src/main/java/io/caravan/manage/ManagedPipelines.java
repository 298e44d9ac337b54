package io.caravan.manage;

import io.caravan.run.PipelineModel;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.support.CamelContextHelper;

/**
 * Shows every pipeline of a Camel context that has started as an MBean {@code io.caravan:type=Pipeline,name=<pipeline>}; does
 * nothing where JMX is off.
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
        ManagementAgent agent = started.getManagementStrategy().getManagementAgent();
        if (agent == null) return;
        // Camel makes the beans of a route file before those of its settings
        DataSource ledger = CamelContextHelper.mandatoryLookup(started, LEDGER, DataSource.class);
        for (String pipeline : PipelineModel.callable(started)) {
            agent.register(new ManagedPipeline(started, pipeline, ledger), name(pipeline));
        }
    }

    static ObjectName name(String pipeline) throws JMException {
        String plain = pipeline.matches("[\\w.-]+") ? pipeline : ObjectName.quote(pipeline);
        return new ObjectName("io.caravan:type=Pipeline,name=" + plain);
    }
}
