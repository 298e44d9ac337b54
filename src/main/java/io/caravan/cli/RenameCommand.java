package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rename",
        description =
                "Let the ledger know a pipeline by another name, with all its history: the next run under the new name"
                        + " sends only what is news. Change 'pipeline' in its route, and the settings caravan.<pipeline>.*, to the new name.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " rename orders webshop-orders",
            "Exit codes: 0 done, 2 there is no such pipeline, or the new name has runs of its own, 4 a run of either goes on."
        })
final class RenameCommand implements Callable<Integer> {

    private final Shell shell;
    private final KnownPipelines known;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<old>", description = "The name that it has run by.")
    private String old;

    @Parameters(index = "1", paramLabel = "<new>", description = "The name that it has from now on.")
    private String name;

    RenameCommand(Shell shell) {
        this.shell = shell;
        this.known = new KnownPipelines(shell, "rename");
    }

    @Override
    public Integer call() {
        new SettingChecks("rename")
                .notBlank("<new>", name)
                .must(!name.equals(old), "<new>", "be another name", name)
                .check();
        Flow flow = known.named(old);
        Optional<Flow> other = known.find(name);
        List<Flow> flows = new ArrayList<>();
        other.ifPresent(flows::add);
        flows.add(flow);
        shell.alone("rename", flows, c -> rename(c, flow, other));
        say();
        return Exit.SUCCEEDED;
    }

    /** A name that was only planned or checked once is free. */
    private boolean rename(Connection c, Flow flow, Optional<Flow> other) throws SQLException {
        if (other.isPresent()) {
            if (!Flows.isBlank(c, other.get().id())) {
                throw new ConfigurationException(
                        SettingChecks.sentence("rename", "<new>", "be a name that no pipeline has run by", name)
                                + "; choose another, or first: " + Launcher.command("remove " + Launcher.word(name)));
            }
            Flows.remove(c, other.get().id());
        }
        Flows.rename(c, flow, name);
        Audit.done(c, name, "rename", shell.starter(), 0);
        return true;
    }

    private void say() {
        boolean routed = shell.pipelines().all().stream().anyMatch(p -> p.name().equals(name));
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pipeline", name);
            json.put("formerly", old);
            json.put("routed", routed);
            shell.terminal().json(json);
            return;
        }
        shell.terminal().out().println(Terminal.harmless("The ledger knows " + old + " as " + name + " now"));
        if (!routed) {
            shell.terminal()
                    .out()
                    .println(Terminal.harmless("Next: change 'pipeline' in its route to " + name
                            + ", and its settings caravan." + old + ".* to caravan." + name + ".*"));
        }
    }
}
