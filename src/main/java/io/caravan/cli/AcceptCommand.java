package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Audit;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "accept",
        description =
                "Say that letters are known and no problem: they leave no run partial, hold back no delete, can still be"
                        + " sent again by their id, and are judged again when the record changes.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN
                    + " dead-letters accept --reason 'id must not be blank' --pipeline personalization"
        })
final class AcceptCommand implements Callable<Integer> {

    private final Shell shell;
    private final DeadLettersCommand parent;

    @Mixin
    private final Common common = new Common();

    @ArgGroup(multiplicity = "1")
    private Chosen which;

    AcceptCommand(Shell shell, DeadLettersCommand parent) {
        this.shell = shell;
        this.parent = parent;
    }

    @Override
    public Integer call() {
        Optional<Entry> letter = Optional.ofNullable(which.id).map(parent::letter);
        if (which.reason != null) {
            new SettingChecks("dead-letters").notBlank("--reason", which.reason).check();
        }
        String pipeline = letter.map(Entry::pipeline).orElseGet(parent::onlyPipeline);
        String reason = which.reason == null ? "" : which.reason;
        List<String> pipelines = letter.isPresent() ? List.of(pipeline) : parent.only();
        int accepted = shell.ledger(c -> {
            int all = 0;
            for (String one : pipelines) {
                int ended = DeadLetters.accept(c, one, Optional.ofNullable(which.id), reason);
                if (ended > 0) Audit.done(c, one, "accept", shell.starter(), ended);
                all += ended;
            }
            return all;
        });
        if (letter.isPresent() && accepted == 0) {
            throw new ConfigurationException("dead-letters: letter " + which.id + " must be open to be accepted, got '"
                    + letter.get().state() + "'");
        }
        if (parent.json(common)) shell.terminal().json(Map.of("pipeline", pipeline, "accepted", accepted));
        else shell.terminal().out().println(Figures.count(accepted) + " dead letters of " + pipeline + " accepted");
        return Exit.SUCCEEDED;
    }

    /** One by its id, those of a reason, or all open ones of a pipeline. */
    private static final class Chosen {

        @Parameters(paramLabel = "<id>", description = "The letter, as list shows it.")
        private Long id;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "<text>",
                description = "The open letters of the pipeline whose reason holds this text.")
        private String reason;

        @Option(names = "--all", required = true, description = "All open letters of the pipeline.")
        private boolean all;
    }
}
