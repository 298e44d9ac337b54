package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.encryption.KeysJson;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.ledger.DeadLetters;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retire",
        description =
                "Forget a key for ever, if no store of the pipelines that seal and no dead letter holds what it sealed.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " keys retire 1",
            "Backups, archives of deleted documents and other stores are not looked into; archives are named."
        })
final class KeysRetireCommand implements Callable<Integer> {

    private final Shell shell;
    private final KeysCommand parent;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--forsake-archives",
            description = "Also where archives of deleted documents may hold what it sealed, which nobody opens then.")
    private boolean forsakesArchives;

    @Parameters(index = "0", paramLabel = "<version>", description = "Its number, as list shows it.")
    private int version;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "<pipeline>",
            description =
                    "Those to compare with their stores; by default those whose file has a step encrypt-fields-action.")
    private List<String> pipelines = List.of();

    KeysRetireCommand(Shell shell, KeysCommand parent) {
        this.shell = shell;
        this.parent = parent;
    }

    @Override
    public Integer call() throws Exception {
        KeysJson.of(parent.keys().read().text(), "registry").retire(version); // says what is wrong before the long work
        List<Pipeline> sealing = SealingPipelines.of(shell, pipelines);
        mustForsake(SealingPipelines.archives(shell.pipelines(), sealing));
        for (Pipeline pipeline : sealing) mustBeSealedAnew(pipeline);
        long letters = shell.ledger(c -> DeadLetters.holding(c, KeysJson.sealedBy(version)));
        if (letters > 0) {
            throw new ConfigurationException("keys retire: version must be of a key that sealed nothing any more, got '"
                    + version + "', which " + letters + " dead letters hold; replay or discard them");
        }
        shell.audited("", "keys retire", this::retired, retired -> 1);
        return parent.said(common, version, "retired", "key " + version + " is forgotten");
    }

    private int retired() {
        return parent.change(Optional.empty(), keys -> {
            keys.retire(version);
            return version;
        });
    }

    /** No run seals an archive anew: somebody must say that its documents may stay closed for ever. */
    private void mustForsake(List<String> archives) {
        if (archives.isEmpty() || forsakesArchives) return;
        throw new ConfigurationException(
                "keys retire: --forsake-archives must be given where deleted documents are archived, as key "
                        + version + " may have sealed them and nobody opens them without it; got the archives "
                        + String.join(", ", archives));
    }

    /** Nothing is news, nothing is refused, and the stores hold what is sealed by the primary key. */
    private void mustBeSealedAnew(Pipeline pipeline) throws Exception {
        RunReport plan = new Trip(shell, pipeline, shell.configuration(), parent.json(common)).go(Mode.PLAN);
        // what a sink still waits for, and what has a letter, verify leaves alone: the store may hold it by the old key
        boolean settled = plan.status() == Status.SUCCEEDED
                && plan.openDeadLetters() == 0
                && plan.sinks().values().stream()
                        .allMatch(sink -> sink.inserts() + sink.updates() + sink.deleted() == 0);
        if (!settled) throw used(pipeline, "a run, or its dead letters, would bring it other records");
        RunReport report = new Trip(shell, pipeline, shell.configuration(), parent.json(common))
                .go(RunRequest.of(Mode.VERIFY).comparingContents(true));
        if (report.status() == Status.SUCCEEDED) return;
        new Summary(report).print(shell.terminal(), parent.json(common));
        throw used(pipeline, "verify --deep finds differences");
    }

    private ConfigurationException used(Pipeline pipeline, String why) {
        return new ConfigurationException(
                "keys retire: version must be of a key that sealed nothing any more, got '" + version
                        + "'; " + pipeline.name() + " may hold what it sealed, as " + why + ": see "
                        + Launcher.command("keys rotate --resume") + " and " + Launcher.command("dead-letters"));
    }
}
