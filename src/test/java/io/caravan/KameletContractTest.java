package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.NamedFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every Kamelet keeps the contract its file promises; every route calls Kamelets by that contract. */
class KameletContractTest {

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");
    private static final Path ROUTES = Path.of("routes");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)}}");
    private static final Pattern NOTHING_TO_RECORDS = Pattern.compile(
            "sink|user|password|credentialsFile|caFile|tolerate|.*([mM]illis|[rR]etries|Limit|LimitPercent|PerSecond|Bytes)");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean", "number");

    static List<Path> kamelets() throws IOException {
        return filesBelow(KAMELETS, ".kamelet.yaml");
    }

    static List<Path> routes() throws IOException {
        return filesBelow(ROUTES, ".camel.yaml");
    }

    @Test
    void findsTheFilesItIsMeantToCheck() throws IOException {
        assertThat(kamelets()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(routes()).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void fileNameIsTheKameletNameAndEndsWithItsType(Path file) throws IOException {
        Map<?, ?> kamelet = yaml(file);
        String name = (String) at(kamelet, "metadata", "name");
        assertThat(file.getFileName().toString()).isEqualTo(name + ".kamelet.yaml");
        assertThat(name).endsWith("-" + at(kamelet, "metadata", "labels", "camel.apache.org/kamelet.type"));
        assertThat((String) at(kamelet, "spec", "definition", "description")).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void everyPropertyIsDescribedTypedAndUsed(Path file) throws IOException {
        Map<?, ?> kamelet = yaml(file);
        Map<?, ?> properties = properties(kamelet);
        properties.forEach((name, definition) -> {
            Map<?, ?> property = (Map<?, ?>) definition;
            assertThat(name).as("Camel takes it away from every endpoint").isNotEqualTo("hash");
            assertThat(texts(property.keySet())).as(name.toString()).contains("title", "description", "type");
            assertThat(TYPES).as(name.toString()).contains((String) property.get("type"));
            if (name.toString()
                    .matches("(?i).*(password|secret|token|apikey|accesskey|accountkey|connectionstring).*")) {
                assertThat(property.get("format")).as(name + " is masked").isEqualTo("password");
            }
            boolean required =
                    texts(list(at(kamelet, "spec", "definition", "required"))).contains(name.toString());
            assertThat(required || property.containsKey("default"))
                    .as(name + " is required or has a default")
                    .isTrue();
        });
        RouteTemplateDefinition written = written(file);
        Set<String> used = placeholders(text(written));
        assertThat(used).containsAll(texts(properties.keySet()));
        Set<String> known = new TreeSet<>(texts(properties.keySet()));
        written.getTemplateBeans().forEach(bean -> known.add(bean.getName()));
        assertThat(known).as("every placeholder is a property or a bean").containsAll(used);
    }

    /** The scaffolding is written once, in src/main/resources/shared-steps. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void aTemplateSaysWhatIsItsOwnAndNoMore(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> template = lines.subList(lines.indexOf("  template:") + 1, lines.size());
        boolean source = file.toString().endsWith("-source.kamelet.yaml");
        assertThat(template).as(file.toString()).hasSizeLessThanOrEqualTo(source ? 20 : 12);
    }

    /** What a sink holds is another when a place or content is; tuning, credentials and names must not send everything again. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void everyPropertySaysWhetherItIsAPlaceOrContentOrNothingToTheRecords(Path file) throws IOException {
        properties(yaml(file)).forEach((name, definition) -> {
            Map<?, ?> property = (Map<?, ?>) definition;
            assertThat(property.get("caravan.io/identity"))
                    .as("caravan.io/identity of " + name)
                    .isIn("place", "content", "none");
            boolean secret = "password".equals(property.get("format"))
                    && !Set.of("uri", "connectionString").contains(name.toString());
            if (secret || NOTHING_TO_RECORDS.matcher(name.toString()).matches()) {
                assertThat(property.get("caravan.io/identity"))
                        .as("caravan.io/identity of " + name)
                        .isEqualTo("none");
            }
        });
    }

    /** By this {@code caravan validate} knows which fields there are. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void everyPropertyThatNamesFieldsSaysHow(Path file) throws Exception {
        Map<?, ?> kamelet = yaml(file);
        for (Map.Entry<?, ?> property : properties(kamelet).entrySet()) {
            Map<?, ?> definition = (Map<?, ?>) property.getValue();
            if (property.getKey().equals("keyFields"))
                assertThat(definition.get("caravan.io/fields")).isEqualTo("reads");
            if (!(definition.get("caravan.io/fields") instanceof String fields)) continue;
            if (fields.startsWith("#class:")) {
                assertThat(Class.forName(fields.substring("#class:".length()))
                                .getDeclaredConstructor()
                                .newInstance())
                        .isInstanceOf(NamedFields.class);
            } else {
                assertThat(fields).as(property.getKey().toString()).isIn("reads", "adds", "all", "more", "unknown");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void aSinkHasANameWhenNobodyGivesItOne(Path file) throws IOException {
        Map<?, ?> kamelet = yaml(file);
        if (!file.toString().endsWith("-sink.kamelet.yaml")) return;
        assertThat((Object) at(kamelet, "spec", "definition", "properties", "sink", "default"))
                .isInstanceOf(String.class);
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void sinksAndStepsAndSourcesEndInOurOwnProcessors(Path file) throws IOException {
        Map<?, ?> kamelet = yaml(file);
        String type = (String) at(kamelet, "metadata", "labels", "camel.apache.org/kamelet.type");
        Object name = at(kamelet, "metadata", "name");
        String template = text(written(file));
        assertThat(template)
                .contains(
                        switch (type) {
                            case "source" -> "io.caravan.run.OpenRun";
                            case "sink" -> "io.caravan.delivery.Deliver";
                            default ->
                                name.equals("pipeline-action") // changes no records
                                        ? "io.caravan.run.RunPhase"
                                        : "io.caravan.step.ApplyStep";
                        });
        if (type.equals("source")) {
            assertThat(template).contains("io.caravan.run.CloseRun", "io.caravan.run.FailRun", "<doTry>");
            assertThat(Files.readString(Path.of("src/main/resources/shared-steps/run.camel.yaml")))
                    .contains("doCatch:");
        }
        assertThat(template).doesNotContain("toD", "groovy", "joor", "script");
    }

    /** Camel takes a setting that is the name of a bean, such as a sink that is called store, for that bean. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void noSettingIsTakenForABean(Path file) throws IOException {
        for (Object bean : list(at(yaml(file), "spec", "template", "beans"))) {
            assertThat((String) ((Map<?, ?>) bean).get("name")).matches("[a-z][A-Za-z]*Bean");
        }
    }

    /**
     * Camel sorts the numbers of constructor arguments as texts: 10 comes before 2, so with more than ten all have two digits. Those that
     * are not listed are given by name.
     */
    @ParameterizedTest
    @MethodSource("kamelets")
    void constructorArgumentsAreSortedAsTextsToo(Path file) throws Exception {
        for (Object bean : list(at(yaml(file), "spec", "template", "beans"))) {
            if (!(((Map<?, ?>) bean).get("constructors") instanceof Map<?, ?> arguments)) continue;
            List<String> written = texts(arguments.keySet()).stream()
                    .sorted(java.util.Comparator.comparingInt(Integer::parseInt))
                    .toList();
            assertThat(written.stream().sorted()).as("%s", bean).containsExactlyElementsOf(written);
        }
        for (BeanFactoryDefinition<?> bean : written(file).getTemplateBeans()) {
            if (bean.getConstructors() == null) continue;
            assertThat(((Map<?, ?>) bean.getConstructors())
                            .keySet().stream().map(key -> Integer.parseInt(key.toString())))
                    .as(bean.getName())
                    .containsExactlyInAnyOrderElementsOf(java.util.stream.IntStream.range(
                                    0, bean.getConstructors().size())
                            .boxed()
                            .toList());
        }
    }

    /** The template of a Kamelet as Camel builds routes of it: what it shares with others is written out. */
    private static RouteTemplateDefinition written(Path file) {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.init();
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
            return camel.getRouteTemplateDefinitions().get(0);
        } catch (Exception e) {
            throw new IllegalStateException(file + " cannot be loaded", e);
        }
    }

    private static String text(RouteTemplateDefinition template) {
        StringBuilder text = new StringBuilder();
        template.getTemplateBeans().forEach(bean -> text.append(bean.getType())
                .append(bean.getConstructors())
                .append(bean.getProperties())
                .append('\n'));
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            return text.append(PluginHelper.getModelToXMLDumper(camel).dumpModelAsXml(camel, template.getRoute()))
                    .toString();
        } catch (Exception e) {
            throw new IllegalStateException(template.getId() + " cannot be written", e);
        }
    }

    @Test
    void aPasswordMayBeANumber() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:start")
                            .to("kamelet:mongodb-sink?user=true&password=12345&database=d2025&collection=c1"
                                    + "&uri=mongodb://127.0.0.1:1");
                }
            });
            camel.start();
            assertThat(camel.getRoutes()).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void callsKameletsWithDeclaredProperties(Path file) throws IOException {
        for (Map<?, ?> call : kameletCalls(load(file))) {
            String[] path =
                    call.get("uri").toString().substring("kamelet:".length()).split("/", 2);
            for (String name : namesOf(path[0])) {
                Map<?, ?> kamelet = yaml(KAMELETS.resolve(name + ".kamelet.yaml"));
                Set<String> given =
                        new TreeSet<>(call.get("parameters") instanceof Map<?, ?> p ? texts(p.keySet()) : Set.of());
                // what application.properties says of this one call
                if (path.length == 2)
                    given.addAll(settingsBelow("camel.kamelet." + name + "." + path[1] + ".")
                            .keySet());
                assertThat(texts(properties(kamelet).keySet()))
                        .as(file + " -> " + name)
                        .containsAll(given);
                assertThat(given)
                        .as(file + " -> " + name)
                        .containsAll(texts(list(at(kamelet, "spec", "definition", "required"))));
            }
        }
    }

    /** Where a setting chooses the Kamelet, all that it may choose: {@code {{caravan.vectors.sink.{{caravan.vectors.kind}}}}}. */
    private static Collection<String> namesOf(String written) throws IOException {
        Matcher chosen =
                Pattern.compile("\\{\\{([a-z.]+\\.)\\{\\{[a-z.]+\\.kind}}}}").matcher(written);
        if (!chosen.matches()) return List.of(written);
        Collection<String> names = settingsBelow(chosen.group(1)).values();
        assertThat(names).as(written).hasSizeGreaterThan(1);
        return names;
    }

    private static Map<String, String> settingsBelow(String prefix) throws IOException {
        Map<String, String> below = new TreeMap<>();
        java.util.Properties all = shipped();
        all.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(key -> below.put(key.substring(prefix.length()), all.getProperty(key)));
        return below;
    }

    private static java.util.Properties shipped() throws IOException {
        java.util.Properties shipped = new java.util.Properties();
        try (var in = Files.newBufferedReader(Path.of("application.properties"))) {
            shipped.load(in);
        }
        return shipped;
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aRouteFileOpensWithASentenceAndHasTheIdOfItsFile(Path file) throws IOException {
        assertThat(Files.readString(file)).startsWith("# ");
        assertThat(Files.readString(file)).doesNotContain("toD:", "dynamicRouter", "recipientList");
        List<String> ids = list(load(file)).stream()
                .map(node -> at(node, "route", "id"))
                .flatMap(id -> Stream.ofNullable((String) id))
                .toList();
        if (ids.size() == 1) assertThat(file.getFileName().toString()).isEqualTo(ids.get(0) + ".camel.yaml");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everyPlaceholderHasADefaultInApplicationProperties(Path file) throws IOException {
        Set<String> asked = placeholders(Files.readString(file)).stream()
                .filter(name -> name.contains("."))
                .collect(Collectors.toSet());
        assertThat(shipped().stringPropertyNames()).as(file.toString()).containsAll(asked);
    }

    private static List<Map<?, ?>> kameletCalls(Object node) {
        List<Map<?, ?>> calls = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            if (map.get("uri") instanceof String uri && uri.startsWith("kamelet:")) calls.add(map);
            map.values().forEach(child -> calls.addAll(kameletCalls(child)));
        } else if (node instanceof List<?> children) {
            children.forEach(child -> calls.addAll(kameletCalls(child)));
        }
        return calls;
    }

    private static Set<String> placeholders(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) names.add(matcher.group(1));
        return names;
    }

    private static Map<?, ?> properties(Map<?, ?> kamelet) {
        return at(kamelet, "spec", "definition", "properties") instanceof Map<?, ?> p ? p : Map.of();
    }

    private static List<?> list(Object node) {
        return node instanceof List<?> l ? l : List.of();
    }

    private static Set<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.toSet());
    }

    private static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) found = found instanceof Map<?, ?> m ? m.get(key) : null;
        return found;
    }

    private static Object load(Path file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        return Optional.of(load(file)).map(Map.class::cast).orElseThrow();
    }

    private static List<Path> filesBelow(Path dir, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
