package io.caravan.query;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Ends what no route serves: a problem 405 with {@code Allow} when the path is known for other methods, else 404.
 */
public final class AnswerUnknownPath extends ServiceSupport implements Processor, CamelContextAware {

    private CamelContext context;

    @Override
    public void process(Exchange exchange) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
        String method = exchange.getMessage().getHeader(Exchange.HTTP_METHOD, String.class);
        PlatformHttpComponent http = context.getComponent("platform-http", PlatformHttpComponent.class);
        for (HttpEndpointModel endpoint : http.getHttpEndpoints()) {
            if (endpoint.getVerbs() != null && serves(endpoint, path)) {
                throw new ProblemException(
                        405,
                        QueryString.UNIT + ": method must be " + endpoint.getVerbs() + ", got '" + method + "'",
                        Map.of("Allow", endpoint.getVerbs()));
            }
        }
        throw new ProblemException(404, QueryString.UNIT + ": no such path; /openapi.json lists them");
    }

    private static boolean serves(HttpEndpointModel model, String path) {
        if (model.getUri().equals(path) || (model.getUri() + "/").equals(path)) return true;
        return model.getConsumer().getEndpoint() instanceof PlatformHttpEndpoint endpoint
                && endpoint.isMatchOnUriPrefix()
                && path.startsWith(model.getUri() + "/");
    }

    @Override
    protected void doStart() {
        VertxPlatformHttpRouter router = CamelContextHelper.findSingleByType(context, VertxPlatformHttpRouter.class);
        if (router != null) Guard.before(router, context); // where another than our server serves these routes
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }
}
