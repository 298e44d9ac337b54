package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.sun.net.httpserver.HttpServer;
import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.run.PipelineModel;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A route that says no more than it must: its Kamelets start, its sinks have names, and it runs. */
class RequiredParametersTest {

    private static final byte[] ROWS =
            "[{\"id\": \"1\", \"name\": \"a\"}, {\"id\": \"2\", \"name\": \"b\"}]".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private HttpServer server;
    private String dataDir;

    static List<String> sources() throws IOException {
        return Connector.kamelets("source");
    }

    static List<String> steps() throws IOException {
        return Connector.kamelets("action");
    }

    static List<String> sinks() throws IOException {
        return Connector.kamelets("sink");
    }

    /** The stores of this machine are those of the tests. */
    @BeforeEach
    void start() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("in")).resolve("a.csv"), "id,name\n1,a\n2,b\n");
        Files.createDirectories(folder.resolve("out"));
        Files.createDirectories(folder.resolve("other"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean list = exchange.getRequestMethod().equals("GET");
            exchange.sendResponseHeaders(list ? 200 : 204, list ? ROWS.length : -1);
            if (list) exchange.getResponseBody().write(ROWS);
            exchange.close();
        });
        server.start();
        dataDir = System.getProperty("caravan.data.dir");
        System.setProperty("caravan.data.dir", folder.resolve("data").toString());
    }

    @AfterEach
    void stop() {
        if (dataDir == null) System.clearProperty("caravan.data.dir");
        else System.setProperty("caravan.data.dir", dataDir);
        server.stop(0);
        ledger.close();
    }

    private void laptopStore(String store, Endpoint endpoint) throws IOException {
        Properties p = new Properties();
        p.putAll(Map.of("uri", endpoint.uri(), "user", endpoint.user(), "password", endpoint.password()));
        Path file =
                Files.createDirectories(folder.resolve("data").resolve(store)).resolve("endpoint.properties");
        try (var out = Files.newBufferedWriter(file)) {
            p.store(out, null);
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aSourceStarts(String kamelet) throws Exception {
        try (DefaultCamelContext camel = started(route(source(kamelet), sink("objects-sink")))) {
            String pipeline = required(kamelet).get("pipeline");
            assertThat(PipelineModel.find(camel, pipeline).wiring().generations())
                    .containsOnlyKeys("objects");
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepStarts(String kamelet) throws Exception {
        Map<String, Object> step = call(null, kamelet, required(kamelet));
        try (DefaultCamelContext camel = started(route(source("objects-source"), step, sink("objects-sink")))) {
            assertThat(namesThatSinksHave(camel)).containsExactly("objects");
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void aSinkWithoutANameAndItsRunAgreeOnTheDefaultOfTheKamelet(String kamelet) throws Exception {
        String name = (String) property(kamelet, "sink").get("default");
        try (DefaultCamelContext camel = started(route(source("objects-source"), sink(kamelet)))) {
            assertThat(namesThatSinksHave(camel)).containsExactly(name);
            assertThat(PipelineModel.find(camel, "things").wiring().generations())
                    .containsOnlyKeys(name);
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void twoSinksWithoutANameAndTheirRunAgreeOnTheIdsOfTheirSteps(String kamelet) throws Exception {
        Map<String, Object> first = call("keep & here", kamelet, required(kamelet));
        Map<String, Object> second = call("keep+there", kamelet, required(kamelet));
        Map<String, Object> named = call("third", kamelet, with(required(kamelet), "sink", "a name"));
        try (DefaultCamelContext camel = started(route(source("objects-source"), first, second, named))) {
            assertThat(namesThatSinksHave(camel)).containsExactly("keep & here", "keep+there", "a name");
            assertThat(PipelineModel.find(camel, "things").wiring().generations())
                    .containsOnlyKeys("keep & here", "keep+there", "a name");
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void twoSinksOfOneNameAreRefusedAtTheStart(String kamelet) throws Exception {
        String name = (String) property(kamelet, "sink").get("default");
        List<Object> route = route(source("objects-source"), sink(kamelet), sink(kamelet));
        assertThatThrownBy(() -> started(route))
                .hasStackTraceContaining("things: the sinks of a pipeline must have different names, got '" + name
                        + "' twice; set 'sink' in the parameters of each, or give its step an id");
    }

    @Test
    void aNameThatIsAnothersIdIsRefusedAtTheStart() throws Exception {
        Map<String, Object> first = call("here", "objects-sink", required("objects-sink"));
        Map<String, Object> second = call("there", "objects-sink", with(required("objects-sink"), "sink", "here"));
        assertThatThrownBy(() -> started(route(source("objects-source"), first, second)))
                .hasStackTraceContaining("must have different names, got 'here' twice");
    }

    @Test
    void aRouteThatComesLaterIsNamedToo() throws Exception {
        try (DefaultCamelContext camel = started(List.of())) {
            Map<String, Object> here = call("here", "objects-sink", required("objects-sink"));
            load(camel, pipeline(source("objects-source"), here));
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks()).containsOnlyKeys("here");
        }
    }

    @Test
    void aFileReachesEverySinkThatCanBeHadHereWithoutAName() throws Exception {
        TestNeo4j.clear();
        laptopStore("postgres", database);
        laptopStore("mongo", TestStores.mongo());
        laptopStore("neo4j", TestNeo4j.endpoint());
        List<String> kamelets = List.of(
                "objects-sink",
                "warehouse-sink",
                "mongodb-sink",
                "neo4j-sink",
                "lucene-sink",
                "http-sink",
                "notify-sink");
        List<Map<String, Object>> branches = new ArrayList<>();
        for (String kamelet : kamelets) branches.add(sink(kamelet));
        Map<String, Object> embed = call(null, "embed-text-action", Map.of("field", "name", "into", "vector"));
        Map<String, Object> everywhere = Map.of("multicast", Map.of("parallelProcessing", true, "steps", branches));
        List<Object> route = pipeline(source("objects-source"), embed, everywhere);
        try (DefaultCamelContext camel = started(route)) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks())
                    .containsOnlyKeys("objects", "warehouse", "documents", "graph", "vectors", "api", "notify")
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isEqualTo(2));
            assertThat(run(camel).sinks())
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isZero());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects-source", "http-source", "jdbc-source", "mongodb-source"})
    void everySourceThatCanBeHadHereReachesASinkWithoutAName(String kamelet) throws Exception {
        laptopStore("postgres", database);
        laptopStore("mongo", TestStores.mongo());
        try (MongoClient mongo = MongoClients.create(TestStores.mongo().uri())) {
            mongo.getDatabase(mongoDatabase())
                    .getCollection("things")
                    .insertMany(List.of(new Document("_id", "1"), new Document("_id", "2")));
        }
        try (DefaultCamelContext camel = started(pipeline(source(kamelet), sink("objects-sink")))) {
            RunReport run = run(camel, required(kamelet).get("pipeline"));
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks().get("objects").written()).isEqualTo(2);
        }
    }

    /** The objects, without the sinks' markers beside them. */
    private static List<String> parts(Path output) {
        return Stream.of(output.toFile().list())
                .filter(name -> name.startsWith("part-"))
                .sorted()
                .toList();
    }

    @Test
    void twoSinksOfOneKameletWithoutNamesAreBothFilled() throws Exception {
        laptopStore("mongo", TestStores.mongo());
        Map<String, Object> here = call("here", "objects-sink", required("objects-sink"));
        Map<String, Object> there = call(
                "there",
                "objects-sink",
                Map.of("output", folder.resolve("other").toString()));
        Map<String, Object> same = call("same", "mongodb-sink", required("mongodb-sink"));
        Map<String, Object> again = call("again", "mongodb-sink", required("mongodb-sink"));
        try (DefaultCamelContext camel = started(pipeline(source("objects-source"), here, there, same, again))) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks())
                    .containsOnlyKeys("here", "there", "same", "again")
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isEqualTo(2));
        }
        assertThat(parts(folder.resolve("out")))
                .isEqualTo(parts(folder.resolve("other")))
                .isNotEmpty();
    }

    @Test
    void aSinkIsNamedByItsStepOnCamelMainToo() throws Exception {
        Map<String, Object> here = call("here", "objects-sink", required("objects-sink"));
        Path file = folder.resolve("things.camel.yaml");
        Files.writeString(
                file, new Dump(DumpSettings.builder().build()).dumpToString(pipeline(source("objects-source"), here)));
        Main main = new Main();
        Properties settings = new Properties();
        settings.setProperty("camel.main.routes-include-pattern", "file:" + file);
        settings.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings);
        main.bind("ledgerDataSource", ledger);
        main.start();
        try {
            RunReport run = main.getCamelTemplate()
                    .request("direct:things", e -> {})
                    .getMessage()
                    .getBody(RunReport.class);
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks()).containsOnlyKeys("here");
        } finally {
            main.stop();
        }
    }

    @Test
    void tuningResendsNothingAndAnotherPlaceGetsEverything() throws Exception {
        Map<String, String> to = required("objects-sink");
        assertThat(written(required("objects-source"), to)).isEqualTo(2);
        Map<String, String> from = with(required("objects-source"), "leaseMillis", "20000");
        from.putAll(Map.of("retries", "1", "timeoutMillis", "7000", "deleteLimitPercent", "30"));
        assertThat(written(from, with(to, "timeoutMillis", "7000"))).isZero();
        assertThat(written(from, with(to, "output", folder.resolve("other").toString())))
                .isEqualTo(2);
    }

    private long written(Map<String, String> from, Map<String, String> to) throws Exception {
        List<Object> route = pipeline(call(null, "objects-source", from), call(null, "objects-sink", to));
        try (DefaultCamelContext camel = started(route)) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            return run.sinks().get("objects").written();
        }
    }

    /** What the sinks that a batch comes to call themselves, in the order of the route. */
    private static List<String> namesThatSinksHave(DefaultCamelContext camel) throws Exception {
        List<String> names = new ArrayList<>();
        RunContext asking = new RunContext() {
            @Override
            public void deliver(Sink sink, List<Record> batch) {
                names.add(sink.name());
            }

            @Override
            public void reject(String step, Record record, BadRecordException reason) {
                throw new IllegalStateException("an empty batch holds no record");
            }
        };
        // the route's steps without its source, as a route of its own
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            Exchange done = template.request("direct:steps", e -> {
                e.setVariable(RunContext.VARIABLE, asking);
                e.getMessage().setBody(List.of());
            });
            if (done.getException() != null) throw done.getException();
        }
        return names;
    }

    private static RunReport run(DefaultCamelContext camel) throws Exception {
        return run(camel, "things");
    }

    private static RunReport run(DefaultCamelContext camel, String pipeline) throws Exception {
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            Exchange done = template.request("direct:" + pipeline, e -> {});
            return RunReport.of(done);
        }
    }

    private DefaultCamelContext started(List<Object> route) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        try {
            Properties settings = new Properties();
            settings.setProperty("camel.component.kamelet.no-error-handler", "true");
            camel.getPropertiesComponent().setOverrideProperties(settings);
            camel.getRegistry().bind("ledgerDataSource", ledger);
            load(camel, route);
            camel.start();
            return camel;
        } catch (Exception e) {
            camel.close();
            throw e;
        }
    }

    private static void load(DefaultCamelContext camel, List<Object> route) throws Exception {
        String yaml = new Dump(DumpSettings.builder().build()).dumpToString(route);
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("things.camel.yaml", yaml));
    }

    /** A pipeline whose source hands its batches to a second route, which can be called alone. */
    @SafeVarargs
    private static List<Object> route(Map<String, Object> source, Map<String, Object>... steps) {
        Map<String, Object> from = new LinkedHashMap<>((Map<String, Object>) source.get("to"));
        from.put("steps", List.of(Map.of("to", "direct:steps")));
        Map<String, Object> inner = Map.of("uri", "direct:steps", "steps", List.of(steps));
        return List.of(Map.of("route", Map.of("from", from)), Map.of("route", Map.of("from", inner)));
    }

    /** A pipeline in one route. */
    @SafeVarargs
    private static List<Object> pipeline(Map<String, Object> source, Map<String, Object>... steps) {
        Map<String, Object> from = new LinkedHashMap<>((Map<String, Object>) source.get("to"));
        from.put("steps", List.of(steps));
        return List.of(Map.of("route", Map.of("from", from)));
    }

    private Map<String, Object> source(String kamelet) throws IOException {
        return call(null, kamelet, required(kamelet));
    }

    private Map<String, Object> sink(String kamelet) throws IOException {
        return call(null, kamelet, required(kamelet));
    }

    private static Map<String, Object> call(String id, String kamelet, Map<String, String> parameters) {
        Map<String, Object> to = new LinkedHashMap<>(Map.of("uri", "kamelet:" + kamelet, "parameters", parameters));
        if (id != null) to.put("id", id);
        return Map.of("to", to);
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(name, value);
        return more;
    }

    /** What the Kamelet must be told: as its example says, on the stores of this test. */
    private Map<String, String> required(String kamelet) throws IOException {
        Map<?, ?> yaml = ConnectorsPage.kamelet(kamelet);
        Map<?, ?> notes = (Map<?, ?>) ((Map<?, ?>) yaml.get("metadata")).get("annotations");
        Map<?, ?> example = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString((String) notes.get("caravan.io/example"));
        Map<?, ?> definition = (Map<?, ?>) ((Map<?, ?>) yaml.get("spec")).get("definition");
        Map<String, String> required = new TreeMap<>();
        for (Object name : (List<?>) definition.get("required")) {
            assertThat(example.get(name))
                    .as("%s: %s in the example", kamelet, name)
                    .isNotNull();
            required.put((String) name, example.get(name).toString());
        }
        required.putAll(here(kamelet));
        return required;
    }

    private Map<String, String> here(String kamelet) throws IOException {
        String http = "http://127.0.0.1:" + server.getAddress().getPort() + "/things";
        return switch (kamelet) {
            case "objects-source" -> Map.of("input", folder.resolve("in").toString());
            case "objects-sink" -> Map.of("output", folder.resolve("out").toString());
            case "warehouse-sink" -> Map.of("table", file("table.yaml", """
                    table: things
                    columns: [{name: id, type: text, key: true}, {name: name, type: text}]
                    """));
            case "neo4j-sink" -> Map.of("mapping", file("graph.yaml", """
                    record: thing
                    nodes: {thing: {label: Thing, key: id, properties: {name: name}}}
                    """));
            case "mongodb-sink", "mongodb-source" -> Map.of("database", mongoDatabase());
            case "jdbc-source" -> Map.of("query", "select * from (values ('1', 'a'), ('2', 'b')) as t (id, name)");
            case "http-sink", "http-source" -> Map.of("url", http);
            case "notify-sink" -> Map.of("channel", "http", "target", http);
            default -> Map.of();
        };
    }

    private String mongoDatabase() {
        return "required_" + Integer.toHexString(folder.hashCode());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static Map<?, ?> property(String kamelet, String name) throws IOException {
        Map<?, ?> spec = (Map<?, ?>) ConnectorsPage.kamelet(kamelet).get("spec");
        return (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) spec.get("definition")).get("properties")).get(name);
    }
}
