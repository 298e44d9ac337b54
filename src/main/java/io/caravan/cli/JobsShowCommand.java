package io.caravan.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import io.caravan.error.Launcher;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Attempt;
import io.caravan.job.JobReport.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show one job: what it is told, all attempts, what was heard on the way, and what came of it.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs show 17"})
final class JobsShowCommand implements Callable<Integer> {

    private final Shell shell;
    private final BooleanSupplier jsonOfAll;

    @Mixin
    private final Common common = new Common();

    @Parameters(paramLabel = "<id>", description = "The number of the job.")
    private String id;

    /** {@code jsonOfAll}: whether JSON was asked for before the verb. */
    JobsShowCommand(Shell shell, BooleanSupplier jsonOfAll) {
        this.shell = shell;
        this.jsonOfAll = jsonOfAll;
    }

    @Override
    public Integer call() {
        Job job = JobNumber.in(shell, id, found -> found.store()
                .<Optional<Job>>ask(c -> JobReport.find(c, found.number().id()))
                .orElseThrow());
        Terminal terminal = shell.terminal();
        if (common.json() || jsonOfAll.getAsBoolean()) terminal.json(json(job));
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
            a.result().ifPresent(result -> terminal.out().println("result\n" + Terminal.indented(result)));
        }
    }

    private static Map<String, Object> json(Job job) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("kind", job.kind());
        json.put("key", job.key());
        json.put("parameters", job.payload().shown());
        json.put("status", job.status());
        json.put("created", job.created().toString());
        json.put("completed", job.completed().map(Instant::toString).orElse(null));
        json.put("error", job.error().orElse(null));
        json.put("retries", job.retries());
        json.put("bookId", job.book().orElse(null));
        json.put("attempts", job.attempts().stream().map(JobsShowCommand::json).toList());
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
        json.put("result", raw(a.result()));
        return json;
    }

    private static Object raw(Optional<String> json) {
        return json.map(RawValue::new).orElse(null);
    }
}
