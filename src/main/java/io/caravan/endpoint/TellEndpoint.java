package io.caravan.endpoint;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Sends the body to the endpoint whose whole URI a setting holds, as a {@code to} does, and shows no secret of it in a log, an error or
 * JMX: of a web address neither the path, as that of a webhook is one.
 *
 * <ul>
 *   <li>an endpoint that cannot be made keeps the route from starting
 *   <li>errors: {@link io.caravan.error.UnavailableException} when nobody took it, {@link
 *       io.caravan.error.ConfigurationException} when it cannot be used as it is set up
 * </ul>
 */
public final class TellEndpoint extends ServiceSupport implements Processor, CamelContextAware {

    private final MessageEndpoint endpoint;

    /** {@code unit}: what sentences begin with; {@code setting}: the name of the setting. */
    public TellEndpoint(String unit, String setting) {
        endpoint = MessageEndpoint.of(unit, setting, "{{" + setting + "}}");
    }

    @Override
    public void setCamelContext(CamelContext context) {
        endpoint.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return endpoint.getCamelContext();
    }

    @Override
    protected void doStart() {
        endpoint.make();
    }

    @Override
    public void process(Exchange exchange) {
        endpoint.tell(new EndpointMessage(
                exchange.getMessage().getBody(), "", exchange.getMessage().getHeaders()));
    }
}
