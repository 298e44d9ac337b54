package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "replay",
        description = "Send letters through the pipeline's steps again, to the sinks that lack them.",
        footer = {"", "Example: " + Launcher.CARAVAN + " dead-letters replay --all --pipeline personalization"})
final class ReplayCommand implements Callable<Integer> {

    private static final Set<String> REPLAYABLE = Set.of(DeadLetters.OPEN, DeadLetters.ACCEPTED);

    private final Shell shell;
    private final DeadLettersCommand parent;

    @Mixin
    private final Common common = new Common();

    @ArgGroup(multiplicity = "1")
    private Which which;

    ReplayCommand(Shell shell, DeadLettersCommand parent) {
        this.shell = shell;
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Entry> letter = which.id().map(parent::letter);
        letter.filter(l -> !REPLAYABLE.contains(l.state())).ifPresent(l -> {
            throw new ConfigurationException("dead-letters: letter " + l.id()
                    + " must be open or accepted to be sent again, got '" + l.state() + "'");
        });
        String pipeline = letter.map(Entry::pipeline).orElseGet(parent::onlyPipeline);
        Trip trip = new Trip(shell, shell.pipelines().named(pipeline), shell.configuration(), parent.json(common));
        RunReport report = trip.go(RunRequest.of(Mode.REPLAY).ofLetter(which.id()));
        new Summary(report).print(shell.terminal(), parent.json(common));
        return Exit.of(report.status());
    }
}
