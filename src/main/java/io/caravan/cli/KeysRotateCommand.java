package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rotate",
        description =
                "Make a new key, let it seal, and run the pipelines that seal, so that their stores hold what it sealed.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " keys rotate",
            "One that was broken off goes on: " + Launcher.CARAVAN + " keys rotate --resume"
        })
final class KeysRotateCommand implements Callable<Integer> {

    private final Shell shell;
    private final KeysCommand parent;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--resume", description = "Make no new key, but go on with the one that seals now.")
    private boolean resume;

    @Parameters(
            arity = "0..*",
            paramLabel = "<pipeline>",
            description = "Those to run, in this order; by default those whose file has a step encrypt-fields-action.")
    private List<String> pipelines = List.of();

    KeysRotateCommand(Shell shell, KeysCommand parent) {
        this.shell = shell;
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        List<Pipeline> sealing = SealingPipelines.of(shell, pipelines);
        boolean json = parent.json(common);
        if (!resume) {
            int version = shell.audited("", "keys rotate", this::rotated, added -> 1);
            if (!json) shell.terminal().out().println("key " + version + " added; it seals");
        }
        int exit = Exit.SUCCEEDED;
        for (Pipeline pipeline : sealing) {
            RunReport report = new Trip(shell, pipeline, shell.configuration(), json).go(Mode.RUN);
            new Summary(report).print(shell.terminal(), json);
            exit = Exit.worse(exit, Exit.of(report.status()));
        }
        return exit;
    }

    private int rotated() {
        return parent.change(Optional.empty(), keys -> {
            int added = keys.add();
            keys.promote(added);
            return added;
        });
    }
}
