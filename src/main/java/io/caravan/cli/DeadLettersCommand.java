package io.caravan.cli;

import io.caravan.encryption.SealedLetter;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.Flows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
        name = "dead-letters",
        description =
                "Show, send again, accept or discard the records that a source, step or sink refused; list without more.",
        footer = {"", "Example: " + Launcher.CARAVAN + " dead-letters list --pipeline personalization"})
final class DeadLettersCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 20;
    private static final String ANY = "any";
    private static final List<String> STATES =
            List.of(DeadLetters.OPEN, DeadLetters.ACCEPTED, "discarded", "delivered", "gone", ANY);

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--pipeline",
            scope = ScopeType.INHERIT,
            paramLabel = "<pipeline>",
            description = "Only those of this pipeline; of a chain those of its phases.")
    private String pipeline;

    private DeadLettersCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all its verbs. */
    static CommandLine commandLine(Shell shell) {
        DeadLettersCommand command = new DeadLettersCommand(shell);
        return new CommandLine(command)
                .addSubcommand(new Show(command))
                .addSubcommand(new ListThem(command))
                .addSubcommand(new ReplayCommand(shell, command))
                .addSubcommand(new AcceptCommand(shell, command))
                .addSubcommand(new DiscardCommand(shell, command));
    }

    /** The pipeline that {@code --pipeline} names; a wrong name is an error. */
    Optional<String> pipeline() {
        return Optional.ofNullable(pipeline).map(p -> shell.pipelines().named(p).ledgerName());
    }

    /** The pipeline whose letters are meant, by {@code --pipeline} or because there is only one. */
    String onlyPipeline() {
        List<Pipelines.Pipeline> all = shell.pipelines().all();
        if (pipeline == null && all.size() == 1) return all.get(0).name();
        return pipeline()
                .orElseThrow(() -> new ConfigurationException("dead-letters: --pipeline must be one of "
                        + String.join(
                                ", ", all.stream().map(Pipelines.Pipeline::name).toList()) + ", got ''"));
    }

    /** Under which names the ledger has the letters of {@link #onlyPipeline}. */
    List<String> only() {
        List<String> names = shell.pipelines().namesOf(shell.pipelines().named(onlyPipeline()));
        return shell.ledger(c -> {
            List<String> flows = new ArrayList<>();
            for (String name : names) flows.addAll(Flows.names(c, name));
            return flows.isEmpty() ? names : flows;
        });
    }

    /** The letter of that number. */
    Entry letter(long id) {
        return shell.ledger(c -> DeadLetters.find(c, id))
                .orElseThrow(() -> new ConfigurationException("dead-letters: id must be the number of a letter, got '"
                        + id + "'; see " + Launcher.command("dead-letters list")));
    }

    boolean json(Common ofVerb) {
        return ofVerb.json() || common.json();
    }

    @Override
    public Integer call() {
        return list(common.json(), DeadLetters.OPEN, DEFAULT_LIMIT);
    }

    private int list(boolean json, String state, int limit) {
        new SettingChecks("dead-letters")
                .between("--limit", limit, 1, 100_000)
                .must(STATES.contains(state), "--state", "be one of " + String.join(", ", STATES), state)
                .check();
        List<String> only = pipeline().map(p -> only()).orElse(List.of());
        Optional<String> in = Optional.of(state).filter(s -> !s.equals(ANY));
        List<Entry> letters = only.isEmpty()
                ? shell.ledger(c -> DeadLetters.list(c, Optional.empty(), in, 0, limit))
                : list(only, in, limit);
        Terminal terminal = shell.terminal();
        if (json) {
            terminal.json(letters.stream().map(DeadLettersCommand::json).toList());
        } else if (letters.isEmpty()) {
            terminal.out().println(in.map(s -> "No dead letters are " + s + ".").orElse("There are no dead letters."));
        } else {
            Table table = new Table(">id", "pipeline", "state", "refused by", "key", "object", ">line", "reason");
            for (Entry e : letters) {
                table.row(
                        e.id(),
                        e.pipeline(),
                        state(e),
                        by(e),
                        e.key().orElse(""),
                        e.origin().object(),
                        e.origin().line(),
                        e.reason());
            }
            terminal.print(table);
            if (letters.size() == limit) terminal.out().println("There may be more: --limit " + limit * 10);
            terminal.out()
                    .println("Next: "
                            + Launcher.command("dead-letters show <id>, replay <id>, accept <id> or discard <id>"));
        }
        return Exit.SUCCEEDED;
    }

    private List<Entry> list(List<String> pipelines, Optional<String> state, int limit) {
        return shell.ledger(c -> {
            List<Entry> letters = new ArrayList<>();
            for (String one : pipelines) letters.addAll(DeadLetters.list(c, Optional.of(one), state, 0, limit));
            letters.sort(Comparator.comparing(Entry::id));
            return letters.stream().limit(limit).toList();
        });
    }

    private static String state(Entry e) {
        return e.state().equals(DeadLetters.OPEN) && e.tolerated() ? e.state() + ", tolerated" : e.state();
    }

    private static String by(Entry e) {
        return e.sink().isEmpty() ? e.stage() : e.stage() + " " + e.sink();
    }

    static Map<String, Object> json(Entry e) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", e.id());
        json.put("pipeline", e.pipeline());
        json.put("state", e.state());
        json.put("tolerated", e.tolerated());
        json.put("stage", e.stage());
        json.put("sink", e.sink());
        json.put("key", e.key().orElse(null));
        json.put("object", e.origin().object());
        json.put("line", e.origin().line());
        json.put("reason", e.reason());
        json.put("content", e.content());
        json.put("runId", e.run());
        json.put("attempts", e.attempts());
        json.put("updated", e.updated().toString());
        return json;
    }

    @Command(
            name = "list",
            description = "Show the open letters, or those in another state.",
            footer = {"", "Example: " + Launcher.CARAVAN + " dead-letters list --pipeline personalization --limit 100"})
    private static final class ListThem implements Callable<Integer> {

        private final DeadLettersCommand parent;

        @Mixin
        private final Common common = new Common();

        @Option(
                names = "--limit",
                paramLabel = "<n>",
                defaultValue = "" + DEFAULT_LIMIT,
                description = "At most so many, 1 to 100000 [${DEFAULT-VALUE}].")
        private int limit;

        @Option(
                names = "--state",
                paramLabel = "<state>",
                defaultValue = DeadLetters.OPEN,
                description = "Those that are open, accepted, discarded, delivered, gone, or any [${DEFAULT-VALUE}].")
        private String state;

        ListThem(DeadLettersCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            return parent.list(parent.json(common), state, limit);
        }
    }

    @Command(
            name = "show",
            description = "Show one letter with its record, as it was read; what is sealed stays so.",
            footer = {"", "Example: " + Launcher.CARAVAN + " dead-letters show 17"})
    private static final class Show implements Callable<Integer> {

        private final DeadLettersCommand parent;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<id>", description = "The letter, as list shows it.")
        private long id;

        @Option(
                names = "--decrypt",
                description =
                        "Open what the keys of caravan.encryption.keysFile sealed: personal data will be on the screen.")
        private boolean decrypt;

        Show(DeadLettersCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            Entry entry = parent.letter(id);
            Map<String, Object> letter = json(entry);
            Terminal terminal = parent.shell.terminal();
            if (decrypt) letter.put("content", opened(entry));
            if (parent.json(common)) {
                terminal.json(letter);
            } else {
                Table table = new Table("letter", String.valueOf(id));
                letter.forEach((name, value) -> {
                    if (value != null && !name.equals("id")) table.row(name, value);
                });
                terminal.print(table);
            }
            return Exit.SUCCEEDED;
        }

        private String opened(Entry entry) {
            SealedLetter sealed = new SealedLetter(
                    KeysCommand.registry(parent.shell, null).read(),
                    SealingPipelines.contexts(parent.shell.pipelines(), entry.pipeline()));
            String opened = sealed.opened(entry.content());
            if (sealed.closed() > 0) {
                parent.shell
                        .terminal()
                        .error("dead-letters: the letter's sealed values must open by a key of the registry, got "
                                + sealed.closed()
                                + " that do not: their key was retired, or they are of another registry");
            }
            return opened;
        }
    }
}
