package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.ledger.ColumnHistory;
import io.caravan.record.ColumnKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which columns the source of a pipeline had in which run, as {@code audit --columns} shows it. */
final class AuditColumns {

    private final List<ColumnHistory.Entry> entries;

    /** {@code entries}: the newest first. */
    AuditColumns(List<ColumnHistory.Entry> entries) {
        this.entries = entries;
    }

    void print(Terminal terminal, boolean json) {
        if (json) terminal.json(entries.stream().map(AuditColumns::json).toList());
        else if (entries.isEmpty())
            terminal.out()
                    .println("No column is known: give the source newColumns, missingColumns or typeChanges, and "
                            + Launcher.command("run <pipeline>"));
        else terminal.print(table());
    }

    private Table table() {
        Table table = new Table(">run", "pipeline", "started", "column", "change", "kind", "was", "found in");
        for (ColumnHistory.Entry e : entries) {
            table.row(
                    e.run(),
                    e.pipeline(),
                    RunsCommand.TIME.format(e.began()),
                    e.change().name(),
                    e.change().change().word(),
                    e.change().kind().word(),
                    was(e),
                    e.change().object());
        }
        return table;
    }

    private static String was(ColumnHistory.Entry e) {
        ColumnKind former = e.change().former();
        return former == ColumnKind.NOTHING || former == e.change().kind() ? "" : former.word();
    }

    private static Map<String, Object> json(ColumnHistory.Entry e) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runId", e.run());
        json.put("pipeline", e.pipeline());
        json.put("started", e.began().toString());
        json.put("column", e.change().name());
        json.put("change", e.change().change().word());
        json.put("kind", e.change().kind().word());
        json.put("former", e.change().former().word());
        json.put("object", e.change().object());
        return json;
    }
}
