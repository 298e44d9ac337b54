package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores.Status;
import io.caravan.settings.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "stores",
        description =
                "Start, stop, show or empty the stores of this machine, which stand in where a setting says laptop.",
        footer = {"", "Example: " + Launcher.CARAVAN + " stores status"})
final class StoresCommand implements Callable<Integer> {

    /** What is to be done with them. */
    enum Verb {
        start,
        stop,
        status,
        reset
    }

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "start|stop|status|reset", description = "What to do.")
    private Verb verb;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "<store>",
            description =
                    "Which to start or stop; without, those in use are started, all are stopped, none is emptied.")
    private List<String> names = new ArrayList<>();

    StoresCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Configuration configuration = shell.configuration();
        switch (verb) {
            case start -> {
                try (ProgressLine line = new ProgressLine(shell.terminal(), "stores")) {
                    if (names.isEmpty()) shell.startNeeded(configuration.laptopStores(configuration.features()));
                    else shell.start(names);
                    shell.stores().heal(names);
                }
            }
            case stop -> shell.stores().stop(names);
            case reset -> shell.stores().reset(names);
            case status -> {}
        }
        List<Status> all = shell.stores().status();
        if (common.json()) {
            shell.terminal()
                    .json(all.stream()
                            .map(s -> json(s, users(configuration, s)))
                            .toList());
        } else {
            Table table = new Table("store", "state", "used by", "endpoint", "what it is");
            for (Status s : all) {
                String endpoint = s.endpoint().map(Endpoint::toString).orElse("");
                String state = s.endpoint().isPresent() ? "running" : "stopped";
                table.row(s.store(), state, String.join(", ", users(configuration, s)), endpoint, s.description());
            }
            shell.terminal().print(table);
        }
        return Exit.SUCCEEDED;
    }

    /** The features that the settings point at this store. */
    private static List<String> users(Configuration configuration, Status s) {
        return configuration.features().stream()
                .filter(feature -> configuration
                        .laptopStore(feature)
                        .filter(s.store()::equals)
                        .isPresent())
                .map(feature -> feature.replace(Configuration.KIND, ""))
                .toList();
    }

    private static Map<String, Object> json(Status s, List<String> users) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("store", s.store());
        json.put("running", s.endpoint().isPresent());
        json.put("usedBy", users);
        json.put("uri", s.endpoint().map(Endpoint::uri).orElse(null));
        json.put("user", s.endpoint().map(Endpoint::user).orElse(null));
        json.put("description", s.description());
        return json;
    }
}
