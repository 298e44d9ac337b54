package io.caravan.query;

import io.caravan.settings.LiteralSecrets;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Makes Camel's HTTP server with a {@link Guard} and a {@link Crowd} before the first route is there, so that a route that somebody adds is
 * closed too, and with limits to its connections. It does not start where other machines would reach it and no key is set.
 */
public final class ApiServer implements MainHttpServerFactory {

    private final DefaultMainHttpServerFactory camels = new DefaultMainHttpServerFactory();

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties configuration) {
        ApiKey.checkBeforeListening(
                configuration.getHost(),
                LiteralSecrets.setting(context, ApiKey.SETTING).orElse(""));
        VertxOptions options = CamelContextHelper.findSingleByType(context, VertxOptions.class);
        LimitedVertx vertx = new LimitedVertx(
                options == null ? new VertxOptions() : options, ServerLimits.of(context), Guard.open(context));
        // Camel's server takes what it finds, and leaves it open
        context.getRegistry().bind("apiVertx", Vertx.class, vertx, null, "close");
        return new Guarded(context, (MainHttpServer) camels.newHttpServer(context, configuration), vertx);
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties configuration) {
        return camels.newHttpManagementServer(context, configuration);
    }

    private static final class Guarded extends ServiceSupport {

        private final CamelContext context;
        private final MainHttpServer server;
        private final LimitedVertx vertx;

        Guarded(CamelContext context, MainHttpServer server, LimitedVertx vertx) {
            this.context = context;
            this.server = server;
            this.vertx = vertx;
        }

        @Override
        protected void doStart() {
            ServiceHelper.startService(server);
            Guard.before(server.getRouter(), context);
            server.getRouter().route().order(Guard.FIRST + 2).handler(new Crowd(vertx));
        }

        @Override
        protected void doStop() {
            ServiceHelper.stopService(server);
        }
    }
}
