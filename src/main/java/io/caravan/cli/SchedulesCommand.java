package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.manage.Schedules;
import io.caravan.settings.Configuration.Effective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "schedules",
        description = "Show when pipelines, chains and datasets run by themselves while 'serve' runs, and when next.",
        footer = {"", "Example: " + Launcher.CARAVAN + " schedules"})
final class SchedulesCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    /** When one runs; {@code next} is empty without a cron, and where it is wrong. */
    private record Line(
            String name, String cron, String zone, Optional<Instant> next, Optional<String> problem, boolean external) {

        String state() {
            return cron.isEmpty() ? "off" : problem.isPresent() ? "wrong" : external ? Schedules.EXTERNAL : "on";
        }
    }

    SchedulesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Line> lines = lines();
        if (common.json()) {
            shell.terminal().json(lines.stream().map(SchedulesCommand::json).toList());
        } else if (lines.isEmpty()) {
            shell.terminal().out().println("No schedule; make one: caravan.schedule.<name>.cron = 0 30 2 * * ?");
        } else {
            Table table = new Table("name", "state", "cron", "zone", "next");
            lines.forEach(l -> table.row(
                    l.name(),
                    l.state(),
                    l.cron(),
                    l.zone(),
                    l.next().map(RunsCommand.TIME::format).orElse("")));
            shell.terminal().print(table);
        }
        lines.forEach(l -> l.problem().ifPresent(shell.terminal()::error));
        return lines.stream().allMatch(l -> l.problem().isEmpty()) ? Exit.SUCCEEDED : Exit.WRONG;
    }

    private List<Line> lines() {
        Map<String, Line> lines = new TreeMap<>();
        List<String> keys = new ArrayList<>(
                shell.configuration().effective().stream().map(Effective::name).toList());
        for (String key : keys) {
            Schedules.named(key).ifPresent(name -> lines.put(name, line(name, key)));
        }
        return List.copyOf(lines.values());
    }

    private Line line(String name, String key) {
        String cron = shell.setting(key).strip();
        String zoned = shell.setting(Schedules.zoneOf(key)).strip();
        String zone = zoned.isEmpty() ? Schedules.UTC : zoned;
        boolean external = shell.setting(Schedules.BY).strip().equals(Schedules.EXTERNAL);
        if (cron.isEmpty()) return new Line(name, "", zone, Optional.empty(), Optional.empty(), external);
        try {
            return new Line(name, cron, zone, Optional.of(Schedules.next(key, cron, zone)), Optional.empty(), external);
        } catch (ConfigurationException e) {
            return new Line(name, cron, zone, Optional.empty(), Optional.of(e.getMessage()), external);
        }
    }

    private static Map<String, Object> json(Line l) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", l.name());
        json.put("state", l.state());
        json.put("cron", l.cron());
        json.put("zone", l.zone());
        json.put("next", l.next().map(Instant::toString).orElse(null));
        l.problem().ifPresent(problem -> json.put("problem", problem));
        return json;
    }
}
