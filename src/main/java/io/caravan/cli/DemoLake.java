package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three agencies of the sample's bronze to silver, one flow after the other; rows that break the schema are what it shows, and no fault. */
final class DemoLake {

    private static final String PIPELINE = "silver";
    private static final List<String> AGENCIES = List.of("agency-10", "agency-20", "agency-30");
    private static final String SAMPLES = "samples/lake/bronze";

    private final Shell shell;
    private final boolean json;

    DemoLake(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    int run() throws Exception {
        String bronze = Path.of(System.getProperty("caravan.home", "."))
                .resolve(SAMPLES)
                .toString();
        Map<String, Object> all = new LinkedHashMap<>();
        int exit = Exit.SUCCEEDED;
        for (String agency : AGENCIES) {
            String flow = PIPELINE + "[" + agency + "]";
            RunReport report = new Trip(
                            shell,
                            shell.pipelines().named(flow),
                            shell.configuration().with(Map.of("caravan.silver.input", bronze)),
                            json)
                    .go(Mode.RUN);
            if (json) all.put(flow, new Summary(report).json());
            else new Summary(report).print(shell.terminal(), false);
            if (report.status() == RunReport.Status.FAILED) exit = Exit.FAILED;
        }
        if (json) {
            shell.terminal().json(all);
        } else {
            shell.terminal()
                    .out()
                    .println("Silver is in " + shell.setting("caravan.silver.output") + "; what was set aside: "
                            + Launcher.command("dead-letters --pipeline " + PIPELINE) + "; again writes nothing: "
                            + Launcher.command("demo lake"));
        }
        return exit;
    }
}
