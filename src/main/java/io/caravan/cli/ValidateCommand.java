package io.caravan.cli;

import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.dataset.Dataset;
import io.caravan.dataset.DatasetFile;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.schema.SchemaFile;
import io.caravan.validate.Problem;
import io.caravan.validate.SourceFile;
import io.caravan.validate.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description =
                "Say what is wrong with the files of the project, all at once: routes, Kamelets, descriptions, datasets, jobs,"
                        + " settings."
                        + " Starts nothing and asks no store; that is what check does.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " validate",
            "For an editor: " + Launcher.CARAVAN + " validate --schemas schemas",
            "Exit codes: 0 nothing is wrong, 2 something is."
        })
final class ValidateCommand implements Callable<Integer> {

    private static final String KAMELETS = "kamelets";
    private static final Pattern NAMED_SETTING = Pattern.compile("got '([^']*)'");
    /** The files that {@code --schemas} writes, by where the class path has them. */
    private static final Map<String, String> SCHEMAS = Map.of(
            "dataset.schema.json",
            "/schemas/dataset.schema.json",
            "job.schema.json",
            "/schemas/job.schema.json",
            "data-schema.schema.json",
            "/schemas/data-schema.schema.json",
            "camel-routes.schema.json",
            "/schema/camelYamlDsl.json",
            "warehouse-table.schema.json",
            "/schemas/warehouse-table.schema.json",
            "graph-mapping.schema.json",
            "/schemas/graph-mapping.schema.json",
            "merge-rules.schema.json",
            "/schemas/merge-rules.schema.json",
            "shape-mapping.schema.json",
            "/schemas/shape-mapping.schema.json");

    private final Shell shell;
    private final Path caller;

    @Mixin
    private final Common common = new Common();

    @Parameters(
            arity = "0..*",
            paramLabel = "<pipeline or job>",
            description = "Those whose folders are looked at; without, all files of the project, or those that ship.")
    private List<String> names = List.of();

    @Option(
            names = "--schemas",
            paramLabel = "<folder>",
            description =
                    "Write the JSON Schemas of routes and descriptions into this folder, for an editor, and do no more.")
    private String schemas;

    ValidateCommand(Shell shell, Path caller) {
        this.shell = shell;
        this.caller = caller;
    }

    @Override
    public Integer call() throws IOException {
        if (schemas != null) return writeSchemas(caller.resolve(schemas));
        List<Problem> problems = new ArrayList<>();
        Pipelines pipelines = shell.pipelines();
        Optional<Map<String, String>> settings = settings(problems);
        List<String> named =
                pipelines.datasets().stream().map(DatasetFiles::nameOf).toList();
        Validation validation =
                Validation.of(routes(pipelines, problems), kamelets(pipelines), others(), named, settings, this::shown);
        problems.addAll(validation.problems());
        List<String> datasets = datasets(pipelines, problems);
        List<String> jobs = jobs(pipelines, problems);
        List<String> schemas = schemas(validation.descriptions(), problems);
        if (common.json()) {
            shell.terminal().json(json(problems, validation, datasets, jobs, schemas));
        } else if (problems.isEmpty()) {
            shell.terminal().out().println(said(validation, datasets, jobs, schemas));
        }
        validation.warnings().forEach(warned -> shell.terminal()
                .error(new Problem(warned.file(), warned.line(), warned.column(), "warning: " + warned.sentence())
                        .toString()));
        problems.forEach(problem -> shell.terminal().error(problem.toString()));
        return problems.isEmpty() ? Exit.SUCCEEDED : Exit.WRONG;
    }

    /** Empty when they are wrong themselves. */
    private Optional<Map<String, String>> settings(List<Problem> problems) {
        try {
            return Optional.of(shell.configuration().values());
        } catch (ConfigurationException e) {
            // what is not of a file, such as a wrong --profile, leaves nothing to look at
            if (e.getMessage().lines().anyMatch(line -> !line.contains(".properties: "))) throw e;
            for (String sentence : e.getMessage().lines().toList()) {
                String[] parts = sentence.split(": ", 2);
                problems.add(new Problem(parts[0], lineOf(parts[0], sentence), 0, parts[1]));
            }
            return Optional.empty();
        }
    }

    /** Where a file of settings has the one that a sentence speaks of. */
    private static int lineOf(String file, String sentence) {
        Matcher named = NAMED_SETTING.matcher(sentence);
        if (!named.find()) return 1;
        try {
            List<String> lines = Files.readAllLines(Path.of(System.getProperty("caravan.project", ""), file));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).strip().startsWith(named.group(1))) return i + 1;
            }
        } catch (IOException e) {
            // read once more by those who say that it cannot be read
        }
        return 1;
    }

    private List<SourceFile> routes(Pipelines pipelines, List<Problem> problems) {
        Set<String> folders = new LinkedHashSet<>();
        if (pipelines.clashes().isEmpty()) {
            for (String name : names) {
                if (pipelines.job(name).isPresent()) continue;
                Pipeline pipeline = pipelines.named(name);
                if (!Pipelines.isDataset(pipeline))
                    folders.addAll(
                            pipeline.routes().subList(0, pipeline.routes().size() - 1));
            }
        }
        pipelines.clashes().forEach(c -> problems.add(new Problem(shown(c.file()), c.line(), 0, c.sentence())));
        boolean own = pipelines.files().stream().anyMatch(file -> !file.shipped());
        return pipelines.files().stream()
                .map(file -> new SourceFile(
                        shown(file.name()),
                        file.text(),
                        names.isEmpty() ? !own || !file.shipped() : folders.contains(file.folder())))
                .toList();
    }

    /** Looks at the files of datasets, and tells their names. */
    private List<String> datasets(Pipelines pipelines, List<Problem> problems) {
        boolean own = pipelines.datasets().stream().anyMatch(file -> !file.shipped())
                || pipelines.files().stream().anyMatch(file -> !file.shipped());
        List<String> checked = new ArrayList<>();
        for (FoundFile file : pipelines.datasets()) {
            DatasetFile.Found read = DatasetFile.read(shown(file.name()), file.text());
            String name = read.dataset().map(Dataset::id).orElse(DatasetFile.nameOf(file.name()));
            if (names.isEmpty() ? own && file.shipped() : !names.contains(name)) continue;
            checked.add(name);
            problems.addAll(read.problems());
            read.dataset().ifPresent(d -> d.warnings().forEach(warning -> shell.terminal()
                    .error(shown(file.name()) + ": warning: " + d.id() + ": " + warning)));
        }
        return checked;
    }

    /** Looks at the files of jobs and at what they run, and tells their names. */
    private List<String> jobs(Pipelines pipelines, List<Problem> problems) {
        boolean own = pipelines.jobFiles().stream().anyMatch(job -> !job.file().shipped())
                || pipelines.files().stream().anyMatch(file -> !file.shipped());
        boolean known = pipelines.clashes().isEmpty();
        List<String> checked = new ArrayList<>();
        for (KnownJob job : pipelines.jobFiles()) {
            if (names.isEmpty() ? own && job.file().shipped() : !names.contains(job.name())) continue;
            checked.add(job.name());
            List<Problem> found = known ? new JobCheck(shell).problems(job) : job.problems();
            found.forEach(p -> problems.add(new Problem(shown(p.file()), p.line(), p.column(), p.sentence())));
        }
        return checked;
    }

    /** Looks at the files of schemas that no route names, and tells their names. */
    private List<String> schemas(Set<String> described, List<Problem> problems) throws IOException {
        List<String> checked = new ArrayList<>();
        if (!names.isEmpty()) return checked;
        for (Path path : ProjectFiles.all()) {
            String file = shown(path.toString());
            if (!SchemaFile.isNamed(path.toString()) || described.contains(file)) continue;
            checked.add(SchemaFile.nameOf(file));
            problems.addAll(SchemaFile.read(file, Files.readString(path)).problems());
        }
        return checked;
    }

    /** Those of the project, then those that ship. */
    private List<SourceFile> kamelets(Pipelines pipelines) throws IOException {
        boolean own = pipelines.files().stream().anyMatch(file -> !file.shipped());
        List<SourceFile> kamelets = new ArrayList<>();
        List<String> datasets =
                pipelines.datasets().stream().map(FoundFile::location).toList();
        for (Path file : ProjectFiles.kamelets(datasets).toList()) kamelets.add(read(file));
        try {
            for (String name : RouteFile.resources(KAMELETS)) {
                if (!name.endsWith(ProjectFiles.KAMELET)) continue;
                try (InputStream in = getClass().getResourceAsStream("/" + name)) {
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    kamelets.add(new SourceFile(name, text, names.isEmpty() && !own));
                }
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        return kamelets;
    }

    private List<SourceFile> others() throws IOException {
        List<SourceFile> others = new ArrayList<>();
        for (Path file : ProjectFiles.all()) {
            String name = file.toString();
            if (name.matches("(?s).*\\.ya?ml")
                    && !name.endsWith(ProjectFiles.KAMELET)
                    && !name.endsWith(RouteFile.SUFFIX)) {
                others.add(read(file));
            }
        }
        return others;
    }

    private SourceFile read(Path file) throws IOException {
        return new SourceFile(shown(file.toString()), Files.readString(file), names.isEmpty());
    }

    /** A file as its user would name it in the folder where the command was called. */
    private String shown(String file) {
        String name = file.replaceFirst("^classpath:", "");
        try {
            Path path = caller.resolve(name).normalize();
            Path here = caller.toAbsolutePath().normalize();
            return path.isAbsolute() && path.startsWith(here)
                    ? here.relativize(path).toString()
                    : name;
        } catch (InvalidPathException e) {
            return name;
        }
    }

    private static String said(Validation v, List<String> datasets, List<String> jobs, List<String> schemas) {
        return "nothing is wrong with " + counted(v.routeFiles(), "route file") + ", "
                + counted(v.kamelets(), "Kamelet") + " and "
                + counted(v.descriptions().size(), "description")
                + (v.pipelines().isEmpty() ? "" : " of " + String.join(", ", v.pipelines()))
                + named(datasets, "dataset") + named(jobs, "job") + named(schemas, "schema")
                + "; " + Launcher.command("check") + " asks the stores";
    }

    private static String named(List<String> names, String noun) {
        return names.isEmpty() ? "" : ", and " + counted(names.size(), noun) + ": " + String.join(", ", names);
    }

    private static String counted(int n, String noun) {
        return Figures.count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    private static Map<String, Object> json(
            List<Problem> problems, Validation v, List<String> datasets, List<String> jobs, List<String> schemas) {
        Map<String, Object> checked = new LinkedHashMap<>();
        checked.put("pipelines", v.pipelines());
        checked.put("routeFiles", v.routeFiles());
        checked.put("kamelets", v.kamelets());
        checked.put("descriptions", v.descriptions());
        checked.put("datasets", datasets);
        checked.put("jobs", jobs);
        checked.put("schemas", schemas);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", problems.isEmpty() ? "succeeded" : "failed");
        json.put("problems", problems);
        if (!v.warnings().isEmpty()) json.put("warnings", v.warnings());
        json.put("checked", checked);
        return json;
    }

    private int writeSchemas(Path folder) throws IOException {
        new SettingChecks("validate")
                .must(!Files.exists(folder) || Files.isDirectory(folder), "--schemas", "be a folder", schemas)
                .check();
        Files.createDirectories(folder);
        List<String> written = SCHEMAS.keySet().stream().sorted().toList();
        for (String name : written) {
            try (InputStream in = getClass().getResourceAsStream(SCHEMAS.get(name))) {
                Files.write(folder.resolve(name), in.readAllBytes());
            }
        }
        if (common.json()) shell.terminal().json(Map.of("folder", folder.toString(), "schemas", written));
        else
            written.forEach(name ->
                    shell.terminal().out().println(shown(folder.resolve(name).toString())));
        return Exit.SUCCEEDED;
    }
}
