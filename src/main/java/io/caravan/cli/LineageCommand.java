package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Lineage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "lineage",
        description = "Show which runs read an object and where it went, which wrote an object or table and from what,"
                + " or where a record comes from and which sinks hold it.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " lineage agency/agency-10/files/staff/2031-02-05/04/data.csv",
            "Of a table: " + Launcher.CARAVAN + " lineage public.orders",
            "Of a record: " + Launcher.CARAVAN + " lineage 4711 --pipeline orders",
        })
final class LineageCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "<object, table or key>",
            description =
                    "An object's name, also with its bucket before it; a table, collection or folder that a sink writes;"
                            + " a record's key.")
    private String name;

    @Option(names = "--pipeline", paramLabel = "<pipeline>", description = "Look for the key in this one only.")
    private String pipeline;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "At most so many runs, the newest, 1 to 10000 [${DEFAULT-VALUE}].")
    private int limit;

    LineageCommand(Shell shell) {
        this.shell = shell;
    }

    private record Found(List<Lineage.Run> read, List<Lineage.Run> written, List<Lineage.Origin> keys) {}

    @Override
    public Integer call() {
        new SettingChecks("lineage").between("--limit", limit, 1, 10_000).check();
        Found found = shell.ledger(c -> new Found(
                Lineage.read(c, name, limit),
                Lineage.written(c, name, limit),
                Lineage.ofKey(c, name, Optional.ofNullable(pipeline))));
        if (found.read().isEmpty() && found.written().isEmpty() && found.keys().isEmpty()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "lineage",
                            "the name",
                            "be of an object that a run read or wrote, a table or other place that one wrote to, or a record's key",
                            Terminal.harmless(name))
                    + "; what runs did before there was a lineage is in none");
        }
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("readBy", found.read().stream().map(LineageCommand::json).toList());
            json.put(
                    "writtenBy",
                    found.written().stream().map(LineageCommand::json).toList());
            json.put("records", found.keys().stream().map(LineageCommand::json).toList());
            shell.terminal().json(json);
            return Exit.SUCCEEDED;
        }
        print("Read by", found.read());
        print("Written by", found.written());
        found.keys().forEach(this::print);
        return Exit.SUCCEEDED;
    }

    private void print(String how, List<Lineage.Run> runs) {
        if (runs.isEmpty()) return;
        shell.terminal().out().println(how + ":");
        Table table = new Table(">run", "pipeline", "outcome", "started", "input", "etag", ">bytes", "written to");
        for (Lineage.Run run : runs) {
            List<String> outputs =
                    run.outputs().stream().map(LineageCommand::words).toList();
            int rows = Math.max(1, Math.max(run.inputs().size(), outputs.size()));
            for (int i = 0; i < rows; i++) {
                Optional<Lineage.Input> input =
                        i < run.inputs().size() ? Optional.of(run.inputs().get(i)) : Optional.empty();
                table.row(
                        i == 0 ? run.id() : "",
                        i == 0 ? run.pipeline() : "",
                        i == 0 ? run.status() : "",
                        i == 0 ? RunsCommand.TIME.format(run.started()) : "",
                        input.map(in -> in.object() + (in.aside() ? " (set aside)" : ""))
                                .orElse(""),
                        input.map(Lineage.Input::etag).orElse(""),
                        input.filter(in -> in.size() >= 0)
                                .map(in -> Figures.count(in.size()))
                                .orElse(""),
                        i < outputs.size() ? outputs.get(i) : "");
            }
            long more = run.inputsInAll() - run.inputs().size();
            if (more > 0) table.row("", "", "", "", "and " + Figures.count(more) + " more", "", "", "");
        }
        shell.terminal().print(table);
    }

    private static String words(Lineage.Output output) {
        String count = output.written() < 0
                ? ""
                : " (" + Figures.count(output.written()) + " written, " + Figures.count(output.deleted()) + " deleted)";
        return output.sink() + count + ": " + String.join("; ", output.places());
    }

    private void print(Lineage.Origin record) {
        String object = record.object()
                .map(o -> " from " + o
                        + record.etag()
                                .filter(e -> !e.isEmpty())
                                .map(e -> ", etag " + e)
                                .orElse(""))
                .orElse(", which no object holds any more");
        String sinks = record.sinks().stream()
                .map(sink -> sink.sink() + " " + sink.state())
                .collect(Collectors.joining("; "));
        shell.terminal()
                .out()
                .println(Terminal.harmless("Record " + record.key() + " of " + record.pipeline() + object
                        + "; first seen by run " + record.firstRun() + ", changed by run " + record.changedRun()
                        + (sinks.isEmpty() ? "" : "; " + sinks)));
    }

    private static Map<String, Object> json(Lineage.Run run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runId", run.id());
        json.put("pipeline", run.pipeline());
        json.put("status", run.status());
        json.put("started", run.started().toString());
        json.put("source", run.source());
        json.put("inputsInAll", run.inputsInAll());
        json.put("inputs", run.inputs().stream().map(LineageCommand::json).toList());
        List<Object> outputs = new ArrayList<>();
        for (Lineage.Output output : run.outputs()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("sink", output.sink());
            one.put("places", output.places());
            one.put("written", output.written() < 0 ? null : output.written());
            one.put("deleted", output.deleted() < 0 ? null : output.deleted());
            outputs.add(one);
        }
        json.put("outputs", outputs);
        return json;
    }

    private static Map<String, Object> json(Lineage.Input input) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("object", input.object());
        json.put("etag", input.etag());
        json.put("bytes", input.size() < 0 ? null : input.size());
        json.put("setAside", input.aside());
        return json;
    }

    private static Map<String, Object> json(Lineage.Origin record) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", record.pipeline());
        json.put("key", record.key());
        json.put("object", record.object().orElse(null));
        json.put("etag", record.etag().orElse(null));
        json.put("firstRun", record.firstRun());
        json.put("changedRun", record.changedRun());
        json.put("deleted", record.deleted());
        Map<String, Object> sinks = new LinkedHashMap<>();
        record.sinks().forEach(sink -> sinks.put(sink.sink(), sink.state()));
        json.put("sinks", sinks);
        return json;
    }
}
