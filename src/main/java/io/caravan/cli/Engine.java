package io.caravan.cli;

import io.caravan.dataset.DatasetRoutes;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.settings.Configuration;
import io.caravan.settings.LiteralSecrets;
import io.caravan.settings.PropertyFunctions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** A plain Camel Main with some routes; nothing is reached before a request is sent. */
final class Engine implements AutoCloseable {

    private static final String KAMELETS = "camel.component.kamelet.location";

    private final Main main;
    private Configuration configuration;

    /** Starts the routes, without the HTTP server. */
    Engine(Configuration configuration, List<String> routes) throws Exception {
        this(configuration, routes, context -> {});
    }

    /** {@code configured}: is told of the context before its routes are loaded. */
    Engine(Configuration configuration, List<String> routes, Consumer<CamelContext> configured) throws Exception {
        this.configuration = configuration;
        main = main(configuration, routes, false);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport starting) {
                configured.accept(starting.getCamelContext());
            }
        });
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
    }

    /**
     * A Main that is not started yet, with these settings over those that ship. They hold what the environment says, so Camel
     * must not let it have the last word over the command line.
     */
    static Main main(Configuration configuration, List<String> routes, boolean server) {
        Properties settings = configuration.changes();
        List<String> datasets = behind(DatasetFiles.SCHEME, routes);
        List<String> described = new ArrayList<>(datasets);
        described.addAll(behind(JavaTrip.SCHEME, routes));
        List<String> files = routes.stream()
                .filter(r -> !r.startsWith(DatasetFiles.SCHEME) && !r.startsWith(JavaTrip.SCHEME))
                .flatMap(RouteFile::named)
                .toList();
        settings.setProperty("camel.main.routes-include-pattern", files.isEmpty() ? "false" : String.join(",", files));
        settings.setProperty(
                KAMELETS,
                ProjectFiles.kamelets(described, configuration.value(KAMELETS).orElse("classpath:kamelets")));
        settings.setProperty("camel.server.enabled", String.valueOf(server));
        if (!server) {
            settings.setProperty("camel.main.jmx-enabled", "false");
            // a schedule beside the routes of a pipeline begins no run of its own in a command
            settings.setProperty("camel.main.auto-startup-exclude-pattern", "quartz*");
        }
        List<Path> beans = routes.isEmpty() ? List.of() : UserBeans.sources(described);
        Main main = new Main();
        // what Camel does when the process ends waits for the end of what goes on; see Signals
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.setOverrideProperties(settings);
        if (!datasets.isEmpty()) main.configure().addRoutesBuilder(new DatasetRoutes(datasets, server));
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                PropertiesComponent properties =
                        (PropertiesComponent) starting.getCamelContext().getPropertiesComponent();
                properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
                properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_FALLBACK);
                PropertyFunctions.begin(
                        starting.getCamelContext(), configuration.environment(), configuration::learned);
                UserBeans.bind(starting.getCamelContext(), beans);
            }

            @Override
            public void afterConfigure(BaseMainSupport starting) {
                PropertyFunctions.reachVaults(starting.getCamelContext(), configuration::learned);
                learn(starting.getCamelContext(), configuration);
            }
        });
        return main;
    }

    /** Lets the mask know the secrets that settings refer to. */
    private static void learn(CamelContext context, Configuration configuration) {
        configuration.withReferences().forEach(value -> {
            try {
                context.resolvePropertyPlaceholders(value);
            } catch (RuntimeException e) {
                // who needs it says so
            }
        });
    }

    /**
     * Ends what its routes still hold, such as letters that wait for more, as a context does at its end; components and connections stay.
     * False when it cannot.
     */
    boolean rests() {
        try {
            context().getRouteController().stopAllRoutes();
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /**
     * Goes on with the same routes and other settings: Camel makes routes and Kamelets anew, as it does where properties were changed.
     * {@link Engines} says which may be others. {@code configured}: as where it began.
     */
    void again(Configuration next, Consumer<CamelContext> configured) throws Exception {
        Properties overriding = ((PropertiesComponent) context().getPropertiesComponent()).getOverrideProperties();
        Properties changes = next.changes();
        for (String key : configuration.differing(next)) {
            String value = changes.getProperty(key);
            if (value == null) overriding.remove(key);
            else overriding.setProperty(key, value);
        }
        configuration = next;
        learn(context(), next);
        configured.accept(context());
        context().getRouteController().reloadAllRoutes();
    }

    /** With which settings it goes. */
    Configuration configuration() {
        return configuration;
    }

    private static List<String> behind(String scheme, List<String> routes) {
        return routes.stream()
                .filter(r -> r.startsWith(scheme))
                .map(r -> r.substring(scheme.length()))
                .toList();
    }

    /** What a setting means, where it refers to others or to what a function of Camel finds. */
    static String resolved(Configuration configuration, String value) {
        if (!value.contains("{{")) return value;
        Main main = main(configuration, List.of(), false);
        try {
            main.init();
            CamelContext context = main.getCamelContext();
            return LiteralSecrets.text(context, context.resolvePropertyPlaceholders(value));
        } finally {
            main.stop();
        }
    }

    /** Sends a request through a pipeline and returns when it has ended; throws what kept it from being opened. */
    RunReport send(String pipeline, RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    /** What its routes run in. */
    CamelContext context() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
    }
}
