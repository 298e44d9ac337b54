package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.lake.StaffApi;
import io.caravan.local.Endpoints;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three agencies of the sample's bronze to silver, one flow after the other, and a fourth whose application is asked, and told of what
 * became silver; rows that break the schema, and files that are too poor, are what it shows, and no fault.
 */
final class DemoLake {

    private static final String PIPELINE = "silver";
    private static final List<String> AGENCIES = List.of("agency-10", "agency-20", "agency-30");
    private static final String API_AGENCY = "agency-40";
    private static final String SAMPLES = "samples/lake/bronze";
    /** A file with fewer points is set aside whole. */
    private static final int MINIMUM_SCORE = 80;

    private final Shell shell;
    private final boolean json;
    private final Map<String, Object> all = new LinkedHashMap<>();
    private int exit = Exit.SUCCEEDED;

    DemoLake(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    int run() throws Exception {
        Path bronze = Path.of(System.getProperty("caravan.home", "."))
                .resolve(SAMPLES)
                .toAbsolutePath();
        Map<String, String> sample = Map.of(
                "caravan.silver.input",
                bronze.toString(),
                "caravan.silver.minimumScore",
                Integer.toString(MINIMUM_SCORE));
        for (String agency : AGENCIES) go(PIPELINE, agency, sample);
        Path port = Endpoints.dataDir().resolve("lake-api.port");
        try (StaffApi api = new StaffApi(known(port))) {
            // where a sink writes to is what it is known by: at another port the application would be another one
            Files.createDirectories(port.getParent());
            Files.writeString(port, Integer.toString(api.port()));
            Map<String, String> settings = settings(api);
            for (String pipeline : List.of("api-pages", PIPELINE, "api-records")) go(pipeline, API_AGENCY, settings);
            if (!json) {
                shell.terminal()
                        .out()
                        .println(API_AGENCY + "'s application was asked for " + api.asked() + " pages, which are in "
                                + shell.setting("caravan.api-pages.output") + " as they came, and told of " + api.held()
                                + " people.");
            }
        }
        List<Map<String, Object>> scores = new DemoScores(
                        shell, Endpoints.dataDir().resolve("quality").toAbsolutePath(), MINIMUM_SCORE)
                .of(bronze, shell.setting("caravan.silver.schema"));
        if (json) {
            all.put("quality", scores);
            shell.terminal().json(all);
        } else {
            DemoScores.print(shell.terminal(), scores);
            Map<String, Object> poorest = scores.stream()
                    .min(Comparator.comparing(s -> (Long) s.get("score")))
                    .orElseThrow();
            shell.terminal().out().println("Of each there is a page; open that of the poorest: " + poorest.get("page"));
            shell.terminal()
                    .out()
                    .println("Silver is in " + shell.setting("caravan.silver.output") + "; what was set aside: "
                            + Launcher.command("dead-letters list --pipeline " + PIPELINE) + ", also in "
                            + shell.setting("caravan.silver.quarantine") + "/quarantine; again writes nothing: "
                            + Launcher.command("demo lake"));
        }
        return exit;
    }

    private void go(String pipeline, String agency, Map<String, String> settings) throws Exception {
        String flow = pipeline + "[" + agency + "]";
        RunReport report = new Trip(
                        shell,
                        shell.pipelines().named(flow),
                        shell.configuration().with(settings),
                        json)
                .go(Mode.RUN);
        if (json) all.put(flow, new Summary(report).json());
        else new Summary(report).print(shell.terminal(), false);
        if (report.status() == RunReport.Status.FAILED) exit = Exit.FAILED;
    }

    private Map<String, String> settings(StaffApi api) {
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.api-pages.url", api.url("/staff"));
        settings.put("caravan.api-pages.paging", "page");
        settings.put("caravan.api-pages.pageParameter", "page");
        settings.put("caravan.silver.input", shell.setting("caravan.api-pages.output"));
        settings.put("caravan.silver.path", "data.items");
        settings.put("caravan.api-records.url", api.url("/people"));
        for (String way : List.of("caravan.api-pages.", "caravan.api-records.")) {
            settings.put(way + "auth", "oauth2");
            settings.put(way + "authName", StaffApi.CLIENT);
            settings.put(way + "authSecret", StaffApi.SECRET);
            settings.put(way + "authUrl", api.url("/token"));
        }
        return settings;
    }

    private static int known(Path port) throws IOException {
        String said = Files.exists(port) ? Files.readString(port).strip() : "";
        return said.matches("[1-9][0-9]{3,4}") && Integer.parseInt(said) <= 65_535 ? Integer.parseInt(said) : 0;
    }
}
