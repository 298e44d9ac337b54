package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.Job;
import io.caravan.job.JobArguments;
import io.caravan.job.JobCall;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.run.Mode;
import io.caravan.run.RunReport.Status;
import io.caravan.run.Stop;
import io.caravan.settings.Configuration;
import io.caravan.settings.LiteralSecrets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** One run of a function in Java, in a Camel context with the project's beans and without routes. */
final class JavaTrip implements Signals.Task {

    /** What stands before the location of a job's file where routes are named: beans beside it are known to the job. */
    static final String SCHEME = "job:";

    private final Shell shell;
    private final JobDefinition job;
    private final String location;
    private final Configuration configuration;
    private final JobArguments arguments;
    private final Path caller;
    private final boolean json;
    private final long startedNanos = System.nanoTime();
    private volatile Mode mode = Mode.RUN;
    private volatile String by;
    private volatile boolean done;

    JavaTrip(
            Shell shell,
            JobDefinition job,
            String location,
            Configuration configuration,
            JobArguments arguments,
            Path caller,
            boolean json) {
        this.shell = shell;
        this.job = job;
        this.location = location;
        this.configuration = configuration;
        this.arguments = arguments;
        this.caller = caller;
        this.json = json;
    }

    /** {@code right}: whether it may go on, as nobody else does the same. */
    JobEnd go(Mode mode, BooleanSupplier right) throws Exception {
        this.mode = mode;
        shell.signals().begin(this);
        try (Quiet quiet = new Quiet();
                Engine engine = engine()) {
            JobCall call = new JobCall(
                    job.name(),
                    arguments,
                    caller,
                    name -> LiteralSecrets.text(
                            engine.context(), engine.context().resolvePropertyPlaceholders("{{" + name + ":}}")),
                    () -> by != null || !right.getAsBoolean(),
                    this::say);
            Job function = function(engine.context());
            JobEnd end = mode == Mode.PLAN
                    ? function.plan(call)
                    : new JobTrail(shell, job, configuration, arguments).of(() -> function.run(call));
            done = end.status() != Status.FAILED;
            print(end);
            return end;
        } catch (Exception e) {
            if (by == null) throw e;
            JobEnd end = stopped(Failure.of(e).sentence());
            print(end);
            return end;
        }
    }

    private Engine engine() throws NotStartedException {
        try {
            return new Engine(configuration, List.of(SCHEME + location));
        } catch (Exception e) {
            throw new NotStartedException(e);
        }
    }

    private Job function(CamelContext context) {
        String name = job.target().name();
        Object found = context.getRegistry().lookupByName(name);
        try {
            if (found == null)
                found = context.getClassResolver()
                        .resolveMandatoryClass(name)
                        .getDeclaredConstructor()
                        .newInstance();
        } catch (ReflectiveOperationException e) {
            // said below
        }
        if (!(found instanceof Job function)) {
            throw new ConfigurationException(SettingChecks.sentence(
                    job.name(), "run.java", "name a bean or class that is a " + Job.class.getName(), name));
        }
        CamelContextAware.trySetCamelContext(function, context);
        return function;
    }

    private void say(String sentence) {
        Terminal terminal = shell.terminal();
        (json ? terminal.err() : terminal.out()).println(Terminal.harmless(sentence));
    }

    private JobEnd stopped(String... problems) {
        return new JobEnd(Status.FAILED, Stop.sentence(job.name(), mode, by), Map.of(), List.of(problems));
    }

    private void print(JobEnd end) {
        Terminal terminal = shell.terminal();
        String status = end.status().name().toLowerCase(Locale.ROOT);
        if (json) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("job", job.name());
            said.put("status", status);
            said.put("summary", end.summary());
            said.put("counts", end.counts());
            said.put("durationMillis", (System.nanoTime() - startedNanos) / 1_000_000);
            said.put("problems", end.problems());
            terminal.json(said);
        } else {
            terminal.out()
                    .println(mode + " of " + job.name() + ": " + terminal.coloured(colour(end.status()), status) + ", "
                            + Terminal.harmless(end.summary()));
        }
        end.problems().forEach(terminal::error);
    }

    private static Terminal.Colour colour(Status status) {
        return switch (status) {
            case SUCCEEDED -> Terminal.Colour.GREEN;
            case PARTIAL -> Terminal.Colour.YELLOW;
            case FAILED -> Terminal.Colour.RED;
        };
    }

    @Override
    public void stop(String signal) {
        by = signal;
    }

    @Override
    public void abandon() {
        print(stopped(job.name() + ": it did not end within " + Signals.PATIENCE.toSeconds() + " s of " + by));
    }

    @Override
    public int code(int own, int signal) {
        return by == null || done ? own : signal;
    }
}
