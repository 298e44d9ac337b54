package io.caravan.cli;

import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.encryption.KeysJson.Version;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

@Command(
        name = "keys",
        description = "Show and change the keys by which fields are sealed; no key is ever shown; list without more.",
        footer = {"", "Example: " + Launcher.CARAVAN + " keys rotate"})
final class KeysCommand implements Callable<Integer> {

    private static final String SETTING = "caravan.encryption.keysFile";

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--file",
            scope = ScopeType.INHERIT,
            paramLabel = "<file>",
            description = "The registry; by default the one that " + SETTING + " names.")
    private String file;

    private KeysCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all its verbs. */
    static CommandLine commandLine(Shell shell) {
        KeysCommand command = new KeysCommand(shell);
        return new CommandLine(command)
                .addSubcommand(new ListThem(command))
                .addSubcommand(new Add(command))
                .addSubcommand(new Promote(command))
                .addSubcommand(new KeysRotateCommand(shell, command))
                .addSubcommand(new KeysRetireCommand(shell, command));
    }

    boolean json(Common ofVerb) {
        return ofVerb.json() || common.json();
    }

    KeysFile keys() {
        return registry(shell, file);
    }

    /** The registry in a file, or without one that of the settings. */
    static KeysFile registry(Shell shell, String file) {
        if (file == null) shell.configuration().changes(); // a registry in a variable becomes a file
        String named = file == null ? shell.setting(SETTING) : file;
        if (named.isBlank()) {
            throw new ConfigurationException(
                    "keys: " + SETTING + " must name a file, got ''; set it, or say --file <file>");
        }
        return new KeysFile(Path.of(SettingFile.located(named)));
    }

    /** Changes the registry; one that stands in a variable cannot be. */
    <T> T change(Optional<KeysJson> fresh, Function<KeysJson, T> change) {
        boolean ofVariable = shell.configuration().effective().stream()
                .anyMatch(s -> s.name().equals(SETTING) && s.value().startsWith("(a file with"));
        if (file == null && ofVariable) {
            throw new ConfigurationException("keys: " + SETTING
                    + " must name a file of yours to be changed, got one that a variable holds; write it to a file, change that by"
                    + " --file, and put it back");
        }
        return keys().change(fresh, change);
    }

    /** Says in words, or as JSON, what was done to a version. */
    int said(Common ofVerb, int version, String done, String sentence) {
        if (json(ofVerb)) shell.terminal().json(Map.of("version", version, "done", done));
        else shell.terminal().out().println(sentence);
        return Exit.SUCCEEDED;
    }

    @Override
    public Integer call() {
        return list(common.json());
    }

    private int list(boolean json) {
        shell.configuration().changes(); // a registry in a variable becomes a file
        KeysJson keys = keys().read();
        if (json) {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Version v : keys.versions()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("version", v.version());
                one.put("state", v.state());
                one.put("created", v.created());
                all.add(one);
            }
            shell.terminal().json(all);
            return Exit.SUCCEEDED;
        }
        Table table = new Table(">version", "state", "created");
        keys.versions().forEach(v -> table.row(v.version(), v.state(), v.created()));
        shell.terminal().print(table);
        if (!keys.fernet().isEmpty()) {
            shell.terminal().out().println("Fernet keys, which open only: " + String.join(", ", keys.fernet()));
        }
        shell.terminal()
                .out()
                .println(
                        keys.cleartext()
                                ? "The keys stand in clear."
                                : "The keys are wrapped by a key management service.");
        return Exit.SUCCEEDED;
    }

    @Command(
            name = "list",
            description =
                    "Show versions and their states: one is primary and seals, others open, retired ones are forgotten.",
            footer = {"", "Example: " + Launcher.CARAVAN + " keys list"})
    private static final class ListThem implements Callable<Integer> {

        private final KeysCommand parent;

        @Mixin
        private final Common common = new Common();

        ListThem(KeysCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            return parent.list(parent.json(common));
        }
    }

    @Command(
            name = "add",
            description =
                    "Make a new key, and the registry where there is none; it opens, and the first one seals too.",
            footer = {"", "Example: " + Launcher.CARAVAN + " keys add"})
    private static final class Add implements Callable<Integer> {

        private final KeysCommand parent;

        @Mixin
        private final Common common = new Common();

        @Option(
                names = "--kms",
                paramLabel = "<uri>",
                description =
                        "Of a new registry: wrap its keys by this key of a key management service, aws-kms://... or gcp-kms://...")
        private String kms;

        @Option(
                names = "--fernet",
                paramLabel = "<file>",
                description = "Take over the keys of another system's registry, which open its Fernet values.")
        private Path fernet;

        Add(KeysCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            if (kms != null && parent.keys().exists()) {
                throw new ConfigurationException("keys add: --kms must be of a new registry, got one that is there");
            }
            int version = parent.change(Optional.of(KeysJson.empty(Optional.ofNullable(kms))), keys -> {
                if (fernet != null) keys.openAlso(new KeysFile(fernet).read());
                int added = keys.add();
                return keys.primary().equals(Optional.of(added)) ? -added : added;
            });
            int added = Math.abs(version);
            String next = version < 0
                    ? "; it seals"
                    : "; it seals once it is promoted: " + Launcher.command("keys promote " + added);
            return parent.said(common, added, "added", "key " + added + " added" + next);
        }
    }

    @Command(
            name = "promote",
            description = "Let a key seal from the next run on, which seals every record again.",
            footer = {"", "Example: " + Launcher.CARAVAN + " keys promote 2"})
    private static final class Promote implements Callable<Integer> {

        private final KeysCommand parent;

        @Mixin
        private final Common common = new Common();

        @Parameters(paramLabel = "<version>", description = "Its number, as list shows it.")
        private int version;

        Promote(KeysCommand parent) {
            this.parent = parent;
        }

        @Override
        public Integer call() {
            parent.change(Optional.empty(), keys -> {
                keys.promote(version);
                return version;
            });
            return parent.said(common, version, "promoted", "key " + version + " seals from the next run on");
        }
    }
}
