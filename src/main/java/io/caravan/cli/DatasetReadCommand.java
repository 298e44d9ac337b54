package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import io.caravan.version.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "read",
        description = "Print all observations of a dataset at a version, as JSON lines or CSV, by series and time.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " datasets read indec_ipc --format csv > ipc.csv",
            "An older version: " + Launcher.CARAVAN + " datasets read indec_ipc v20310304_101500_000000"
        })
final class DatasetReadCommand implements Callable<Integer> {

    private final DatasetsCommand parent;

    @Mixin
    private final Common common = new Common();

    @Parameters(index = "0", paramLabel = "<dataset>", description = "Its name, as list shows it.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<version>",
            defaultValue = PublishedDatasets.CURRENT,
            description = "The version [${DEFAULT-VALUE}].")
    private String version;

    @Option(
            names = "--format",
            paramLabel = "<format>",
            defaultValue = "jsonl",
            description = "jsonl, which --json means too, or csv [${DEFAULT-VALUE}].")
    private String format;

    @Option(
            names = "--series",
            split = ",",
            paramLabel = "<codes>",
            description = "Only these series, comma separated.")
    private List<String> series = List.of();

    DatasetReadCommand(DatasetsCommand parent) {
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        boolean csv = format.equals("csv");
        new SettingChecks("datasets read")
                .must(csv || format.equals("jsonl"), "--format", "be jsonl or csv", format)
                .must(!csv || !parent.json(common), "--format", "be jsonl beside --json", format)
                .check();
        return parent.with(name, (dataset, versions) -> {
            String read = PublishedDatasets.version(versions, name, version);
            Columns columns = new Columns();
            // the header names what is in any row, so the rows are read twice
            if (csv) of(versions, read, columns::add);
            WritableFormat form = csv ? new CsvForm(",", false, Compression.NONE) : new JsonlForm(Compression.NONE);
            Terminal terminal = parent.shell().terminal();
            try (RecordWriter rows = form.write(new WatchedOutput(terminal.out()), columns)) {
                of(versions, read, row -> {
                    try {
                        rows.write(row);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof WatchedOutput.ClosedException)) throw e;
                return closed(terminal);
            } catch (WatchedOutput.ClosedException e) {
                return closed(terminal);
            }
            return Exit.SUCCEEDED;
        });
    }

    private static int closed(Terminal terminal) {
        terminal.error("datasets read: the output was closed, the rest was not read");
        return Exit.FAILED;
    }

    /** Those of the series that are asked for; a series that is not there is an error, so that a slip does not look like no data. */
    private void of(Versions versions, String read, Consumer<Record> each) {
        Set<String> missing = new TreeSet<>(series);
        versions.history(read, row -> {
            String code = row.get(Observations.SERIES).map(Object::toString).orElse("");
            if (!series.isEmpty() && !series.contains(code)) return;
            missing.remove(code);
            each.accept(row);
        });
        if (!missing.isEmpty()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "datasets read",
                            "--series",
                            "be series of " + name + " at " + read,
                            String.join(", ", missing))
                    + "; see " + Launcher.command("datasets show " + name));
        }
    }
}
