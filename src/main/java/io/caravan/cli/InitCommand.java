package io.caravan.cli;

import io.caravan.cli.SettingFiles.Layer;
import io.caravan.cli.SettingFiles.Setting;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.project.NewFiles;
import io.caravan.project.NewProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description =
                "Make a project: a folder with a pipeline, its table, sample data, a test and settings, which run at once.",
        footer = {"", "Example: ./caravan init my-project && cd my-project && caravan run orders"})
final class InitCommand implements Callable<Integer> {

    private static final String SAMPLE = "orders";

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

    @Option(names = "--name", paramLabel = "<pipeline>", description = "The name of the pipeline; orders without.")
    private String name;

    /** {@code caller}: the folder that relative paths on the command line start from. */
    InitCommand(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    @Override
    public Integer call() {
        String pipeline = name == null ? SAMPLE : name;
        checkName(pipeline);
        Path into = folder == null ? caller : caller.resolve(folder).normalize();
        boolean more = folder == null && name != null && isProject(caller);
        if (!more) checkEmpty(into);
        Path called = into.toAbsolutePath().normalize().getFileName();
        NewFiles files = more
                ? NewProject.pipeline(pipeline)
                : NewProject.of(called == null ? "project" : called.toString(), pipeline);
        files.writeTo(into);
        say(into, pipeline, files);
        return Exit.SUCCEEDED;
    }

    private void say(Path into, String pipeline, NewFiles files) {
        List<String> paths =
                Stream.concat(files.paths().stream(), files.appended().stream()).toList();
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("folder", into.toString());
            json.put("pipeline", pipeline);
            json.put("files", paths);
            shell.terminal().json(json);
            return;
        }
        shell.terminal().out().println("Made in " + Terminal.harmless(into.toString()) + ":");
        files.paths().forEach(path -> shell.terminal().out().println("  " + path));
        files.appended().forEach(path -> shell.terminal().out().println("  " + path + " (added to its end)"));
        String go = into.equals(caller)
                ? ""
                : "cd " + Terminal.harmless(caller.relativize(into).toString()) + " && ";
        shell.terminal().out().println("Next: " + go + "caravan run " + pipeline);
    }

    private void checkEmpty(Path into) {
        boolean usable;
        try (Stream<Path> in = Files.isDirectory(into) ? Files.list(into) : Stream.empty()) {
            usable = in.findFirst().isEmpty() && (Files.isDirectory(into) || !Files.exists(into));
        } catch (IOException e) {
            usable = false;
        }
        if (!usable) {
            throw new ConfigurationException(Settings.sentence("init", "the folder", "be new or empty", into.toString())
                    + "; name another: ./caravan init my-project");
        }
    }

    private static boolean isProject(Path folder) {
        return Files.isDirectory(folder.resolve("routes")) || Files.isRegularFile(folder.resolve(SettingFiles.SHIPPED));
    }

    /** It is part of file names, of settings and of the command line. */
    private void checkName(String pipeline) {
        new Settings("init")
                .must(
                        pipeline.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") && pipeline.length() <= 50,
                        "--name",
                        "be small letters, digits and single hyphens, at most 50, the first a letter",
                        pipeline)
                .check();
        boolean taken = shell.pipelines().all().stream().anyMatch(p -> p.name().equals(pipeline));
        try {
            Layer shipped = SettingFiles.shipped();
            String setting = "caravan." + pipeline + ".input";
            SettingNames.check(
                    new Layer(SettingFiles.SHIPPED, Map.of(setting, new Setting("", "", ""))),
                    shipped.settings().keySet());
        } catch (ConfigurationException e) {
            taken = true;
        }
        new Settings("init")
                .must(
                        !taken,
                        "--name",
                        "not be that of a pipeline or of settings of Caravan's own, nor nearly",
                        pipeline)
                .check();
    }
}
