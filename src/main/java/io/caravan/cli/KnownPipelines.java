package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.settings.SettingNames;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pipelines that the ledger knows, whether a route names them still or not. */
final class KnownPipelines {

    private final Shell shell;
    private final String command;

    /** {@code command}: who asks. */
    KnownPipelines(Shell shell, String command) {
        this.shell = shell;
        this.command = command;
    }

    Optional<Flow> find(String name) {
        return shell.ledger(c -> Flows.find(c, name));
    }

    /** The one of that name; a name that the ledger does not know is an error. */
    Flow named(String name) {
        return find(name).orElseThrow(() -> {
            List<String> phases = shell.pipelines().phasesOfChain(name);
            if (!phases.isEmpty()) return ofAChain(name, phases);
            List<String> names = shell.ledger(Flows::names);
            return new ConfigurationException(
                    sentence("pipeline", names.isEmpty() ? "one that has run" : "one that has run: ", names, name));
        });
    }

    private ConfigurationException ofAChain(String name, List<String> phases) {
        String each = phases.stream()
                .map(phase -> Launcher.command(command + " " + Launcher.word(phase)))
                .collect(Collectors.joining(", "));
        return new ConfigurationException(
                SettingChecks.sentence(command, "pipeline", "be no chain, as the ledger knows its phases alone", name)
                        + "; name each that is meant: " + each);
    }

    /** A sentence that says which names there are, and which is nearest. */
    String sentence(String field, String what, Collection<String> known, String got) {
        return Terminal.harmless(
                command + ": " + field + " must be " + what + String.join(", ", known) + ", got '" + got + "'"
                        + SettingNames.nearest(got, known)
                                .map(n -> "; did you mean '" + n + "'?")
                                .orElse(""));
    }
}
