package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.dataset.DatasetVersions;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.NoLedger;
import io.caravan.settings.Configuration;
import io.caravan.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The datasets that there are, and what reads their versions. No route and no store of ours is started. */
final class PublishedDatasets implements AutoCloseable {

    /** Stands for the version that readers see. */
    static final String CURRENT = "current";

    private static final String LEDGER = "camel.beans.ledgerDataSource";

    private final Shell shell;
    private final Quiet quiet = new Quiet();
    private final Engine engine;

    PublishedDatasets(Shell shell) throws NotStartedException {
        this.shell = shell;
        try {
            Configuration without = shell.configuration().with(Map.of(LEDGER, "#class:" + NoLedger.class.getName()));
            engine = new Engine(without, List.of());
        } catch (Exception e) {
            quiet.close();
            throw new NotStartedException(e);
        }
    }

    /** All, in order of their names. */
    List<Pipeline> all() {
        return shell.pipelines().all().stream().filter(Pipelines::isDataset).toList();
    }

    DatasetVersions of(Pipeline dataset) {
        return new DatasetVersions(engine.context(), dataset.routes().get(0).substring(DatasetFiles.SCHEME.length()));
    }

    /** The one of that name; another name is an error. */
    DatasetVersions named(String name) {
        List<String> names = all().stream().map(Pipeline::name).toList();
        if (!names.contains(name)) {
            List<String> problems = new ArrayList<>();
            problems.add(SettingChecks.sentence("datasets", "dataset", "be one of " + String.join(", ", names), name)
                    + Nearest.hint(name, names));
            problems.addAll(shell.pipelines().problems());
            throw new ConfigurationException(problems);
        }
        return of(shell.pipelines().named(name));
    }

    /** The current version of a dataset; one that was never published is an error. */
    static String current(Versions versions, String dataset) {
        return versions.current()
                .orElseThrow(() -> new ConfigurationException(
                        SettingChecks.sentence("datasets", dataset, "have been published", "no version") + "; see "
                                + Launcher.command("run " + dataset)));
    }

    /** The version of that name, which was published; {@code current} is the one that readers see. */
    static String version(Versions versions, String dataset, String name) {
        String current = current(versions, dataset);
        if (name.equals(CURRENT) || name.equals(current)) return current;
        List<String> all = versions.list();
        if (all.contains(name)) return name;
        throw new ConfigurationException(
                SettingChecks.sentence("datasets", "version", "be current or a version of " + dataset, name)
                        + Cli.seeing(Nearest.hint(name, all), "datasets versions " + dataset));
    }

    @Override
    public void close() throws Exception {
        try (quiet) {
            engine.close();
        }
    }
}
