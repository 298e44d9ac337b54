package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
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

@Command(
        name = "discard",
        description = "End letters without delivering them; one that is refused again unchanged stays discarded.",
        footer = {"", "Example: " + Launcher.CARAVAN + " dead-letters discard 17"})
final class DiscardCommand implements Callable<Integer> {

    private final Shell shell;
    private final DeadLettersCommand parent;

    @Mixin
    private final Common common = new Common();

    @ArgGroup(multiplicity = "1")
    private Which which;

    DiscardCommand(Shell shell, DeadLettersCommand parent) {
        this.shell = shell;
        this.parent = parent;
    }

    @Override
    public Integer call() {
        Optional<Entry> letter = which.id().map(parent::letter);
        String pipeline = letter.map(Entry::pipeline).orElseGet(parent::onlyPipeline);
        List<String> pipelines = letter.isPresent() ? List.of(pipeline) : parent.only();
        int discarded = shell.ledger(c -> {
            int all = 0;
            for (String one : pipelines) {
                int ended = DeadLetters.discard(c, one, which.id());
                if (ended > 0) Audit.done(c, one, "discard", shell.starter(), ended);
                all += ended;
            }
            return all;
        });
        if (letter.isPresent() && discarded == 0) {
            throw new ConfigurationException(
                    "dead-letters: letter " + letter.get().id() + " must be open to be discarded, got '"
                            + letter.get().state() + "'");
        }
        if (parent.json(common)) shell.terminal().json(Map.of("pipeline", pipeline, "discarded", discarded));
        else shell.terminal().out().println(Figures.count(discarded) + " dead letters of " + pipeline + " discarded");
        return Exit.SUCCEEDED;
    }
}
