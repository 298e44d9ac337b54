package io.caravan.cli;

import java.io.PrintStream;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** Every route there is, with the HTTP server, until somebody ends the process. */
final class Serve {

    private static final Pattern PATH = Pattern.compile("platform-http:/*(/[^?]+)");

    private final Shell shell;
    private final PrintStream human;
    private final boolean json;

    /** What is served is told to {@code human}, or as JSON to the terminal's {@code out}. */
    Serve(Shell shell, PrintStream human, boolean json) {
        this.shell = shell;
        this.human = human;
        this.json = json;
    }

    /** Returns when the process is told to end. */
    int untilEnded() throws Exception {
        Configuration configuration = shell.configuration();
        Main main = new Main();
        Properties settings = configuration.changes();
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.main.routes-include-pattern", Pipelines.everyRoute("routes"));
        main.setOverrideProperties(settings);
        try (Quiet untilStarted = new Quiet()) {
            shell.startNeeded(configuration.laptopStores(configuration.features()));
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void afterStart(BaseMainSupport started) {
                    untilStarted.close();
                    announce(started.getCamelContext());
                }
            });
            main.run();
            return Exit.SUCCEEDED;
        } finally {
            main.stop();
        }
    }

    private void announce(CamelContext context) {
        String base = "http://localhost:" + context.resolvePropertyPlaceholders("{{camel.server.port}}");
        Set<String> resources = new TreeSet<>();
        context.getRestRegistry()
                .listAllRestServices()
                .forEach(s -> resources.add(base + URI.create(s.getUrl()).getPath()));
        for (Route route : context.getRoutes()) {
            Matcher path = PATH.matcher(route.getEndpoint().getEndpointUri());
            if (path.lookingAt()) resources.add(base + path.group(1));
        }
        if (json) {
            shell.terminal().json(Map.of("url", base, "resources", resources));
            return;
        }
        human.println("Serving until Ctrl-C:");
        resources.forEach(resource -> human.println("  " + resource));
    }
}
