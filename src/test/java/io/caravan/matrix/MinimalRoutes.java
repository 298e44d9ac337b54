package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.error.BadRecordException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.run.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Routes that say no more than they must, on the stores of the tests: made of Kamelets with what their examples require. Each test
 * has a folder and a database of its own.
 */
final class MinimalRoutes implements AfterEachCallback {

    private static final byte[] ROWS =
            "[{\"id\": \"1\", \"name\": \"a\"}, {\"id\": \"2\", \"name\": \"b\"}]".getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final HttpServer server;
    private final String dataDir = System.getProperty("caravan.data.dir");

    /** The stores of this machine are those of the tests. */
    MinimalRoutes() {
        try {
            folder = Files.createTempDirectory("minimal-routes");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("in")).resolve("a.csv"), "id,name\n1,a\n2,b\n");
        Files.createDirectories(folder.resolve("out"));
        Files.createDirectories(folder.resolve("other"));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean list = exchange.getRequestMethod().equals("GET");
            exchange.sendResponseHeaders(list ? 200 : 204, list ? ROWS.length : -1);
            if (list) exchange.getResponseBody().write(ROWS);
            exchange.close();
        });
        server.start();
        System.setProperty("caravan.data.dir", folder.resolve("data").toString());
    }

    Path folder() {
        return folder;
    }

    Endpoint database() {
        return database;
    }

    LedgerDataSource ledger() {
        return ledger;
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        if (dataDir == null) System.clearProperty("caravan.data.dir");
        else System.setProperty("caravan.data.dir", dataDir);
        server.stop(0);
        ledger.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    void laptopStore(String store, Endpoint endpoint) throws IOException {
        Properties p = new Properties();
        p.putAll(Map.of("uri", endpoint.uri(), "user", endpoint.user(), "password", endpoint.password()));
        Path file =
                Files.createDirectories(folder.resolve("data").resolve(store)).resolve("endpoint.properties");
        try (var out = Files.newBufferedWriter(file)) {
            p.store(out, null);
        }
    }

    /** What the sinks that a batch comes to call themselves, in the order of the route. */
    static List<String> namesThatSinksHave(DefaultCamelContext camel) throws Exception {
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

    static RunReport run(DefaultCamelContext camel) throws Exception {
        return run(camel, "things");
    }

    static RunReport run(DefaultCamelContext camel, String pipeline) throws Exception {
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            Exchange done = template.request("direct:" + pipeline, e -> {});
            return RunReport.of(done);
        }
    }

    DefaultCamelContext started(List<Object> route) throws Exception {
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

    static void load(DefaultCamelContext camel, List<Object> route) throws Exception {
        String yaml = new Dump(DumpSettings.builder().build()).dumpToString(route);
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("things.camel.yaml", yaml));
    }

    /** A pipeline whose source hands its batches to a second route, which can be called alone. */
    @SafeVarargs
    static List<Object> route(Map<String, Object> source, Map<String, Object>... steps) {
        Map<String, Object> from = new LinkedHashMap<>((Map<String, Object>) source.get("to"));
        from.put("steps", List.of(Map.of("to", "direct:steps")));
        Map<String, Object> inner = Map.of("uri", "direct:steps", "steps", List.of(steps));
        return List.of(Map.of("route", Map.of("from", from)), Map.of("route", Map.of("from", inner)));
    }

    /** A pipeline in one route. */
    @SafeVarargs
    static List<Object> pipeline(Map<String, Object> source, Map<String, Object>... steps) {
        Map<String, Object> from = new LinkedHashMap<>((Map<String, Object>) source.get("to"));
        from.put("steps", List.of(steps));
        return List.of(Map.of("route", Map.of("from", from)));
    }

    Map<String, Object> source(String kamelet) throws IOException {
        return call(null, kamelet, required(kamelet));
    }

    Map<String, Object> sink(String kamelet) throws IOException {
        return call(null, kamelet, required(kamelet));
    }

    static Map<String, Object> call(String id, String kamelet, Map<String, String> parameters) {
        Map<String, Object> to = new LinkedHashMap<>(Map.of("uri", "kamelet:" + kamelet, "parameters", parameters));
        if (id != null) to.put("id", id);
        return Map.of("to", to);
    }

    static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(name, value);
        return more;
    }

    /** What the Kamelet must be told: as its example says, on the stores of this test. */
    Map<String, String> required(String kamelet) throws IOException {
        Map<?, ?> yaml = ConnectorsPage.kamelet(kamelet);
        Map<?, ?> notes = (Map<?, ?>) ((Map<?, ?>) yaml.get("metadata")).get("annotations");
        Map<?, ?> example = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString((String) notes.get("caravan.io/example"));
        Map<?, ?> definition = (Map<?, ?>) ((Map<?, ?>) yaml.get("spec")).get("definition");
        Map<String, String> required = new TreeMap<>();
        for (Object name : definition.get("required") instanceof List<?> l ? l : List.of()) {
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
            case "objects-sink", "pages-sink" ->
                Map.of("output", folder.resolve("out").toString());
            case "endpoint-source" -> Map.of("uri", "file:" + folder.resolve("in"));
            case "images-sink", "images-action" ->
                Map.of("output", folder.resolve("out").toString(), "mapping", file("images.yaml", """
                        inventory: image-inventory
                        images: [{field: name, container: covers, names: [{prefix: c-, field: id}]}]
                        """));
            case "warehouse-sink" -> Map.of("table", file("table.yaml", """
                    table: things
                    columns: [{name: id, type: text, key: true}, {name: name, type: text}]
                    """));
            case "neo4j-sink" -> Map.of("mapping", file("graph.yaml", """
                    record: thing
                    nodes: {thing: {label: Thing, key: id, properties: {name: name}}}
                    """));
            case "google-sheets-source" -> Map.of("keyFields", "id");
            case "mongodb-sink", "mongodb-source" -> Map.of("database", mongoDatabase(), "collection", "things");
            case "jdbc-source" -> Map.of("query", "select * from (values ('1', 'a'), ('2', 'b')) as t (id, name)");
            case "http-sink", "http-source" -> Map.of("url", http);
            case "notify-sink" -> Map.of("channel", "http", "target", http);
            case "endpoint-sink" -> Map.of("uri", http);
            case "decrypt-fields-action" -> Map.of("keysFile", keys().toString(), "cleartextKeys", "true");
            default -> Map.of();
        };
    }

    private Path keys() {
        Path keys = folder.resolve("keys.json");
        new KeysFile(keys).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
        return keys;
    }

    String mongoDatabase() {
        return "required_" + Integer.toHexString(folder.hashCode());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    static Map<?, ?> property(String kamelet, String name) throws IOException {
        Map<?, ?> spec = (Map<?, ?>) ConnectorsPage.kamelet(kamelet).get("spec");
        return (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) spec.get("definition")).get("properties")).get(name);
    }
}
