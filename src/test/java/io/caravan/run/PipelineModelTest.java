package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.SettingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A generation changes with what a sink holds and where, and with nothing else. */
class PipelineModelTest {

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");

    @TempDir
    Path folder;

    /** Every property of every Kamelet, with what it says it is. */
    static List<Arguments> properties() throws IOException {
        List<Arguments> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(KAMELETS)) {
            for (Path file : files.sorted().toList()) {
                String kamelet = file.getFileName().toString().replace(".kamelet.yaml", "");
                definitions(kamelet).forEach((name, of) -> {
                    if (!name.equals("sink")) all.add(Arguments.of(kamelet, name, of.get("caravan.io/identity")));
                });
            }
        }
        return all;
    }

    @Test
    void everyPropertyOfEveryKameletIsTried() throws Exception {
        assertThat(properties()).hasSizeGreaterThan(240);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void aPropertyChangesTheGenerationExactlyIfItIsAPlaceOrContent(String kamelet, String property, String identity)
            throws Exception {
        Map<String, String> parameters = required(kamelet);
        String before = generation(kamelet, parameters);
        String other = definitions(kamelet).get(property).get("type").equals("string") ? "another" : "7919";
        parameters.put(property, other);
        if (identity.equals("none")) assertThat(generation(kamelet, parameters)).isEqualTo(before);
        else assertThat(generation(kamelet, parameters)).isNotEqualTo(before);
    }

    @Test
    void aDefaultThatIsWrittenOutIsTheSame() throws Exception {
        Map<String, String> parameters = required("objects-sink");
        String before = generation("objects-sink", parameters);
        definitions("objects-sink").forEach((name, of) -> {
            if (of.get("default") != null && !name.equals("sink"))
                parameters.put(name, of.get("default").toString());
        });
        assertThat(generation("objects-sink", parameters)).isEqualTo(before);
    }

    @Test
    void anotherAccountInAConnectionStringIsAnotherPlaceAndAnotherKeyIsNot() throws Exception {
        String text = "DefaultEndpointsProtocol=https;AccountName=one;AccountKey=a2V5;EndpointSuffix=core.windows.net";
        Map<String, String> parameters = required("objects-sink");
        parameters.put("connectionString", text);
        String before = generation("objects-sink", parameters);
        parameters.put("connectionString", text.replace("a2V5", "bmV3"));
        assertThat(generation("objects-sink", parameters)).isEqualTo(before);
        parameters.put("connectionString", text.replace("=one", "=two"));
        assertThat(generation("objects-sink", parameters)).isNotEqualTo(before);
    }

    @Test
    void anotherPasswordInAUriIsTheSamePlaceAndAnotherServerIsNot() throws Exception {
        Map<String, String> parameters = required("mongodb-sink");
        parameters.put("uri", "mongodb://u:old@one/?w=1");
        String before = generation("mongodb-sink", parameters);
        parameters.put("uri", "mongodb://v:new@one/?w=2");
        assertThat(generation("mongodb-sink", parameters)).isEqualTo(before);
        parameters.put("uri", "mongodb://u:old@two/?w=1");
        assertThat(generation("mongodb-sink", parameters)).isNotEqualTo(before);
    }

    @Test
    void whatAFileSaysIsPartOfWhatASinkHolds() throws Exception {
        Path table = Files.writeString(folder.resolve("table.yaml"), "table: a");
        Map<String, String> parameters = Map.of("table", table.toString());
        String before = generation("warehouse-sink", parameters);
        Files.writeString(table, "table: b");
        assertThat(generation("warehouse-sink", parameters)).isNotEqualTo(before);
    }

    /** The properties that name a file or folder which says what a sink holds. */
    static List<Arguments> naming() throws IOException {
        List<Arguments> naming = new ArrayList<>();
        for (Arguments property : properties()) {
            Object[] of = property.get();
            Map<?, ?> definition = definitions((String) of[0]).get((String) of[1]);
            String said = definition.get("description").toString();
            boolean names =
                    said.contains("a file") || said.contains("classpath") || said.contains("Folder of a sentence");
            if (names && "content".equals(of[2])) naming.add(Arguments.of(of[0], of[1], said.startsWith("Folder")));
        }
        return naming;
    }

    @Test
    void theFilesThatAreTriedAreThese() throws Exception {
        assertThat(naming())
                .extracting(a -> a.get()[0] + " " + a.get()[1])
                .containsExactlyInAnyOrder(
                        "apply-schema-action schema",
                        "bigquery-sink table",
                        "embed-text-action model",
                        "google-sheets-source mapping",
                        "images-action mapping",
                        "images-sink mapping",
                        "jobs-sink job",
                        "neo4j-sink mapping",
                        "objects-source schema",
                        "shape-documents-action mapping",
                        "warehouse-sink table");
    }

    @ParameterizedTest
    @MethodSource("naming")
    void whatAFileSaysCountsHoweverItIsNamed(String kamelet, String property, boolean isFolder) throws Exception {
        Path project = Files.createDirectories(folder.resolve("a project/orders"));
        Path named = isFolder ? Files.createDirectories(project.resolve("model")) : project.resolve("it.yaml");
        Path file =
                isFolder ? Files.createDirectories(named.resolve("1_Pooling")).resolve("config.json") : named;
        Files.writeString(file, "table: a");
        System.setProperty(SettingFile.FOLDERS, folder.resolve("a project").toString());
        try {
            for (String name : List.of(
                    named.toString(),
                    "file:" + named,
                    "file://" + named,
                    Path.of("").toAbsolutePath().relativize(named).toString(),
                    "orders/" + named.getFileName(),
                    "file:orders/" + named.getFileName())) {
                Map<String, String> parameters = required(kamelet);
                parameters.put(property, name);
                String before = generation(kamelet, parameters);
                Files.writeString(file, "table: a");
                Files.setLastModifiedTime(file, FileTime.fromMillis(0));
                assertThat(generation(kamelet, parameters))
                        .as("touched: " + name)
                        .isEqualTo(before);
                Files.writeString(file, "table: b");
                assertThat(generation(kamelet, parameters))
                        .as("changed: " + name)
                        .isNotEqualTo(before);
                Files.writeString(file, "table: a");
                assertThat(generation(kamelet, parameters))
                        .as("back again: " + name)
                        .isEqualTo(before);
            }
        } finally {
            System.clearProperty(SettingFile.FOLDERS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setBody: {simple: 'resource:file:FILE'}",
                "setBody: {expression: {language: {language: groovy, expression: 'resource:file:FILE'}}}",
                "to: {uri: 'xslt:file:FILE'}",
                "to: {uri: 'language:groovy:file:FILE'}",
                "to: {uri: 'json-validator:file:FILE', parameters: {contentCache: true}}"
            })
    void whatAScriptOrTemplateOfAStepSaysCounts(String block) throws Exception {
        Path file = Files.writeString(folder.resolve("step.txt"), "one");
        String blocks = "pipeline: {steps: [{" + block.replace("FILE", file.toString()) + "}, SINK]}";
        Wiring before = wiring(route(blocks), "classpath:kamelets");
        assertThat(generationBehind(blocks)).isEqualTo(before.generations().get("objects"));
        Files.writeString(file, "two");
        Wiring after = wiring(route(blocks), "classpath:kamelets");
        assertThat(after.generations()).isNotEqualTo(before.generations());
        List<String> older = after.former().get("objects");
        assertThat(older.get(older.size() - 1))
                .as("an older version knew the file by its name alone: an upgrade is no change")
                .isEqualTo(before.former().get("objects").get(older.size() - 1));
    }

    @Test
    void aDescriptionCountsByWhatItSaysAndNotByItsLetters() throws Exception {
        String described = """
                table: t
                columns:
                - {name: a, type: text, key: true}
                - {name: b, type: 'text', size: 1}
                """;
        Wiring before = described(described);
        for (String same : List.of(
                "# a table of ours\n" + described,
                described.replace("table: t", "table: \"t\" # said twice").replace("\"t\"", "t"),
                described.replace("'text'", "\"text\""),
                described
                        .replace("columns:\n", "\ncolumns:   # all of them\n\n")
                        .replace("\n- ", "\n    -   "),
                described.replace("\n", "\r\n"),
                described.replace("{name: a, type: text, key: true}", "name: a\n  type: text\n  key: true"))) {
            Wiring after = described(same);
            assertThat(after.generations()).as(same).isEqualTo(before.generations());
            assertThat(after.former())
                    .as("older versions looked at the letters")
                    .isNotEqualTo(before.former());
        }
        for (String other : List.of(
                described.replace("size: 1", "size: '1'"),
                described.replace("size: 1", "size: 2"),
                described.replace("name: a, type: text", "type: text, name: a"),
                described + "- {name: c, type: text}\n",
                described.replace("'text'", "!x 'text'"),
                "a: [broken\n",
                "a: [broken # too\n")) {
            assertThat(described(other).generations()).as(other).isNotEqualTo(before.generations());
        }
    }

    /** What commit a620d88 made of this file: another one would send everything again. */
    @Test
    void aDescriptionThatIsAsItWasIsKnownToAnOlderLedger() throws Exception {
        Wiring wiring = wiring(
                route("pipeline: {steps: [SINK]}")
                        .replace(
                                "kamelet:objects-sink', parameters: {output: /o",
                                "kamelet:warehouse-sink', parameters:"
                                        + " {sink: objects, uri: laptop, table: 'classpath:a-table.yaml'"),
                "classpath:kamelets");
        assertThat(wiring.former().get("objects")).contains("4119e68350df39440000120b0bfe3264");
    }

    private Wiring described(String table) throws Exception {
        Path file = Files.writeString(folder.resolve("table.yaml"), table);
        return wiring(
                route("pipeline: {steps: [SINK]}")
                        .replace(
                                "kamelet:objects-sink', parameters: {output: /o",
                                "kamelet:warehouse-sink', parameters:" + " {sink: objects, uri: laptop, table: '" + file
                                        + "'"),
                "classpath:kamelets");
    }

    @Test
    void howDocumentsAreCopiedCountsOnlyWhereTheyCome() throws Exception {
        String route = "- route: {id: p, from: {uri: 'kamelet:%s', parameters: {pipeline: p, %s}, steps: [{to: {uri:"
                + " 'kamelet:mongodb-sink', parameters: {sink: objects, database: d, collection: c%s}}}]}}\n";
        String files = "input: /i, keyFields: id";
        String documents = "database: d, collection: c";
        String ofFiles = only(route.formatted("objects-source", files, ""));
        String ofDocuments = only(route.formatted("mongodb-source", documents, ""));
        assertThat(ofFiles).as("as it was before there was the setting").isEqualTo("b2b6628447800cbdedbb525b84017c96");
        assertThat(ofDocuments).isNotEqualTo(ofFiles);
        assertThat(only(route.formatted("mongodb-source", documents, ", types: stored")))
                .isEqualTo(ofDocuments);
        assertThat(only(route.formatted("mongodb-source", documents, ", types: values")))
                .isNotEqualTo(ofDocuments);
    }

    @Test
    void eachOfSeveralCollectionsIsThePlaceThatItIsAlone() throws Exception {
        String route = "- route: {id: p, from: {uri: 'kamelet:objects-source', parameters: {pipeline: p, input: /i,"
                + " keyFields: id}, steps: [{to: {uri: 'kamelet:mongodb-sink', parameters: {sink: objects, database: d,"
                + " %s}}}]}}";
        List<String> alone = wiring(route.formatted("collection: books"), "classpath:kamelets")
                .places()
                .get("objects");
        List<String> several = wiring(route.formatted("collections: 'users,books'"), "classpath:kamelets")
                .places()
                .get("objects");
        assertThat(alone).hasSize(1);
        assertThat(several).hasSize(2).containsAll(alone);
    }

    @Test
    void aDefaultOfAKameletCounts() throws Exception {
        String kamelet =
                "spec: {definition: {properties: {%s}}, template: {from: {uri: 'kamelet:source', steps: [{log: x}]}}}";
        String place =
                "place: {default: %s, caravan.io/identity: place}, size: {default: %s, caravan.io/identity: none}";
        String before = ofThirdParty(kamelet.formatted(place.formatted("a", "1")), Map.of());
        assertThat(ofThirdParty(kamelet.formatted(place.formatted("a", "2")), Map.of()))
                .isEqualTo(before);
        assertThat(ofThirdParty(kamelet.formatted(place.formatted("b", "1")), Map.of()))
                .isNotEqualTo(before);
        assertThat(ofThirdParty(kamelet.formatted(place.formatted("b", "1")), Map.of("place", "a")))
                .isEqualTo(before);
    }

    /**
     * What stands in generations.txt is in the ledgers of users: a line that changes makes every sink behind such a Kamelet get everything
     * again. A new property whose default does what was done before has {@code caravan.io/later: true}. With -Dcaravan.generations=write the
     * file is written, of what changed on purpose.
     */
    @Test
    void anUpgradeSendsNothingAgain() throws Exception {
        StringBuilder now = new StringBuilder();
        try (Stream<Path> files = Files.list(KAMELETS)) {
            for (Path file : files.sorted().toList()) {
                String kamelet = file.getFileName().toString().replace(".kamelet.yaml", "");
                now.append(kamelet)
                        .append(' ')
                        .append(generation(kamelet, required(kamelet)))
                        .append('\n');
            }
        }
        Path known = Path.of("src/test/resources/generations.txt");
        if ("write".equals(System.getProperty("caravan.generations"))) Files.writeString(known, now);
        assertThat(now.toString()).isEqualTo(Files.readString(known));
    }

    /** Else each upgrade would send everything again. */
    @Test
    void aPropertyThatCameLaterCountsOnlyWhenItIsNotAtItsDefault() throws Exception {
        String kamelet =
                "spec: {definition: {properties: {%s}}, template: {from: {uri: 'kamelet:source', steps: [{log: x}]}}}";
        String old = "place: {default: a, caravan.io/identity: place}";
        String came = ", form: {default: plain, caravan.io/identity: content, caravan.io/later: true}";
        String before = ofThirdParty(kamelet.formatted(old), Map.of());
        assertThat(ofThirdParty(kamelet.formatted(old + came), Map.of())).isEqualTo(before);
        assertThat(ofThirdParty(kamelet.formatted(old + came), Map.of("form", "plain")))
                .isEqualTo(before);
        assertThat(ofThirdParty(kamelet.formatted(old + came), Map.of("form", "other")))
                .isNotEqualTo(before);
    }

    @Test
    void everyParameterOfAKameletThatSaysNothingCountsButTheValueOfASecret() throws Exception {
        String kamelet = "spec: {definition: {properties: {size: {default: 1}, key: {format: password}}},"
                + " template: {from: {uri: 'kamelet:source', steps: [{log: x}]}}}";
        String before = ofThirdParty(kamelet, Map.of("key", "k"));
        assertThat(ofThirdParty(kamelet, Map.of("key", "l"))).isEqualTo(before);
        assertThat(ofThirdParty(kamelet, Map.of("key", "k", "size", "1"))).isEqualTo(before);
        assertThat(ofThirdParty(kamelet, Map.of("key", "k", "size", "2"))).isNotEqualTo(before);
        assertThat(ofThirdParty(kamelet, Map.of("key", "k", "unheardOf", "2"))).isNotEqualTo(before);
    }

    @Test
    void theKameletThatASettingNamesAndWhatPropertiesSayOfThisCallCount() throws Exception {
        String setting = "camel.kamelet.objects-sink.there.output";
        Map<String, String> settings = new TreeMap<>(Map.of("kind", "objects", setting, "/a"));
        String before = ofKind("/there", "", settings);
        assertThat(ofKind("/there", "", with(settings, setting, "/b"))).isNotEqualTo(before);
        assertThat(ofKind("/there", "output: /a", Map.of("kind", "objects"))).isEqualTo(before);
        assertThat(ofKind("", "output: /a", Map.of("kind", "objects"))).isEqualTo(before);
        assertThat(ofKind("/there", "", with(settings, "camel.kamelet.objects-sink.elsewhere.output", "/b")))
                .as("what is said of another call of the Kamelet")
                .isEqualTo(before);
        assertThat(ofKind("/there", "", with(settings, "kind", "mongodb"))).isNotEqualTo(before);
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(name, value);
        return all;
    }

    private static String ofKind(String route, String parameters, Map<String, String> settings) throws Exception {
        String yaml =
                "- route: {from: {uri: 'kamelet:objects-source', parameters: {pipeline: p, input: /i, keyFields: id},"
                        + " steps: [{to: {uri: 'kamelet:{{kind}}-sink" + route + "', parameters: {sink: objects, "
                        + parameters
                        + "}}}]}}";
        return wiring(yaml, "classpath:kamelets", settings).generations().get("objects");
    }

    /** Each pair: what stands before the sink, once and then otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filter: {simple: '${header.a} == 1', steps: [SINK]} | filter: {simple: '${header.a} == 2', steps: [SINK]}",
                "filter: {simple: '${header.a}', steps: [SINK]} | filter: {jq: '${header.a}', steps: [SINK]}",
                "filter: {simple: '${header.a} == {{one}}', steps: [SINK]} | filter: {simple: '${header.a} == {{two}}', steps: [SINK]}",
                "choice: {when: [{simple: '${header.a}', steps: [SINK]}]} | choice: {when: [{simple: '${header.b}', steps: [SINK]}]}",
                "choice: {when: [{simple: '${header.a}', steps: [{log: x}]}], otherwise: {steps: [SINK]}}"
                        + " | choice: {when: [{simple: '${header.b}', steps: [{log: x}]}], otherwise: {steps: [SINK]}}",
                "loop: {constant: 1, steps: [SINK]} | loop: {constant: 2, steps: [SINK]}",
                "doTry: {steps: [{setBody: {simple: a}}, SINK]} | doTry: {steps: [{setBody: {simple: b}}, SINK]}",
                "pipeline: {steps: [{bean: {ref: a, method: m}}, SINK]} | pipeline: {steps: [{bean: {ref: a, method: n}}, SINK]}",
                "pipeline: {steps: [{process: {ref: a}}, SINK]} | pipeline: {steps: [{process: {ref: b}}, SINK]}",
                "pipeline: {steps: [{transform: {simple: a}}, SINK]} | pipeline: {steps: [{transform: {simple: b}}, SINK]}",
                "pipeline: {steps: [{setHeader: {name: a, simple: b}}, SINK]} | pipeline: {steps: [{setHeader: {name: a, simple: c}}, SINK]}",
                "pipeline: {steps: [{choice: {when: [{simple: a, steps: [{setBody: {simple: a}}]}]}}, SINK]}"
                        + " | pipeline: {steps: [{choice: {when: [{simple: b, steps: [{setBody: {simple: a}}]}]}}, SINK]}",
                "pipeline: {steps: [{marshal: {json: {}}}, SINK]} | pipeline: {steps: [{marshal: {yaml: {}}}, SINK]}",
                "multicast: {steps: [{filter: {simple: a, steps: [SINK]}}]} | multicast: {steps: [{filter: {simple: b, steps: [SINK]}}]}",
            })
    void whatIsBeforeASinkCounts(String once, String otherwise) throws Exception {
        assertThat(generationBehind(otherwise)).isNotEqualTo(generationBehind(once));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pipeline: {steps: [{log: a}, SINK]} | pipeline: {id: x, steps: [{log: b}, SINK]}",
                "pipeline: {steps: [{filter: {simple: a, steps: [{log: a}]}}, SINK]} | pipeline: {steps: [SINK]}",
                "choice: {when: [{simple: a, steps: [SINK]}, {simple: b, steps: [{setBody: {simple: a}}]}]}"
                        + " | choice: {when: [{simple: a, steps: [SINK]}, {simple: c, steps: [{setBody: {simple: b}}]}]}",
                "pipeline: {steps: [SINK, {setBody: {simple: a}}]} | pipeline: {steps: [SINK, {setBody: {simple: b}}]}",
                "filter: {simple: '${header.a} == {{one}}', steps: [SINK]} | filter: {simple: '${header.a} == 1', steps: [SINK]}",
                "pipeline: {steps: [{setBody: {simple: a, disabled: true}}, SINK]} | pipeline: {steps: [SINK]}",
            })
    void whatChangesNothingForASinkDoesNotCount(String once, String otherwise) throws Exception {
        assertThat(generationBehind(otherwise)).isEqualTo(generationBehind(once));
    }

    @Test
    void theStepsOfARouteThatIsCalledCount() throws Exception {
        String called = "- route: {from: {uri: 'direct:clean', steps: [{setBody: {simple: %s}}]}}\n";
        String caller = route("pipeline: {steps: [{to: 'direct:clean'}, SINK]}");
        assertThat(only(called.formatted("a") + caller)).isNotEqualTo(only(called.formatted("b") + caller));
    }

    @Test
    void aRouteInJavaIsReadAsWellAndItsPredicatesCount() throws Exception {
        String before = inJava("1");
        assertThat(inJava("1")).isEqualTo(before);
        assertThat(inJava("2")).isNotEqualTo(before);
    }

    private static String inJava(String wanted) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:objects-source?pipeline=p&input=/i&keyFields=id")
                            .process(e -> {})
                            .filter(header("a").isEqualTo(wanted))
                            .split(body(), (before, now) -> now)
                            .setBody(e -> e.getMessage().getBody())
                            .end()
                            .to("kamelet:objects-sink?output=/o");
                }
            });
            return PipelineModel.find(camel, "p").wiring().generations().get("objects");
        }
    }

    @ParameterizedTest
    @CsvSource({"timeoutMillis,7,true", "timeout-millis,7,true", "compression,none,false"})
    void whatCamelIsToldForAllCallsOfAKameletCounts(String property, String value, boolean same) throws Exception {
        String before = settingOfAll("camel.kamelet.other-sink.x", value);
        String after = settingOfAll("camel.kamelet.objects-sink." + property, value);
        assertThat(after.equals(before)).isEqualTo(same);
    }

    private static String settingOfAll(String key, String value) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties properties = new Properties();
            properties.setProperty(key, value);
            camel.getPropertiesComponent().setInitialProperties(properties);
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString("r.camel.yaml", route("pipeline: {steps: [SINK]}")));
            return PipelineModel.find(camel, "p").wiring().generations().get("objects");
        }
    }

    private static String generationBehind(String block) throws Exception {
        return only(route(block));
    }

    private static String route(String block) {
        return "- route: {id: p, from: {uri: 'kamelet:objects-source', parameters: {pipeline: p, input: /i, keyFields: id}, steps: [{"
                + block.strip().replace("SINK", "{to: {uri: 'kamelet:objects-sink', parameters: {output: /o}}}")
                + "}]}}\n";
    }

    private static String only(String routes) throws Exception {
        return wiring(routes, "classpath:kamelets").generations().get("objects");
    }

    /** What the wiring says when a route calls this Kamelet so, as its source, step or sink. */
    private static String generation(String kamelet, Map<String, String> parameters) throws Exception {
        if (!kamelet.endsWith("-source")) {
            Map<String, String> named = new TreeMap<>(parameters);
            if (kamelet.endsWith("-sink")) named.put("sink", "objects");
            String call = call(kamelet, named);
            return generationBehind(
                    "pipeline: {steps: [" + (kamelet.endsWith("-sink") ? call : call + ", SINK") + "]}");
        }
        Map<String, String> named = new TreeMap<>(parameters);
        named.put("pipeline", "p");
        String yaml = "- route: {from: {uri: 'kamelet:" + kamelet + "', parameters: " + written(named)
                + ", steps: [{to: {uri: 'kamelet:objects-sink', parameters: {output: /o}}}]}}";
        Wiring wiring = wiring(yaml, "classpath:kamelets");
        assertThat(wiring.scope()).isEqualTo(wiring.source());
        return wiring.source();
    }

    private String ofThirdParty(String kamelet, Map<String, String> parameters) throws Exception {
        Files.writeString(folder.resolve("other-action.kamelet.yaml"), kamelet);
        String route = route("pipeline: {steps: [" + call("other-action", parameters) + ", SINK]}");
        return wiring(route, "file:" + folder + ",classpath:kamelets")
                .generations()
                .get("objects");
    }

    private static String call(String kamelet, Map<String, String> parameters) {
        return "{to: {uri: 'kamelet:" + kamelet + "', parameters: " + written(parameters) + "}}";
    }

    private static String written(Map<String, String> parameters) {
        StringBuilder yaml = new StringBuilder("{");
        parameters.forEach((name, value) ->
                yaml.append(name).append(": '").append(value.replace("'", "''")).append("', "));
        return yaml.append('}').toString().replace(", }", "}");
    }

    private static Wiring wiring(String routes, String kamelets) throws Exception {
        return wiring(routes, kamelets, Map.of("one", "1", "two", "2"));
    }

    private static Wiring wiring(String routes, String kamelets, Map<String, String> settings) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties properties = new Properties();
            properties.putAll(settings);
            camel.getPropertiesComponent().setInitialProperties(properties);
            camel.getComponent("kamelet", org.apache.camel.component.kamelet.KameletComponent.class)
                    .setLocation(kamelets);
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("r.camel.yaml", routes));
            return PipelineModel.find(camel, "p").wiring();
        }
    }

    private static Map<String, String> required(String kamelet) throws IOException {
        Map<String, String> required = new TreeMap<>();
        Object names = ((Map<?, ?>) ((Map<?, ?>) yaml(kamelet).get("spec")).get("definition")).get("required");
        if (names != null) ((List<?>) names).forEach(name -> required.put((String) name, "one"));
        if (kamelet.equals("google-sheets-source")) required.put("keyFields", "one"); // or a mapping
        if (kamelet.startsWith("mongodb-")) required.put("collection", "one"); // one of collection and collections
        return required;
    }

    private static Map<String, Map<?, ?>> definitions(String kamelet) throws IOException {
        Map<String, Map<?, ?>> definitions = new LinkedHashMap<>();
        Map<?, ?> properties =
                (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) yaml(kamelet).get("spec")).get("definition")).get("properties");
        properties.forEach((name, of) -> definitions.put((String) name, (Map<?, ?>) of));
        return definitions;
    }

    private static Map<?, ?> yaml(String kamelet) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(KAMELETS.resolve(kamelet + ".kamelet.yaml")));
    }
}
