package io.caravan.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Attempt;
import io.caravan.job.JobReport.Job;
import io.caravan.job.JobReport.Overview;
import io.caravan.job.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "jobs",
        description = "Show how many jobs there are in each state, how fast they are done, and why some failed.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs --watch", "         " + Launcher.CARAVAN + " jobs show 17"
        })
final class JobsCommand implements Callable<Integer> {

    private static final int MOST_REASONS = 20;
    private static final int BAR = 30;

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--watch", description = "Redraw the table every second, until no job is left to do.")
    private boolean watch;

    private JobsCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with its verbs. */
    static CommandLine commandLine(Shell shell) {
        JobsCommand command = new JobsCommand(shell);
        return new CommandLine(command)
                .addSubcommand(new Show(command))
                .addSubcommand(new PurgeCommand(shell, command.common::json));
    }

    @Override
    public Integer call() throws Exception {
        if (watch && common.json()) throw new ConfigurationException("jobs: --watch must stand alone, got '--json'");
        try (JobStore jobs = new JobStore(shell)) {
            Overview now = jobs.overview(MOST_REASONS);
            if (common.json()) {
                shell.terminal().json(json(now));
                return Exit.SUCCEEDED;
            }
            if (watch) now = watched(jobs, now);
            lines(now).forEach(shell.terminal().out()::println);
            return Exit.SUCCEEDED;
        }
    }

    /** Shows the jobs until none is left to do; what is then to be seen. */
    private Overview watched(JobStore jobs, Overview first) throws InterruptedException {
        Overview now = first;
        try (LiveLines screen = new LiveLines(shell.terminal())) {
            while (now.of("pending") + now.of("processing") > 0) {
                screen.draw(lines(now));
                TimeUnit.SECONDS.sleep(1);
                now = jobs.overview(MOST_REASONS);
            }
            screen.clear();
        }
        return now;
    }

    static List<String> lines(Overview now) {
        List<String> lines = new ArrayList<>();
        if (now.all() == 0) return List.of("No jobs yet; make some: " + Launcher.command("run books-publish"));
        Table table = new Table("status", ">jobs");
        now.byStatus().forEach((status, n) -> table.row(status, Figures.count(n)));
        lines.addAll(table.lines());
        long ended = now.of("completed") + now.of("failed");
        int full = (int) (ended * BAR / now.all());
        lines.add("[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + Figures.count(ended) + " of "
                + Figures.count(now.all()) + " ended, "
                + String.format(Locale.ROOT, "%.1f", now.perSecond()) + " jobs/s completed");
        now.oldestPending().ifPresent(age -> lines.add("The oldest pending job waits for " + Figures.duration(age)));
        if (now.failures().isEmpty()) return lines;
        Table failures = new Table(">failed", "reason");
        now.failures().forEach((reason, n) -> failures.row(Figures.count(n), reason));
        lines.addAll(failures.lines());
        lines.addAll(next(now.retries()));
        return lines;
    }

    /** What may be done about the failed ones, and for how many of them it helps. */
    private static List<String> next(Jobs.Retries retries) {
        String again = Launcher.command("run books-work --retry-failed");
        String all = again + " --max-retries " + retries.enough();
        String now = Figures.count(retries.now());
        String usedUp = Figures.count(retries.usedUp());
        if (retries.usedUp() == 0) return List.of("Next: " + again + " puts " + now + " back");
        if (retries.now() == 0) return List.of("Next: " + usedUp + " were put back too often; all the same: " + all);
        return List.of(
                "Next: " + again + " puts " + now + " back,",
                "  not the " + usedUp + " that were put back too often; those too: " + all);
    }

    private static Map<String, Object> json(Overview now) {
        Map<String, Object> json = new LinkedHashMap<>(now.byStatus());
        json.put("completedPerSecond", now.perSecond());
        json.put(
                "oldestPendingMillis",
                now.oldestPending().map(Duration::toMillis).orElse(null));
        json.put("failures", now.failures());
        json.put("retryable", now.retries().now());
        json.put("retriesUsedUp", now.retries().usedUp());
        json.put("maxRetriesForAll", now.retries().enough());
        return json;
    }

    @Command(
            name = "show",
            description = "Show one job: all attempts, what both APIs said, and what was made of it.",
            footer = {"", "Example: " + Launcher.CARAVAN + " jobs show 17"})
    private static final class Show implements Callable<Integer> {

        private final JobsCommand parent;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<id>", description = "The number of the job.")
        private long id;

        Show(JobsCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            Job job;
            try (JobStore jobs = new JobStore(parent.shell)) {
                job = jobs.ask(c -> JobReport.find(c, id))
                        .orElseThrow(() -> new ConfigurationException(
                                SettingChecks.sentence("jobs", "id", "be the number of a job", id) + "; see "
                                        + Launcher.command("jobs")));
            }
            Terminal terminal = parent.shell.terminal();
            if (common.json() || parent.common.json()) terminal.json(json(job));
            else print(terminal, job);
            return Exit.SUCCEEDED;
        }

        private static void print(Terminal terminal, Job job) {
            Table head = new Table("job", String.valueOf(job.id()));
            json(job).forEach((name, value) -> {
                if (value != null && !List.of("id", "attempts").contains(name)) head.row(name, value);
            });
            terminal.print(head);
            for (Attempt a : job.attempts()) {
                terminal.out().println();
                Table table = new Table("attempt", String.valueOf(a.attempt()));
                table.row("worker", a.worker());
                table.row("started", a.started());
                a.ended().ifPresent(ended -> table.row("took", Figures.duration(Duration.between(a.started(), ended))));
                a.outcome().ifPresent(outcome -> table.row("outcome", outcome));
                a.reason().ifPresent(reason -> table.row("reason", reason));
                terminal.print(table);
                a.answers().ifPresent(answers -> terminal.out().println("answers\n" + Terminal.indented(answers)));
                a.book().ifPresent(book -> terminal.out().println("book\n" + Terminal.indented(book)));
            }
        }

        private static Map<String, Object> json(Job job) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("id", job.id());
            json.put("key", job.key());
            json.put("title", job.title());
            json.put("author", job.author());
            json.put("isbn", job.isbn().orElse(null));
            json.put("status", job.status());
            json.put("created", job.created().toString());
            json.put("completed", job.completed().map(Instant::toString).orElse(null));
            json.put("error", job.error().orElse(null));
            json.put("retries", job.retries());
            json.put("bookId", job.book().orElse(null));
            json.put("attempts", job.attempts().stream().map(Show::json).toList());
            return json;
        }

        private static Map<String, Object> json(Attempt a) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("attempt", a.attempt());
            json.put("worker", a.worker());
            json.put("started", a.started().toString());
            json.put("ended", a.ended().map(Instant::toString).orElse(null));
            json.put("outcome", a.outcome().orElse(null));
            json.put("reason", a.reason().orElse(null));
            json.put("answers", raw(a.answers()));
            json.put("book", raw(a.book()));
            return json;
        }

        private static Object raw(Optional<String> json) {
            return json.map(RawValue::new).orElse(null);
        }
    }
}
