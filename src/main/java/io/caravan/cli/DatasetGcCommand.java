package io.caravan.cli;

import io.caravan.dataset.DatasetVersions;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.version.Versions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "gc",
        description =
                "Delete old versions of a dataset, and what runs left that ended early. What the current version or a kept one is made"
                        + " of stays, however old it is.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " datasets gc indec_ipc --keep 30 --yes",
            "What would go: " + Launcher.CARAVAN + " datasets gc indec_ipc --keep 30 --dry-run",
            "Exit codes: 0 done, 2 --yes is missing, 4 a run of the dataset goes on."
        })
final class DatasetGcCommand implements Callable<Integer> {

    private final DatasetsCommand parent;

    @Mixin
    private final Common common = new Common();

    @Parameters(paramLabel = "<dataset>", description = "Its name, as list shows it.")
    private String name;

    @Option(
            names = "--keep",
            paramLabel = "<n>",
            required = true,
            description = "Keep the newest n versions, the current one among them, 1 to 1000000.")
    private int keep;

    @Option(names = "--dry-run", description = "Only name the objects that would go.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Delete without asking.")
    private boolean yes;

    DatasetGcCommand(DatasetsCommand parent) {
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("datasets gc")
                .between("--keep", keep, 1, 1_000_000)
                .must(!dryRun || !yes, "--dry-run", "stand without --yes", "both")
                .check();
        return parent.with(name, (dataset, versions) -> {
            if (!dryRun && !yes) return unconfirmed(dataset, versions);
            List<String> names = dryRun
                    ? dataset.gc(versions, keep, true)
                    : parent.alone("gc", dataset, versions, fence -> dataset.gc(versions, keep, false), List::size);
            say(names);
            return Exit.SUCCEEDED;
        });
    }

    private int unconfirmed(DatasetVersions dataset, Versions versions) {
        int objects = dataset.gc(versions, keep, true).size();
        parent.shell()
                .terminal()
                .error("datasets gc: --yes must be given to delete " + Figures.count(objects) + " objects of " + name
                        + "; nothing was deleted; --dry-run names them");
        return Exit.WRONG;
    }

    private void say(List<String> names) {
        Terminal terminal = parent.shell().terminal();
        if (parent.json(common)) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dataset", name);
            json.put(dryRun ? "unneeded" : "deleted", names);
            terminal.json(json);
            return;
        }
        if (dryRun) names.forEach(object -> terminal.out().println(Terminal.harmless(object)));
        terminal.out()
                .println(name + ": " + Figures.count(names.size()) + " objects "
                        + (dryRun ? "would be deleted" : "deleted") + ", the newest " + Figures.count(keep)
                        + " versions kept");
    }
}
