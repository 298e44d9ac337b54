package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.version.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description =
                "Publish an old version of a dataset as its newest one. No version is lost, so that it can be taken back.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " datasets rollback indec_ipc v20310304_101500_000000",
            "What would change: " + Launcher.CARAVAN + " datasets diff indec_ipc current v20310304_101500_000000",
            "Exit codes: 0 done, 1 done and its topic could not be told, 2 there is no such version, 4 a run of the dataset goes on."
        })
final class DatasetRollbackCommand implements Callable<Integer> {

    private final DatasetsCommand parent;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<dataset>", description = "Its name, as list shows it.")
    private String name;

    @Parameters(index = "1", paramLabel = "<version>", description = "The version to go back to.")
    private String version;

    DatasetRollbackCommand(DatasetsCommand parent) {
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        return parent.with(name, (dataset, versions) -> {
            String back = PublishedDatasets.version(versions, name, version);
            Optional<Manifest> published =
                    parent.alone("rollback", dataset, versions, fence -> versions.rollback(back, fence), m -> m.map(
                                    n -> n.added() + n.revised() + n.removed())
                            .orElse(0L));
            say(back, published);
            Optional<String> untold = published.isPresent() ? dataset.announce() : Optional.empty();
            untold.ifPresent(why -> parent.shell()
                    .terminal()
                    .error("datasets rollback: " + name + " was published, and nobody could be told: " + why
                            + "; the next run with news tells"));
            return untold.isEmpty() ? Exit.SUCCEEDED : Exit.FAILED;
        });
    }

    private void say(String back, Optional<Manifest> published) {
        Terminal terminal = parent.shell().terminal();
        if (parent.json(common)) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dataset", name);
            json.put("rolledBackTo", back);
            json.put("version", published.map(Manifest::version).orElse(null));
            json.put("added", published.map(Manifest::added).orElse(0L));
            json.put("revised", published.map(Manifest::revised).orElse(0L));
            json.put("removed", published.map(Manifest::removed).orElse(0L));
            terminal.json(json);
            return;
        }
        if (published.isEmpty()) {
            terminal.out().println(name + ": readers see what " + back + " held already; nothing was published");
            return;
        }
        Manifest m = published.get();
        terminal.out()
                .println(name + ": " + m.version() + " is current and holds what " + back + " did: "
                        + Figures.count(m.added()) + " added, " + Figures.count(m.revised()) + " revised, "
                        + Figures.count(m.removed()) + " removed");
        terminal.out()
                .println("Runs publish again only what changes from now on; all that the source has: "
                        + Launcher.command("run " + name + " --repair"));
    }
}
