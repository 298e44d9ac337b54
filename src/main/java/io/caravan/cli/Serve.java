package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.query.ApiKey;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
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

    private static final Pattern PATH = Pattern.compile("platform-http:/*([^/?][^?]*)");

    private static final String API_PORT = "caravan.api.port";

    private final Shell shell;
    private final PrintStream human;
    private final boolean json;

    /** What is served is told to {@code human}, or as JSON to the terminal's {@code out}. */
    Serve(Shell shell, PrintStream human, boolean json) {
        this.shell = shell;
        this.human = human;
        this.json = json;
    }

    /** Finds out that it may not listen, or that the port is taken, before anything is done: of the latter Camel only logs and goes on. */
    void checkPort() {
        String host = setting("caravan.api.host", "127.0.0.1");
        String port = setting(API_PORT, "8080");
        SettingChecks settings = new SettingChecks("serve");
        settings.must(port.matches("[0-9]{1,5}") && Integer.parseInt(port) < 65_536, API_PORT, "be 0 to 65535", port)
                .check();
        ApiKey.checkBeforeListening(host, setting(ApiKey.SETTING, ""));
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence("serve", API_PORT, "be free on " + host, port)
                    + "; end what listens there, or choose another: CARAVAN_API_PORT=8081");
        }
    }

    private String setting(String name, String standard) {
        return shell.configuration().value(name).isEmpty() ? standard : shell.setting(name);
    }

    /** Returns when the process is told to end. */
    int untilEnded() throws Exception {
        checkPort();
        Configuration configuration = shell.configuration();
        Main main = Engine.main(configuration, shell.pipelines().everyRoute(), true);
        try (Quiet untilStarted = new Quiet()) {
            shell.startNeeded(configuration.laptopStores(configuration.features()));
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void afterConfigure(BaseMainSupport starting) {
                    Called.tell(starting.getCamelContext(), shell, configuration);
                }

                @Override
                public void afterStart(BaseMainSupport started) {
                    untilStarted.close();
                    announce(started.getCamelContext());
                }
            });
            shell.signals().begin(new Serving(main));
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
                .forEach(s -> resources.add(s.getMethod().toUpperCase(Locale.ROOT) + " " + base
                        + URI.create(s.getUrl()).getPath()));
        for (Route route : context.getRoutes()) {
            Matcher path = PATH.matcher(route.getEndpoint().getEndpointUri());
            if (path.lookingAt()) resources.add("GET " + base + "/" + path.group(1));
        }
        if (json) {
            shell.terminal().json(Map.of("url", base, "resources", resources));
            return;
        }
        human.println("Serving " + base + " until Ctrl-C");
        resources.forEach(resource -> human.println("  " + resource));
    }
}
