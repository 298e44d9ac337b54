package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demo",
        description =
                "Start the stores of this machine and run a pipeline on its sample: personalization, whose query API is"
                        + " then served, books, with a stand-in of its two APIs, series, two datasets published as versions, lake, three agencies'"
                        + " files checked and kept as Parquet, or bookclub, a spreadsheet that becomes documents, images and a graph, with"
                        + " questions to that.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " demo --no-serve",
            "         " + Launcher.CARAVAN + " demo books",
            "         " + Launcher.CARAVAN + " demo series",
            "         " + Launcher.CARAVAN + " demo lake",
            "         " + Launcher.CARAVAN + " demo bookclub"
        })
final class DemoCommand implements Callable<Integer> {

    private static final String PIPELINE = "personalization";
    private static final String BOOKS = "books";
    private static final String SERIES = "series";
    private static final String LAKE = "lake";
    private static final String BOOKCLUB = "bookclub";

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--no-serve", description = "End with the run instead of serving; the other demos always do.")
    private boolean noServe;

    @Parameters(
            arity = "0..1",
            paramLabel = "<demo>",
            defaultValue = PIPELINE,
            description = "personalization, books, series, lake or bookclub [${DEFAULT-VALUE}].")
    private String demo;

    @Option(names = "--live", description = "Books: ask the real APIs.")
    private boolean live;

    @Option(
            names = "--api-delay-millis",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "Books: how long the stand-in takes for an answer, 0 to 10000 [${DEFAULT-VALUE}].")
    private int delayMillis;

    @Option(
            names = "--api-error-percent",
            paramLabel = "<n>",
            defaultValue = "5",
            description = "Books: how often, in percent, the stand-in fails, 0 to 100 [${DEFAULT-VALUE}].")
    private int errorPercent;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("demo")
                .must(
                        List.of(PIPELINE, BOOKS, SERIES, LAKE, BOOKCLUB).contains(demo),
                        "the demo",
                        "be personalization, books, series, lake or bookclub",
                        demo)
                .between("--api-delay-millis", delayMillis, 0, 10_000)
                .between("--api-error-percent", errorPercent, 0, 100)
                .check();
        if (demo.equals(BOOKS)) {
            return new DemoBooks(shell, common.json()).run(live, new Faults(delayMillis, errorPercent, 0, 0));
        }
        if (demo.equals(BOOKCLUB)) return new DemoBookclub(shell, common.json()).run();
        if (demo.equals(LAKE)) return new DemoLake(shell, common.json()).run();
        if (demo.equals(SERIES)) return new DemoSeries(shell, common.json()).run();
        PrintStream human =
                common.json() ? shell.terminal().err() : shell.terminal().out();
        Serve serve = new Serve(shell, human, false);
        if (!noServe) serve.checkPort();
        RunReport report =
                new Trip(shell, shell.pipelines().named(PIPELINE), shell.configuration(), common.json()).go(Mode.RUN);
        new Summary(report).print(shell.terminal(), common.json());
        int exit = Exit.of(report.status());
        if (!noServe && exit != Exit.FAILED) return serve.untilEnded();
        human.println("The stores stay up; stop them with: " + Launcher.command("stores stop"));
        return exit;
    }
}
