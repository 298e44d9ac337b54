package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.dataset.DatasetVersions;
import io.caravan.delivery.Fence;
import io.caravan.error.CaravanException;
import io.caravan.error.Launcher;
import io.caravan.version.Manifest;
import io.caravan.version.Versions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "datasets",
        description =
                "Show what the datasets have published, read it, compare versions, and go back to one; list without more.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " datasets versions indec_ipc",
            "A version may be 'current', the one that readers see."
        })
final class DatasetsCommand implements Callable<Integer> {

    private final Shell shell;
    private final Path caller;

    @Mixin
    private final Common common = new Common();

    private DatasetsCommand(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    /** The command with all its verbs. {@code caller}: the folder that relative paths start from. */
    static CommandLine commandLine(Shell shell, Path caller) {
        DatasetsCommand command = new DatasetsCommand(shell, caller);
        return new CommandLine(command)
                .addSubcommand(new ListThem(command))
                .addSubcommand(new ShowVersions(command))
                .addSubcommand(new DatasetShowCommand(command))
                .addSubcommand(new DatasetReadCommand(command))
                .addSubcommand(new DatasetDiffCommand(command))
                .addSubcommand(new DatasetRollbackCommand(command))
                .addSubcommand(new DatasetGcCommand(command));
    }

    Shell shell() {
        return shell;
    }

    Path caller() {
        return caller;
    }

    boolean json(Common ofVerb) {
        return ofVerb.json() || common.json();
    }

    /** What is done with the versions of a dataset. */
    interface Work {
        int on(DatasetVersions dataset, Versions versions) throws Exception;
    }

    /** Does it with the dataset of that name. */
    int with(String name, Work work) throws Exception {
        try (PublishedDatasets datasets = new PublishedDatasets(shell)) {
            DatasetVersions dataset = datasets.named(name);
            try (Versions versions = dataset.open()) {
                return work.on(dataset, versions);
            }
        }
    }

    /** Changes what is published while no run of the dataset goes on; {@code records}: how many that was about. */
    <T> T alone(
            String what,
            DatasetVersions dataset,
            Versions versions,
            Function<Fence, T> work,
            ToLongFunction<T> records) {
        // tokens of another ledger may be greater than all of ours
        long newest = versions.current().map(v -> versions.manifest(v).token()).orElse(0L);
        return shell.published(
                what,
                dataset.id(),
                dataset.lock(),
                newest,
                fence -> shell.audited(dataset.id(), "datasets " + what, () -> work.apply(fence), records));
    }

    @Override
    public Integer call() throws Exception {
        return list(common.json());
    }

    private int list(boolean json) throws Exception {
        List<Map<String, Object>> all = new ArrayList<>();
        int exit = Exit.SUCCEEDED;
        try (PublishedDatasets datasets = new PublishedDatasets(shell)) {
            for (Pipeline pipeline : datasets.all()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("dataset", pipeline.name());
                one.put("description", pipeline.description());
                try {
                    one.putAll(state(datasets.of(pipeline)));
                } catch (CaravanException e) {
                    // one store that is away hides no other
                    shell.terminal().error(pipeline.name() + ": " + e.getMessage());
                    one.put("error", e.getMessage());
                    exit = Exit.FAILED;
                }
                all.add(one);
            }
        }
        // a file that is wrong is no pipeline
        shell.pipelines().problems().forEach(shell.terminal()::error);
        if (json) shell.terminal().json(all);
        else print(all);
        return exit;
    }

    private static Map<String, Object> state(DatasetVersions dataset) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("output", dataset.published() ? dataset.output() : null);
        if (!dataset.published()) return state;
        try (Versions versions = dataset.open()) {
            Optional<Manifest> current = versions.current().map(versions::manifest);
            state.put("current", current.map(Manifest::version).orElse(null));
            state.put("published", current.map(Manifest::createdAt).orElse(null));
        }
        return state;
    }

    private void print(List<Map<String, Object>> all) {
        if (all.isEmpty()) {
            shell.terminal().out().println("No datasets yet; one is a file datasets/<id>.yaml");
            return;
        }
        Table table = new Table("dataset", "current version", "published", "output");
        for (Map<String, Object> one : all) {
            String none = one.containsKey("error") ? "not to be read" : one.get("output") == null ? "" : "none yet";
            table.row(
                    one.get("dataset"),
                    Optional.ofNullable(one.get("current")).orElse(none),
                    Optional.ofNullable(one.get("published")).orElse(""),
                    Optional.ofNullable(one.get("output")).orElse("publishes nothing"));
        }
        shell.terminal().print(table);
        shell.terminal().out().println("Next: " + Launcher.command("datasets versions <dataset>, or read <dataset>"));
    }

    @Command(
            name = "list",
            description = "Show the datasets, where each publishes, and its current version.",
            footer = {"", "Example: " + Launcher.CARAVAN + " datasets list"})
    private static final class ListThem implements Callable<Integer> {

        private final DatasetsCommand parent;

        @Mixin
        private final Common common = new Common();

        ListThem(DatasetsCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() throws Exception {
            return parent.list(parent.json(common));
        }
    }

    @Command(
            name = "versions",
            description = "Show the versions of a dataset, the newest first, and what each brought.",
            footer = {"", "Example: " + Launcher.CARAVAN + " datasets versions indec_ipc"})
    private static final class ShowVersions implements Callable<Integer> {

        private final DatasetsCommand parent;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<dataset>", description = "Its name, as list shows it.")
        private String name;

        ShowVersions(DatasetsCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() throws Exception {
            return parent.with(name, (dataset, versions) -> {
                List<Manifest> all = new ArrayList<>();
                for (String version : versions.list()) all.add(0, versions.manifest(version));
                Terminal terminal = parent.shell.terminal();
                if (parent.json(common)) {
                    terminal.json(all.stream().map(ShowVersions::json).toList());
                } else if (all.isEmpty()) {
                    terminal.out().println("No version yet; publish one: " + Launcher.command("run " + dataset.id()));
                } else {
                    print(terminal, dataset, all);
                }
                return Exit.SUCCEEDED;
            });
        }

        private static void print(Terminal terminal, DatasetVersions dataset, List<Manifest> all) {
            Table table =
                    new Table("version", "published", ">added", ">revised", ">removed", ">series", "from", "to", "");
            for (Manifest m : all) {
                String back = m.rolledBackTo().map(v -> "back to " + v).orElse("");
                table.row(
                        m.version(),
                        m.createdAt(),
                        // another program says only how many points there are
                        Figures.count(m.ours() ? m.added() : m.points()),
                        Figures.count(m.revised()),
                        Figures.count(m.removed()),
                        Figures.count(m.seriesCodes().size()),
                        m.minTime(),
                        m.maxTime(),
                        m == all.get(0) ? (back.isEmpty() ? "current" : "current, " + back) : back);
            }
            terminal.print(table);
            if (all.size() > 1) {
                terminal.out()
                        .println("Next: "
                                + Launcher.command("datasets diff " + dataset.id() + " "
                                        + all.get(1).version() + " current"));
            }
        }

        private static Map<String, Object> json(Manifest m) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("version", m.version());
            json.put("published", m.createdAt());
            json.put("previous", m.previous().isEmpty() ? null : m.previous());
            json.put("rolledBackTo", m.rolledBackTo().orElse(null));
            json.put("points", m.points());
            json.put("added", m.added());
            json.put("revised", m.revised());
            json.put("removed", m.removed());
            json.put("series", m.seriesCodes());
            json.put("from", m.minTime().isEmpty() ? null : m.minTime());
            json.put("to", m.maxTime().isEmpty() ? null : m.maxTime());
            json.put("token", m.token());
            return json;
        }
    }
}
