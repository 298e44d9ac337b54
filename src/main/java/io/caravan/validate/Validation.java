package io.caravan.validate;

import io.caravan.book.MergeRules;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Says what is wrong with the files of a project before anything is started: all problems of all files at once.
 *
 * @param problems by file and line
 * @param warnings what may be meant so, by file and line
 * @param pipelines of the files that were checked
 * @param descriptions the files that they name
 */
public record Validation(
        List<Problem> problems,
        List<Problem> warnings,
        Set<String> pipelines,
        int routeFiles,
        int kamelets,
        Set<String> descriptions) {

    /** Which argument of a bean names merge rules. */
    private static final Map<String, String> MERGE_RULES = Map.of("io.caravan.library.LoadBook", "1");

    private static final Set<String> OF_A_TEMPLATE = Set.of("routeTemplate", "templatedRoute");

    /**
     * Reads the files.
     *
     * @param routes files with routes
     * @param kamelets those that a route may call; of two with one name the first counts
     * @param others files beside the routes
     * @param datasets the names of datasets, which a chain may run too
     * @param settings what placeholders stand for; empty when that is not known
     * @param shown how people know a file that a setting names
     */
    public static Validation of(
            List<SourceFile> routes,
            List<SourceFile> kamelets,
            List<SourceFile> others,
            Collection<String> datasets,
            Optional<Map<String, String>> settings,
            UnaryOperator<String> shown) {
        Problems problems = new Problems();
        CamelSchema schema = CamelSchema.load();
        Map<String, KameletFile> known = new LinkedHashMap<>();
        for (SourceFile file : kamelets) kamelet(file, schema, problems, known);
        Values values = new Values(settings);
        Descriptions descriptions = new Descriptions(problems, shown);
        Routes all = new Routes(known, values, problems);
        for (SourceFile file : routes) {
            read(file, problems).ifPresent(yaml -> {
                if (file.checked()) {
                    problems.addAll(file, schema.check(file.name(), yaml));
                    yaml.items().forEach(item -> item(file, item, values, problems, descriptions));
                }
                all.add(file, yaml);
            });
        }
        all.look();
        Chains.look(all, datasets, problems);
        Set<String> pipelines = new TreeSet<>();
        SinkPlaces places = new SinkPlaces(problems);
        for (Route route : all.all()) {
            Optional<KameletUse> source =
                    all.use(route.from()).filter(u -> u.kamelet().isSource());
            if (source.isPresent()) PipelineWalk.go(all, descriptions, problems, places, route, source.get());
            if (!route.file().checked()) continue;
            source.map(s -> s.values().get("pipeline")).ifPresent(pipelines::add);
            if (route.node().textAt("group").equals("pipeline")) {
                pipelines.add(route.begin().uri().replaceFirst("^direct:", ""));
            }
        }
        all.unreached();
        Set<String> described = descriptions.files();
        for (SourceFile file : others) {
            if (!described.contains(file.name())) other(file, problems);
        }
        return new Validation(
                problems.sorted(),
                problems.warnings(),
                pipelines,
                (int) routes.stream().filter(SourceFile::checked).count(),
                (int) kamelets.stream().filter(SourceFile::checked).count(),
                described);
    }

    private static Optional<YamlNode> read(SourceFile file, Problems problems) {
        List<Problem> found = new ArrayList<>();
        Optional<YamlNode> yaml = YamlFile.read(file.name(), file.text(), found);
        problems.addAll(file, found);
        return yaml;
    }

    private static void kamelet(
            SourceFile file, CamelSchema schema, Problems problems, Map<String, KameletFile> known) {
        read(file, problems).ifPresent(yaml -> {
            if (file.checked()) problems.addAll(file, KameletFile.check(file, yaml, schema));
            String name = file.base().substring(0, file.base().length() - KameletFile.SUFFIX.length());
            known.putIfAbsent(name, KameletFile.of(name, yaml));
        });
    }

    /** What is the same for all that a file with routes holds: its settings, and the classes of its beans. */
    private static void item(
            SourceFile file, YamlNode item, Values values, Problems problems, Descriptions descriptions) {
        if (item.fields().keySet().stream().anyMatch(OF_A_TEMPLATE::contains)) return;
        scalars(
                item,
                scalar -> values.resolved(scalar.text(), sentence -> problems.add(file, scalar.line(), sentence)));
        for (YamlNode bean : item.at("beans").map(YamlNode::items).orElse(List.of())) {
            String type = bean.textAt("type").replaceFirst("^#class:", "").replaceFirst("[#(].*", "");
            boolean there = type.contains("{{")
                    || type.isEmpty()
                    || Validation.class.getResource("/" + type.replace('.', '/') + ".class") != null;
            if (!there) {
                problems.add(
                        file,
                        bean.lineOf("type"),
                        SettingChecks.sentence(
                                "bean " + bean.textAt("name"), "type", "be a class on the class path", type));
            }
            String rules = Optional.ofNullable(MERGE_RULES.get(type))
                    .map(argument -> bean.textAt("constructors", argument))
                    .orElse("");
            values.resolved(rules, missing -> {})
                    .filter(r -> !r.isBlank())
                    .ifPresent(location -> descriptions.check(
                            "books",
                            "mergeRules",
                            location,
                            () -> MergeRules.load(location),
                            sentence -> problems.add(file, bean.lineOf("constructors"), sentence)));
        }
    }

    private static void scalars(YamlNode node, Consumer<YamlNode> each) {
        if (node.isScalar()) each.accept(node);
        node.items().forEach(item -> scalars(item, each));
        node.fields().values().forEach(value -> scalars(value, each));
    }

    /** A file that no route names: one that looks like routes is not loaded under its name. */
    private static void other(SourceFile file, Problems problems) {
        read(file, problems).ifPresent(yaml -> {
            boolean routes = yaml.items().stream()
                    .anyMatch(i -> i.at("route").or(() -> i.at("from")).isPresent());
            boolean kamelet = yaml.textAt("kind").equals("Kamelet");
            if (!routes && !kamelet) return;
            String ending = routes ? ".camel.yaml" : KameletFile.SUFFIX;
            problems.add(
                    file,
                    1,
                    SettingChecks.sentence("file", "name", "end with " + ending + ", or nobody loads it", file.base())
                            + Nearest.hint(file.base(), List.of(file.base().replaceFirst("\\.ya?ml$", ending))));
        });
    }
}
