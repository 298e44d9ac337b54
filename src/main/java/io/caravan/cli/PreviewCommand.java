package io.caravan.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.format.ValueText;
import io.caravan.record.Record;
import io.caravan.run.Preview;
import io.caravan.run.Preview.Refused;
import io.caravan.run.RunReport;
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

@Command(
        name = "preview",
        description = "Show the first records of a pipeline before and after its steps; write nothing.",
        footer = {"", "Example: " + Launcher.CARAVAN + " preview personalization --limit 5 --input ~/events"})
final class PreviewCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(names = "--limit", paramLabel = "<n>", description = "How many rows are read, 1 to 10000 [10].")
    private long limit = 10;

    PreviewCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("preview").between("--limit", limit, 1, 10_000).check();
        Pipeline pipeline = arguments.pipeline();
        if (!pipeline.isChain()) {
            Previewed one = preview(pipeline);
            say(one, common.json() ? json(one.report(), one.preview()) : Map.of());
            return Exit.of(one.report());
        }
        int exit = Exit.SUCCEEDED;
        List<Object> phases = new ArrayList<>();
        for (Pipeline phase : shell.pipelines().phasesOf(pipeline)) {
            Previewed one = preview(phase);
            phases.add(json(one.report(), one.preview()));
            if (!common.json()) say(one, Map.of());
            else one.report().problems().forEach(shell.terminal()::error);
            exit = Exit.worse(exit, Exit.of(one.report()));
        }
        if (common.json()) shell.terminal().json(Map.of("pipeline", pipeline.name(), "phases", phases));
        return exit;
    }

    private record Previewed(RunReport report, Preview preview) {}

    private Previewed preview(Pipeline pipeline) throws Exception {
        Preview preview = new Preview();
        RunReport report =
                new DryRun(shell, common.json()).go(pipeline, arguments.configuration(), Optional.of(limit), preview);
        return new Previewed(report, preview);
    }

    private void say(Previewed one, Map<String, Object> json) {
        if (common.json()) shell.terminal().json(json);
        else print(one.report(), one.preview());
        one.report().problems().forEach(shell.terminal()::error);
    }

    private void print(RunReport report, Preview preview) {
        Terminal terminal = shell.terminal();
        print("Before the steps", preview.read());
        bySameRecords(preview.arrived()).forEach((sinks, records) -> print("After the steps, to " + sinks, records));
        if (!preview.refused().isEmpty()) {
            Table table = new Table("row", "key", "by", "reason");
            for (Refused r : preview.refused()) table.row(r.origin(), r.key().orElse(""), r.stage(), r.reason());
            terminal.out().println("Refused: each would be a dead letter");
            terminal.print(table);
            terminal.out().println();
        }
        new Summary(report).print(terminal, false);
    }

    private void print(String heading, List<Record> records) {
        shell.terminal().out().println(heading);
        if (records.isEmpty()) shell.terminal().out().println("(no records)");
        else shell.terminal().print(RecordTable.of(records));
        shell.terminal().out().println();
    }

    /** Sinks that get the same are shown once. */
    private static Map<String, List<Record>> bySameRecords(Map<String, List<Record>> arrived) {
        Map<List<Record>, List<String>> sinks = new LinkedHashMap<>();
        arrived.forEach((sink, records) ->
                sinks.computeIfAbsent(records, r -> new ArrayList<>()).add(sink));
        Map<String, List<Record>> named = new LinkedHashMap<>();
        sinks.forEach((records, names) -> named.put(String.join(", ", names), records));
        return named;
    }

    private static Map<String, Object> json(RunReport report, Preview preview) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pipeline", report.pipeline());
        json.put("status", report.status().name().toLowerCase(java.util.Locale.ROOT));
        json.put("recordsRead", report.recordsRead());
        json.put("before", json(preview.read()));
        Map<String, Object> after = new LinkedHashMap<>();
        preview.arrived().forEach((sink, records) -> after.put(sink, json(records)));
        json.put("after", after);
        json.put("refused", preview.refused().stream().map(PreviewCommand::json).collect(Collectors.toList()));
        json.put("problems", report.problems());
        if (!report.notes().isEmpty()) json.put("notes", report.notes());
        return json;
    }

    private static List<Object> json(List<Record> records) {
        List<Object> json = new ArrayList<>();
        for (Record record : records) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < record.fields().size(); i++) {
                fields.put(record.fields().names().get(i), new RawValue(ValueText.json(record.at(i))));
            }
            json.add(fields);
        }
        return json;
    }

    private static Map<String, Object> json(Refused refused) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("object", refused.origin().object());
        json.put("line", refused.origin().line());
        json.put("key", refused.key().orElse(null));
        json.put("by", refused.stage());
        json.put("reason", refused.reason());
        return json;
    }
}
