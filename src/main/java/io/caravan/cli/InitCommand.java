package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.project.CsvWishes;
import io.caravan.project.DataProject;
import io.caravan.project.DataProject.Guess;
import io.caravan.project.NewFiles;
import io.caravan.project.NewJobFiles;
import io.caravan.project.NewProject;
import io.caravan.project.ReadSettings;
import io.caravan.project.WebData;
import io.caravan.settings.SettingFiles;
import io.caravan.settings.SettingFiles.Layer;
import io.caravan.settings.SettingFiles.Setting;
import io.caravan.settings.SettingNames;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description =
                "Make a project: a folder with a pipeline, its table, sample data, a test and settings, which run at once.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " init my-project && cd my-project && caravan run orders",
            "For data of yours: " + Launcher.CARAVAN + " init --from data.csv"
        })
final class InitCommand implements Callable<Integer> {

    private static final String SAMPLE = "orders";
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

    private final Shell shell;
    private final Path caller;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            arity = "0..1",
            paramLabel = "<folder>",
            description =
                    "A new or empty one. Without it, the present folder if it is empty; a project gets one more pipeline.")
    private String folder;

    @Option(
            names = "--name",
            paramLabel = "<pipeline>",
            description = "The name of the pipeline; without, that of the data, or orders.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "<data>",
            description =
                    "Make the pipeline for this data: a file (.csv, .tsv, .jsonl, .json, .xlsx, .parquet) or an http(s) URL of"
                            + " one or of a JSON API. Names, types and key are guessed.")
    private String from;

    @Option(
            names = "--key",
            split = ",",
            paramLabel = "<field>",
            description = "What identifies a record of the data, comma separated; without it is guessed.")
    private List<String> key;

    @Option(
            names = "--header",
            paramLabel = "first|none",
            description = "Of CSV: whether the first row holds the names of the columns; without it is guessed.")
    private String header;

    @Option(
            names = "--index-column",
            paramLabel = "<name>",
            description =
                    "Of CSV: what a first column is called that has no name, as the index that pandas writes; ignore, the"
                            + " default, leaves it out.")
    private String indexColumn;

    @Option(
            names = "--read",
            paramLabel = "<setting=value>",
            description =
                    "How the data is read where it is not written as usual, a setting of objects-source: charset=windows-1252,"
                            + " headerRow=4, escape=\\\\, trim=true, ...; may be repeated.")
    private Map<String, String> read;

    @Option(
            names = "--job",
            paramLabel = "<job>",
            description = "Make a job instead, with a function in Java and a test, in the present folder.")
    private String job;

    /** {@code caller}: the folder that relative paths on the command line start from. */
    InitCommand(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    @Override
    public Integer call() throws Exception {
        new SettingChecks("init")
                .must(key == null || from != null, "--key", "be given with --from only", key)
                .must(header == null || from != null, "--header", "be given with --from only", header)
                .must(indexColumn == null || from != null, "--index-column", "be given with --from only", indexColumn)
                .must(read == null || from != null, "--read", "be given with --from only", read)
                .must(job == null || from == null && name == null, "--job", "be given without --from and --name", job)
                .check();
        if (job != null) {
            job();
        } else if (from == null) {
            sample(name == null ? SAMPLE : name);
        } else if (SCHEME.matcher(from).matches()) {
            new SettingChecks("init")
                    .must(
                            from.matches("(?i)https?://.+"),
                            "--from",
                            "be a file or an http(s) URL; of a bucket, fetch one of its"
                                    + " files, and set the setting input to the bucket afterwards",
                            from)
                    .check();
            fromWeb();
        } else {
            Path file = caller.resolve(from).normalize();
            fromData(file, Optional.empty(), DataProject.name(String.valueOf(file.getFileName())));
        }
        return Exit.SUCCEEDED;
    }

    private void sample(String pipeline) {
        checkName(pipeline);
        boolean more = folder == null && name != null && isProject(caller);
        Path into = folder == null ? caller : caller.resolve(folder).normalize();
        if (!more) checkEmpty(into);
        NewFiles files = more ? NewProject.pipeline(pipeline) : NewProject.of(called(into), pipeline);
        files.writeTo(into);
        say(into, "pipeline", pipeline, files, List.of(), List.of());
    }

    private void job() {
        checkName("--job", job);
        Path into = folder == null ? caller : caller.resolve(folder).normalize();
        NewFiles files = NewJobFiles.of(job);
        files.writeTo(into);
        say(into, "job", job, files, List.of(), List.of());
    }

    private void fromWeb() throws Exception {
        WebData web = WebData.of(address());
        try {
            String last = WebData.name(web.url());
            fromData(
                    web.file(),
                    Optional.of(web),
                    DataProject.name(last.isEmpty() ? web.url().getHost() : last));
        } finally {
            Files.deleteIfExists(web.file());
            Files.deleteIfExists(web.file().getParent());
        }
    }

    private URI address() {
        try {
            return new URI(from);
        } catch (URISyntaxException e) {
            throw new ConfigurationException(SettingChecks.sentence("init", "--from", "be a URL", from));
        }
    }

    /** Into a project that is there, else into a new folder. */
    private void fromData(Path data, Optional<WebData> web, String standardName) {
        String pipeline = name == null ? standardName : name;
        checkName(pipeline);
        boolean more = folder == null && isProject(caller);
        Path into = folder != null ? caller.resolve(folder).normalize() : more ? caller : caller.resolve(pipeline);
        if (!more) checkEmpty(into);
        DataProject.Made made = new DataProject(
                        pipeline,
                        data,
                        web,
                        key == null ? List.of() : key,
                        new CsvWishes(Optional.ofNullable(header), Optional.ofNullable(indexColumn)),
                        ReadSettings.of(read == null ? Map.of() : read))
                .made(more ? Optional.empty() : Optional.of(called(into)));
        made.files().writeTo(into);
        say(into, "pipeline", pipeline, made.files(), made.guesses(), made.notes());
    }

    private static String called(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "project" : name.toString();
    }

    private void say(Path into, String kind, String pipeline, NewFiles files, List<Guess> guesses, List<String> notes) {
        if (common.json()) {
            shell.terminal().json(json(into, kind, pipeline, files, guesses, notes));
            return;
        }
        Terminal terminal = shell.terminal();
        if (!guesses.isEmpty()) {
            Table table = new Table("column", "key", "type: why");
            for (Guess guess : guesses) table.row(guess.column(), guess.key() ? "key" : "", guess.why());
            terminal.print(table);
        }
        notes.forEach(note -> terminal.out().println(Terminal.harmless(note)));
        terminal.out().println("Made in " + Terminal.harmless(into.toString()) + ":");
        files.paths().forEach(path -> terminal.out().println("  " + Terminal.harmless(path)));
        files.appended().forEach(path -> terminal.out().println("  " + path + " (added to its end)"));
        String go = into.equals(caller)
                ? ""
                : "cd " + Terminal.harmless(caller.relativize(into).toString()) + " && ";
        String first = kind.equals("job")
                ? "caravan test " + pipeline + " && "
                : guesses.isEmpty() ? "" : "caravan preview " + pipeline + " && ";
        String told = kind.equals("job") ? " -- --name you" : "";
        terminal.out().println("Next: " + go + first + "caravan run " + pipeline + told);
    }

    private static Map<String, Object> json(
            Path into, String kind, String pipeline, NewFiles files, List<Guess> guesses, List<String> notes) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folder", into.toString());
        json.put(kind, pipeline);
        json.put(
                "files",
                Stream.concat(files.paths().stream(), files.appended().stream()).toList());
        if (guesses.isEmpty()) return json;
        List<Map<String, Object>> columns = new ArrayList<>();
        for (Guess guess : guesses) {
            Map<String, Object> column = new LinkedHashMap<>();
            column.put("column", guess.column());
            column.put("type", guess.type());
            column.put("key", guess.key());
            column.put("why", guess.why());
            columns.add(column);
        }
        json.put("columns", columns);
        json.put("notes", notes);
        return json;
    }

    private void checkEmpty(Path into) {
        boolean usable;
        try (Stream<Path> in = Files.isDirectory(into) ? Files.list(into) : Stream.empty()) {
            usable = in.findFirst().isEmpty() && (Files.isDirectory(into) || !Files.exists(into));
        } catch (IOException e) {
            usable = false;
        }
        if (!usable) {
            throw new ConfigurationException(
                    SettingChecks.sentence("init", "the folder", "be new or empty", into.toString())
                            + "; name another: " + Launcher.command("init my-project"));
        }
    }

    private static boolean isProject(Path folder) {
        return Files.isDirectory(folder.resolve("routes")) || Files.isRegularFile(folder.resolve(SettingFiles.SHIPPED));
    }

    /** It is part of file names, of settings and of the command line. */
    private void checkName(String pipeline) {
        checkName("--name", pipeline);
    }

    private void checkName(String option, String pipeline) {
        new SettingChecks("init")
                .must(
                        pipeline.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") && pipeline.length() <= 50,
                        option,
                        "be small letters, digits and single hyphens, at most 50, the first a letter",
                        pipeline)
                .check();
        boolean taken = Cli.COMMANDS.contains(pipeline)
                || shell.pipelines().job(pipeline).isPresent()
                || shell.pipelines().all().stream().anyMatch(p -> p.name().equals(pipeline));
        try {
            Layer shipped = SettingFiles.shipped();
            String setting = "caravan." + pipeline + ".input";
            SettingNames.check(
                    new Layer(SettingFiles.SHIPPED, Map.of(setting, new Setting("", "", ""))),
                    shipped.settings().keySet());
        } catch (ConfigurationException e) {
            taken = true;
        }
        new SettingChecks("init")
                .must(
                        !taken,
                        option,
                        "not be that of a pipeline, of a job, of a command or of settings of Caravan's own, nor nearly; choose another",
                        pipeline)
                .check();
    }
}
