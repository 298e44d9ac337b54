package io.caravan.cli;

import io.caravan.ledger.Starter;
import io.caravan.run.Invocation;
import io.caravan.run.StartedBy;
import io.caravan.settings.Configuration;
import io.caravan.settings.ShownSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;

/** How the command line was called, with one configuration; secrets are those that are known when it is asked. */
final class Called implements Invocation {

    private final Shell shell;
    private final Configuration configuration;

    private Called(Shell shell, Configuration configuration) {
        this.shell = shell;
        this.configuration = configuration;
    }

    /** Lets the runs of a context say so. */
    static void tell(CamelContext context, Shell shell, Configuration configuration) {
        configuration.learned(configuration.secrets());
        context.getRegistry().bind(NAME, Invocation.class, new Called(shell, configuration));
    }

    /** The same for what is done without a Camel context. */
    static Starter by(Shell shell, Configuration configuration) {
        configuration.learned(configuration.secrets());
        return StartedBy.of(new Called(shell, configuration), shell.setting("caravan.audit.user"), "");
    }

    @Override
    public String command() {
        return shell.command();
    }

    @Override
    public String version() {
        return Version.text();
    }

    @Override
    public Map<String, String> settings() {
        return shown(false);
    }

    @Override
    public Map<String, String> given() {
        return shown(true);
    }

    private Map<String, String> shown(boolean given) {
        Map<String, String> shown = new LinkedHashMap<>();
        ShownSettings.of(configuration, s -> s.origin().equals(Configuration.COMMAND_LINE) == given)
                .forEach((name, value) -> shown.put(name, shell.hidden(value)));
        return shown;
    }
}
