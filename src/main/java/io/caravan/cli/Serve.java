package io.caravan.cli;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.RestRegistry;

/** Every route there is, with the HTTP server, until somebody ends the process. */
final class Serve {

    private static final String DEFAULT_PORT = "8080";

    private final Shell shell;
    private final boolean json;

    Serve(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    /** Returns when the process is told to end. */
    int untilEnded() throws Exception {
        Configuration configuration = shell.configuration();
        shell.startNeeded(configuration.laptopStores(configuration.features()));
        Main main = new Main();
        Properties settings = configuration.changes();
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.main.routes-include-pattern", Pipelines.everyRoute("routes"));
        main.setOverrideProperties(settings);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport started) {
                announce(started);
            }
        });
        try {
            main.run();
            return Exit.SUCCEEDED;
        } finally {
            main.stop();
        }
    }

    private void announce(BaseMainSupport main) {
        String port = shell.configuration().value("camel.server.port").orElse(DEFAULT_PORT);
        String base = "http://localhost:" + port;
        RestRegistry registry = main.getCamelContext().getRestRegistry();
        Set<String> paths = new TreeSet<>();
        registry.listAllRestServices()
                .forEach(s -> paths.add(s.getMethod().toUpperCase(Locale.ROOT) + " " + base
                        + URI.create(s.getUrl()).getPath()));
        if (json) {
            shell.terminal().json(Map.of("url", base, "resources", List.copyOf(paths)));
            return;
        }
        shell.terminal().out().println("Serving " + base + " until Ctrl-C");
        paths.forEach(p -> shell.terminal().out().println("  " + p));
    }
}
