package io.caravan.cli;

import io.caravan.ledger.Audit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;

/** What differs between two runs: who, what, the code and the settings. */
final class AuditDiff {

    /** What one has and the other has otherwise; null for a setting that is not there. */
    private record Difference(String of, String before, String after) {}

    private final Audit.Entry before;
    private final Audit.Entry after;
    private final List<Difference> entries;
    private final List<Difference> settings;

    AuditDiff(
            Audit.Entry before,
            SortedMap<String, String> settingsBefore,
            Audit.Entry after,
            SortedMap<String, String> settingsAfter) {
        this.before = before;
        this.after = after;
        this.entries = differing(said(before), said(after));
        this.settings = differing(settingsBefore, settingsAfter);
    }

    private static Map<String, String> said(Audit.Entry e) {
        Map<String, String> said = new LinkedHashMap<>();
        said.put("pipeline", e.pipeline());
        said.put("mode", e.mode());
        said.put("outcome", e.status());
        said.put("who", AuditCommand.who(e));
        said.put("version", e.version());
        said.put("command", e.command());
        said.put("route", e.route());
        return said;
    }

    private static List<Difference> differing(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> new Difference(name, before.get(name), after.get(name)))
                .toList();
    }

    void print(Terminal terminal, boolean json) {
        if (json) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("runs", List.of(AuditCommand.json(before), AuditCommand.json(after)));
            said.put("settings", settings.stream().map(AuditDiff::json).toList());
            terminal.json(said);
            return;
        }
        Table table = new Table("what differs", "run " + before.run(), "run " + after.run());
        entries.forEach(d -> row(table, d));
        settings.forEach(d -> row(table, d));
        if (!table.isEmpty()) terminal.print(table);
        if (settings.isEmpty())
            terminal.out().println("Both runs had the same settings, as far as those are no secrets");
    }

    private static void row(Table table, Difference d) {
        table.row(d.of(), shown(d.before()), shown(d.after()));
    }

    private static String shown(String value) {
        return value == null ? "(not set)" : value;
    }

    private static Map<String, Object> json(Difference d) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("setting", d.of());
        json.put("before", d.before());
        json.put("after", d.after());
        return json;
    }
}
