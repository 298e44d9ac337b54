package io.caravan.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.cli.JobFiles.KnownJob;
import io.caravan.dataset.DatasetFile;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Flow;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pipelines that ship and those of the project, read from their route files without starting anything. */
final class Pipelines {

    /**
     * A pipeline: a route that begins with a source Kamelet which names it, or one that begins with {@code direct:<pipeline>} and is
     * of group {@code pipeline} or a chain, as it calls pipelines by {@code pipeline-action}.
     *
     * @param routes what to load to run it
     * @param features whose {@code caravan.<feature>.uri} its routes use, and the ledger; {@code warehouse.kind} where they use
     *     the kind of store that is chosen
     * @param phases of a chain the pipelines and chains that it calls, in order
     * @param flowSetting the setting by whose value its runs are told apart; blank where it is one flow
     * @param flow the value that is meant; blank for what the settings say
     */
    record Pipeline(
            String name,
            String description,
            List<String> routes,
            Set<String> features,
            List<String> phases,
            String flowSetting,
            String flow) {

        boolean isChain() {
            return !phases.isEmpty();
        }

        /** Under which name the ledger has what it did: {@code name} or {@code name[flow]}. */
        String ledgerName() {
            return Flow.named(name, flow);
        }

        /** What makes its runs those of the flow that is meant. */
        Map<String, String> settings() {
            return flow.isEmpty() ? Map.of() : Map.of(flowSetting, flow);
        }

        private Pipeline ofFlow(String value) {
            new SettingChecks("caravan")
                    .must(!flowSetting.isEmpty(), "pipeline", "be one with flows, and " + name + " is none", value)
                    .check();
            return new Pipeline(name, description, routes, features, phases, flowSetting, value);
        }
    }

    private static final String GROUP = "pipeline";
    private static final String DIRECT = "direct:";
    private static final Pattern ACTION = Pattern.compile("kamelet:pipeline-action([?/].*)?");
    private static final Pattern IN_URI = Pattern.compile("[?&]pipeline=([^&]+)");
    private static final Pattern USED = Pattern.compile("\\{\\{\\??caravan\\.(\\w+)(?:\\.uri|(\\.kind))");
    private static final Pattern SETTING = Pattern.compile("\\{\\{(caravan\\.[\\w.-]+)}}");
    private static final Pattern CALLED = Pattern.compile("\\bdirect:([\\w.-]+)");
    private static final Pattern BEGINS = Pattern.compile("\\bfrom:\\s+uri: direct:([\\w.-]+)");
    private static final Pattern DESCRIBED = Pattern.compile("(?m)^description: (.+)$");
    private static final String ERRORS = "classpath:routes/errors" + RouteFile.SUFFIX;
    private static final String LETTERS = "classpath:routes/dead-letters" + RouteFile.SUFFIX;

    /** {@code folder}: as Camel is told, with the files beside it; {@code line}: where it is named. */
    private record Found(
            String name,
            String description,
            String file,
            int line,
            String folder,
            List<String> phases,
            String flowSetting) {}

    /** A name that is taken, and the file and line in which it is one too many. */
    record Clash(String file, int line, String sentence) {}

    private final Map<String, Pipeline> pipelines = new TreeMap<>();
    private final Map<String, Found> found = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<Clash> clashes = new ArrayList<>();
    /** Routes that begin with {@code direct} and are no pipelines, by what stands behind it. */
    private final Map<String, Found> called = new TreeMap<>();

    private final List<RouteFile> files;
    private final List<FoundFile> datasets = new ArrayList<>();
    private final Map<String, KnownJob> jobs = new TreeMap<>();

    private Pipelines(List<RouteFile> files) {
        this.files = files;
    }

    /** Those below a folder of the class path, {@code <root>/<folder>/*.camel.yaml}, and those of a project's folders. */
    static Pipelines in(String root, Path... folders) {
        return in(root, List.of(), List.of(), folders);
    }

    /**
     * The same with the datasets in {@code <root>/series/datasets} and the jobs below {@code <root>}, and those in these folders.
     * One of a folder stands for the one that ships with its name: who comes from the reference system has those too.
     */
    static Pipelines in(String root, List<Path> datasets, List<Path> jobs, Path... folders) {
        List<RouteFile> shipped = RouteFile.shipped(root);
        List<RouteFile> own = new ArrayList<>();
        for (Path folder : folders) own.addAll(RouteFile.below(folder));
        Pipelines pipelines =
                new Pipelines(Stream.concat(shipped.stream(), own.stream()).toList());
        shipped.stream().filter(file -> !file.top()).forEach(pipelines::findShipped);
        own.forEach(pipelines::find);
        pipelines.called.values().forEach(pipelines::mustBeFree);
        pipelines.found.values().forEach(f -> pipelines.pipelines.put(f.name(), pipelines.pipeline(f)));
        List<FoundFile> ofFolders = new ArrayList<>();
        for (Path folder : datasets) ofFolders.addAll(DatasetFiles.in(folder));
        Set<String> theirs = ofFolders.stream().map(DatasetFiles::nameOf).collect(Collectors.toSet());
        DatasetFiles.shipped(root).stream()
                .filter(file -> !theirs.contains(DatasetFile.nameOf(file.name())))
                .forEach(pipelines::shippedDataset);
        ofFolders.forEach(pipelines::dataset);
        JobFiles.in(root, jobs).forEach(pipelines::job);
        return pipelines;
    }

    /** Every folder with routes, as patterns: Camel finds the files below {@code **} of a folder, but not of a jar. */
    List<String> everyRoute() {
        refuseClashes();
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        Stream<String> datasets =
                this.datasets.stream().map(FoundFile::location).map(DatasetFiles.SCHEME::concat);
        return Stream.concat(files.stream().map(RouteFile::folder), datasets)
                .distinct()
                .toList();
    }

    List<Pipeline> all() {
        refuseClashes();
        return List.copyOf(pipelines.values());
    }

    /** The files that were looked at, those that ship first. */
    List<RouteFile> files() {
        return files;
    }

    /** The files of datasets, those that ship first. */
    List<FoundFile> datasets() {
        return datasets;
    }

    /** The jobs, right or wrong. */
    List<KnownJob> jobs() {
        refuseClashes();
        return List.copyOf(jobs.values());
    }

    /** The job of that name, right or wrong; empty when there is none. */
    Optional<KnownJob> job(String name) {
        return jobs().stream().filter(job -> job.name().equals(name)).findFirst();
    }

    /** The same, also where a name is taken. */
    Collection<KnownJob> jobFiles() {
        return jobs.values();
    }

    /** What stands behind {@code direct:} where routes begin that are no pipelines. */
    Set<String> called() {
        return called.keySet();
    }

    /** Names that are taken: with one, there is no telling which pipeline is meant, and every other question is refused. */
    List<Clash> clashes() {
        return clashes;
    }

    private void refuseClashes() {
        if (!clashes.isEmpty()) {
            throw new ConfigurationException(
                    clashes.stream().map(Clash::sentence).toList());
        }
    }

    /** Whether a pipeline is a dataset. */
    static boolean isDataset(Pipeline pipeline) {
        return pipeline.routes().get(0).startsWith(DatasetFiles.SCHEME);
    }

    /** What is wrong with files, which therefore have no pipelines here. */
    List<String> problems() {
        return problems;
    }

    /** The pipeline of that name; {@code name[flow]} is one flow of it. */
    Pipeline named(String name) {
        refuseClashes();
        Pipeline pipeline = pipelines.get(name);
        if (pipeline != null) return pipeline;
        Matcher flow = Flow.PARTED.matcher(name);
        if (flow.matches() && pipelines.containsKey(flow.group(1)))
            return pipelines.get(flow.group(1)).ofFlow(flow.group(2));
        List<String> sentences = new ArrayList<>();
        if (jobs.containsKey(name)) {
            throw new ConfigurationException("caravan: pipeline must be no job, got '" + name
                    + "'; what a job would do says " + Launcher.command("run " + name + " --dry-run"));
        }
        sentences.add("caravan: pipeline must be one of " + String.join(", ", pipelines.keySet()) + ", got '" + name
                + "'" + Nearest.hint(name, pipelines.keySet()));
        sentences.addAll(problems);
        throw new ConfigurationException(sentences);
    }

    /**
     * Of a file that ships without a pipeline only where its routes begin: YAML costs a new JVM a fifth of a short command, and what
     * ships is written in one way.
     */
    private void findShipped(RouteFile file) {
        if (file.text().contains("pipeline")) {
            find(file);
            return;
        }
        BEGINS.matcher(file.text()).results().map(begin -> begin.group(1)).forEach(name -> {
            int line = lineOf(name, true, file.text());
            called.putIfAbsent(name, new Found(name, "", file.name(), line, file.folder(), List.of(), ""));
        });
    }

    private void find(RouteFile file) {
        JsonNode items;
        try {
            items = new ObjectMapper(new YAMLFactory()).readTree(file.text());
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            problems.add(file.name() + (at == null ? "" : ":" + at.getLineNr()) + ": must be YAML, got "
                    + e.getOriginalMessage().lines().findFirst().orElse("another text"));
            return;
        }
        for (JsonNode item : items) {
            JsonNode route = item.path("route");
            String from = route.at("/from/uri").asText();
            String name = route.at("/from/parameters/pipeline").asText();
            List<String> phases = new ArrayList<>();
            phases(route, phases);
            boolean named = route.path("group").asText().equals(GROUP) || !phases.isEmpty();
            boolean direct = from.startsWith(DIRECT);
            if (direct) name = from.substring(DIRECT.length());
            else if (name.isEmpty() || !from.startsWith("kamelet:")) continue;
            String description = route.path("description").asText();
            Matcher flow = SETTING.matcher(route.at("/from/parameters/flow").asText());
            Found one = new Found(
                    name,
                    description,
                    file.name(),
                    lineOf(name, direct, file.text()),
                    file.folder(),
                    phases,
                    flow.matches() ? flow.group(1) : "");
            if (direct && !named) called.putIfAbsent(name, one);
            else add(one);
        }
    }

    /** Where a route says its name: as that of its pipeline, or where it begins. */
    private static int lineOf(String name, boolean direct, String text) {
        String said = Pattern.quote(name) + "(?![\\w.-])";
        Matcher matcher = Pattern.compile(
                        direct ? "uri[\"']?:\\s*[\"']?direct:" + said : "pipeline[\"']?:\\s*[\"']?" + said)
                .matcher(text);
        return matcher.find()
                ? 1
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                : 1;
    }

    /** What a route calls by {@code pipeline-action}, in order. */
    private static void phases(JsonNode node, List<String> phases) {
        called(
                node.path("to").isTextual()
                        ? node.path("to").asText()
                        : node.path("uri").asText(),
                node,
                phases);
        called("kamelet:" + node.at("/kamelet/name").asText(), node.path("kamelet"), phases);
        node.forEach(child -> phases(child, phases));
    }

    private static void called(String uri, JsonNode node, List<String> phases) {
        if (!ACTION.matcher(uri).matches()) return;
        Matcher inUri = IN_URI.matcher(uri);
        String pipeline =
                inUri.find() ? inUri.group(1) : node.at("/parameters/pipeline").asText();
        if (!pipeline.isEmpty()) phases.add(pipeline);
    }

    /** The pipelines that a chain calls, and those that the chains among them call. */
    List<Pipeline> phasesOf(Pipeline chain) {
        return phasesOf(chain, List.of(chain.name()));
    }

    /** Under which names the ledger has what a pipeline did: its own, or of a chain those of its phases. */
    List<String> namesOf(Pipeline pipeline) {
        if (!pipeline.isChain()) return List.of(pipeline.ledgerName());
        return phasesOf(pipeline).stream().map(Pipeline::name).distinct().toList();
    }

    /** The names of a chain's phases; empty where there is no chain of that name. */
    List<String> phasesOfChain(String name) {
        return all().stream()
                .filter(p -> p.name().equals(name) && p.isChain())
                .findFirst()
                .map(this::namesOf)
                .orElse(List.of());
    }

    private List<Pipeline> phasesOf(Pipeline chain, List<String> way) {
        List<Pipeline> phases = new ArrayList<>();
        for (String name : chain.phases()) {
            List<String> on = Stream.concat(way.stream(), Stream.of(name)).toList();
            if (way.contains(name))
                throw new ConfigurationException(SettingChecks.sentence(
                        "pipeline-action", "pipeline", "not lead to itself: " + String.join(" -> ", on), name));
            Pipeline phase = named(name);
            if (phase.isChain()) phases.addAll(phasesOf(phase, on));
            else phases.add(phase);
        }
        return phases;
    }

    /** One that ships is called like its file, and is right. */
    private void shippedDataset(FoundFile file) {
        datasets.add(file);
        Matcher described = DESCRIBED.matcher(file.text());
        dataset(file, DatasetFile.nameOf(file.name()), described.find() ? described.group(1) : "");
    }

    /** A file that is wrong has no pipeline, as one that is no YAML. */
    private void dataset(FoundFile file) {
        datasets.add(file);
        DatasetFile.Found read = DatasetFile.read(file.name(), file.text());
        read.problems().forEach(problem -> problems.add(problem.toString()));
        read.dataset().ifPresent(dataset -> dataset(file, dataset.id(), dataset.description()));
    }

    private void dataset(FoundFile file, String name, String description) {
        String routes = DatasetFiles.SCHEME + file.location();
        add(new Found(name, description, file.name(), 1, routes, List.of(), ""));
        pipelines.putIfAbsent(
                name,
                new Pipeline(name, description, List.of(routes, ERRORS, LETTERS), Set.of("ledger"), List.of(), "", ""));
    }

    private void job(KnownJob job) {
        add("job", new Found(job.name(), "", job.file().name(), 1, "", List.of(), ""));
        jobs.putIfAbsent(job.name(), job);
    }

    private void add(Found one) {
        add("pipeline", one);
    }

    private void add(String kind, Found one) {
        String name = one.name();
        if (Cli.COMMANDS.contains(name)) {
            clashes.add(new Clash(
                    one.file(),
                    one.line(),
                    "caravan: " + kind + " '" + name + "' must not be called like a command, got it in " + one.file()
                            + "; rename it"));
        }
        Found other = found.putIfAbsent(name, one);
        if (other != null) {
            clashes.add(new Clash(
                    one.file(),
                    one.line(),
                    "caravan: " + kind + " '" + name + "' must be there once, got it in " + other.file() + " and "
                            + one.file() + "; rename one"));
        }
    }

    /** A pipeline, chain or dataset begins with {@code direct:<name>} too. */
    private void mustBeFree(Found route) {
        Found other = found.get(route.name());
        if (other == null) return;
        clashes.add(new Clash(
                route.file(),
                route.line(),
                "caravan: direct:" + route.name() + " must begin the pipeline of that name alone, got it in "
                        + other.file() + " and at the beginning of another route in " + route.file() + "; rename one"));
    }

    /** Its own folder is loaded, and those of the pipelines that it calls. */
    private Pipeline pipeline(Found first) {
        Set<String> folders = new LinkedHashSet<>();
        Set<String> features = new LinkedHashSet<>(Set.of("ledger"));
        Deque<Found> ahead = new ArrayDeque<>(List.of(first));
        while (!ahead.isEmpty()) {
            Found one = ahead.pop();
            String folder = one.folder();
            if (!folders.add(folder)) continue;
            for (RouteFile file : files) {
                if (!file.folder().equals(folder)) continue;
                Matcher used = USED.matcher(file.text());
                while (used.find()) features.add(used.group(1) + Objects.toString(used.group(2), ""));
                Matcher called = CALLED.matcher(file.text());
                chainsOf(file).forEach(ahead::add);
                while (called.find())
                    Optional.ofNullable(found.get(called.group(1))).ifPresent(ahead::add);
            }
        }
        List<String> routes = new ArrayList<>(folders);
        routes.add(ERRORS);
        routes.add(LETTERS);
        return new Pipeline(
                first.name(), first.description(), routes, features, first.phases(), first.flowSetting(), "");
    }

    /** What the chains of a file call. */
    private Stream<Found> chainsOf(RouteFile file) {
        return found.values().stream()
                .filter(chain -> chain.file().equals(file.name()))
                .flatMap(chain -> chain.phases().stream())
                .flatMap(phase -> Optional.ofNullable(found.get(phase)).stream());
    }
}
