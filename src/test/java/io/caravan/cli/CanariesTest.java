package io.caravan.cli;

import static io.caravan.http.ApiServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.error.Mask;
import io.caravan.http.ApiServer;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores;
import io.caravan.local.TestStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Secrets of a kind each, wherever one can be said, in pipelines that fail: none is in what was printed or logged at any level, in the
 * ledger, in a file or in a command line, in whatever spelling.
 */
class CanariesTest {

    private static final String NOBODY = "127.0.0.1:9";
    private static final LoggerContext LOG = (LoggerContext) LoggerFactory.getILoggerFactory();

    @TempDir
    Path folder;

    private final ApiServer api = new ApiServer(CanariesTest::echo);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final PrintStream stderr = System.err;
    private final Level level = LOG.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
    /** What must be nowhere. */
    private final List<String> canaries = new ArrayList<>();

    private final Map<String, String> routes = new LinkedHashMap<>();
    private final Properties settings = new Properties();
    private final StringBuilder env = new StringBuilder();
    private int failures;

    /** Says back what it was sent, as the reason why it takes nothing. */
    private static void echo(HttpExchange exchange) throws IOException {
        String header =
                exchange.getRequestHeaders().toString().toLowerCase(Locale.ROOT).contains("authorization")
                        ? exchange.getRequestHeaders().getFirst("Authorization")
                        : exchange.getRequestHeaders().values().toString();
        answer(
                exchange,
                422,
                "{\"message\":\"no: " + header.replace("\"", "") + " " + exchange.getRequestURI() + "\"}");
    }

    @BeforeEach
    void project() throws IOException {
        System.setErr(stream);
        Endpoint ledger = TestStores.freshDatabase();
        settings.putAll(Map.of(
                "caravan.ledger.uri", ledger.uri(),
                "caravan.ledger.user", ledger.user(),
                "caravan.ledger.password", ledger.password(),
                "caravan.delivery.retries", "0",
                "camel.kamelet.http-sink.requestRetries", "0",
                "camel.kamelet.http-source.requestRetries", "0",
                "camel.kamelet.http-source.retries", "0",
                "camel.kamelet.jdbc-source.retries", "0",
                "camel.kamelet.mongodb-source.retries", "0"));
        settings.setProperty("camel.kamelet.neo4j-sink.connectTimeoutMillis", "300");
        Files.createDirectories(folder.resolve("rows"));
        Files.writeString(folder.resolve("rows/a.csv"), "id,name\n1,a\n2,b\n");
    }

    @AfterEach
    void putBack() {
        System.setErr(stderr);
        quiet();
        api.close();
    }

    @Test
    void noSecretIsPrintedLoggedOrKept() throws Exception {
        for (String auth : List.of("basic", "query")) {
            sink(auth, "http-sink", "url", api.url("/"), "auth", auth, "authName", "user");
            secret(auth, "http-sink", "authSecret", "s/%+");
        }
        sink(
                "lines",
                "http-sink",
                "url",
                api.url("/"),
                "auth",
                "bearer",
                "nonsense",
                "x",
                "authSecret",
                yaml(canary("a\n")));
        sink("twice", "http-sink", "url", "http://u:" + canary("") + "@" + NOBODY + "/?password=" + canary(""));
        sink(
                "graph",
                "neo4j-sink",
                "mapping",
                "file:" + graph(),
                "uri",
                "bolt://" + NOBODY + "?password=" + canary(""));
        sink(
                "mongo-env",
                "mongodb-sink",
                "database",
                "d",
                "collection",
                "c",
                "connectTimeoutMillis",
                "300",
                "uri",
                "mongodb://u:{{env:MY_OWN}}" + canary("/") + "@" + NOBODY + "/d");
        env.append("MY_OWN=").append(canary("")).append('\n');
        sink("table-env", "warehouse-sink", "table", "file:" + table(), "uri", "{{env:OTHER_URI}}");
        env.append("OTHER_URI=jdbc:postgresql://" + NOBODY + "/d?user=u&password=")
                .append(canary(""))
                .append('\n');
        sink(
                "table",
                "warehouse-sink",
                "table",
                "file:" + table(),
                "uri",
                "jdbc:postgresql://" + NOBODY + "/d",
                "user",
                "u");
        secret("table", "warehouse-sink", "password", "a\"b#");
        sink(
                "other-url",
                "warehouse-sink",
                "table",
                "file:" + table(),
                "uri",
                "jdbc:other://" + NOBODY + "/d?password=" + canary(""));
        sink("endpoint", "endpoint-sink", "uri", "http://" + NOBODY + "/?authUsername=u&authPassword=" + canary(""));
        sink("raw", "endpoint-sink", "uri", "ftp://" + NOBODY + "/d?username=u&password=RAW(" + canary("&") + ")");
        source(
                "webs",
                "http-source",
                "url",
                "http://" + NOBODY + "/?token=" + canary(""),
                "recordsPath",
                "$",
                "keyFields",
                "id");
        secret("webs", "http-source", "authSecret", "ü");
        source(
                "tables",
                "jdbc-source",
                "uri",
                "jdbc:postgresql://" + NOBODY + "/d?password=" + canary(""),
                "query",
                "select 1",
                "keyFields",
                "id");
        settings.setProperty("caravan.api-records.authSecret", "{{my.own}}");
        settings.setProperty("my.own", canary(""));
        write();

        for (String pipeline : routes.keySet()) fails("run", pipeline, "-vv");
        quiet();
        for (String pipeline : routes.keySet()) fails("run", pipeline, "-v");
        quiet();
        for (String pipeline : List.of("basic", "graph")) fails("run", pipeline);
        for (String command : List.of("run", "plan", "verify", "adopt", "preview")) {
            for (String word : List.of("--no-such-token", "--other", "--api-key-2")) {
                fails(command, "basic", word, canary("+"));
                fails(command, "basic", word + "=" + canary("ö"));
            }
        }
        for (String command : List.of("runs", "audit", "list", "config", "check", "reset", "purge", "validate")) {
            for (String word : List.of("--no-such-token", "--other", "--api-key-2")) {
                fails(command, word, canary("/"));
                fails(command, word + "=" + canary("%"));
            }
        }
        cli("dead-letters", "--json");
        cli("audit", "--json");
        cli("config");

        assertThat(failures).isGreaterThan(100);
        assertThat(canaries.size() / 2).as("secrets").isGreaterThan(50);
        assertThat(printed.size()).as("it was logged").isGreaterThan(100_000);
        String all = printed.toString(StandardCharsets.UTF_8);
        assertThat(all.contains("Basic *****"))
                .as("the API says back what it was sent")
                .isTrue();
        Set<String> seen = new LinkedHashSet<>(in("printed", all));
        tables().forEach((table, text) -> seen.addAll(in("table " + table, text)));
        files().forEach((file, text) -> seen.addAll(in("file " + file, text)));
        commandLines().forEach((process, text) -> seen.addAll(in("process " + process, text)));
        assertThat(seen).isEmpty();
    }

    private void quiet() {
        LOG.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        Log.pools(LOG);
        System.clearProperty("CARAVAN_LOG");
    }

    /** A new secret with such characters in its middle; both its halves are looked for. */
    private String canary(String middle) {
        String left = "cnry" + canaries.size() + "Qx7v";
        canaries.add(left);
        String right = "Zk" + canaries.size() + "w3birdp";
        canaries.add(right);
        return left + middle + right;
    }

    private static String yaml(String text) {
        return "\"" + text.replace("\n", "\\n") + "\"";
    }

    private void sink(String name, String kamelet, String... parameters) {
        routes.put(
                name,
                "uri: kamelet:objects-source\n      parameters: {pipeline: " + name + ", input: \""
                        + folder.resolve("rows")
                        + "\", keyFields: id, namePattern: \"*.csv\"}\n      steps:\n        - to:\n            id: to-"
                        + name
                        + "\n            uri: kamelet:" + kamelet + parameters("\n            ", parameters));
    }

    private void source(String name, String kamelet, String... parameters) {
        List<String> all = new ArrayList<>(List.of(parameters));
        all.addAll(List.of("pipeline", name));
        routes.put(
                name,
                "uri: kamelet:" + kamelet + parameters("\n      ", all.toArray(String[]::new))
                        + "\n      steps:\n        - to:\n            id: to-" + name
                        + "\n            uri: kamelet:http-sink\n"
                        + "            parameters: {url: \"" + api.url("/") + "\"}");
    }

    private static String parameters(String indent, String... parameters) {
        StringBuilder yaml = new StringBuilder(indent + "parameters:");
        for (int i = 0; i < parameters.length; i += 2) {
            String value = parameters[i + 1].startsWith("\"") ? parameters[i + 1] : "\"" + parameters[i + 1] + "\"";
            yaml.append(indent).append("  ").append(parameters[i]).append(": ").append(value);
        }
        return yaml.toString();
    }

    /** A secret as a setting of one call. */
    private void secret(String route, String kamelet, String property, String middle) {
        settings.setProperty("camel.kamelet." + kamelet + ".to-" + route + "." + property, canary(middle));
        routes.computeIfPresent(
                route,
                (name, text) -> text.replace(
                        "uri: kamelet:" + kamelet + "\n", "uri: kamelet:" + kamelet + "/to-" + name + "\n"));
    }

    private String graph() throws IOException {
        return Files.writeString(
                        folder.resolve("graph.yaml"),
                        "nodes:\n  - label: Thing\n    key: {id: id}\n    properties: {name: name}\n")
                .toString();
    }

    private String table() throws IOException {
        return Files.writeString(
                        folder.resolve("table.yaml"), "table: things\nkey: [id]\ncolumns:\n  id: text\n  name: text\n")
                .toString();
    }

    private void write() throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        for (Map.Entry<String, String> route : routes.entrySet()) {
            Files.createDirectories(folder.resolve("routes/" + route.getKey()));
            Files.writeString(
                    folder.resolve("routes/" + route.getKey() + "/" + route.getKey() + ".camel.yaml"),
                    "# from files to a sink that fails\n- route:\n    id: " + route.getKey() + "\n    from:\n      "
                            + route.getValue() + "\n");
        }
        try (var out = Files.newBufferedWriter(folder.resolve("caravan.properties"))) {
            settings.store(out, null);
        }
        Files.writeString(folder.resolve(".env"), env);
    }

    private void fails(String... words) {
        if (cli(words) != 0) failures++;
    }

    private int cli(String... words) {
        Path home = Path.of("").toAbsolutePath();
        Map<String, String> properties = Map.of("caravan.home", home.toString(), "caravan.project", folder.toString());
        properties.forEach(System::setProperty);
        Mask mask = Mask.ofProcess();
        PrintStream out = new MaskedOutput(stream, mask::hide).stream();
        PrintStream err = new MaskedOutput(stream, mask::sentence).stream();
        try {
            Shell shell = new Shell(
                    new Terminal(out, err, false, false, false, 80, 24, false),
                    mask,
                    () -> Project.of(home, folder, folder, null, words).configuration(),
                    () -> Project.of(home, folder, folder, null, words).pipelines("routes"),
                    () -> new LaptopStores(folder, List.of()));
            return new Cli(shell, folder).run(words);
        } finally {
            out.flush();
            err.flush();
            properties.keySet().forEach(System::clearProperty);
        }
    }

    private Map<String, String> tables() throws Exception {
        Map<String, String> tables = new TreeMap<>();
        try (Connection c = TestStores.dataSource(new Endpoint(
                                settings.getProperty("caravan.ledger.uri"),
                                settings.getProperty("caravan.ledger.user"),
                                settings.getProperty("caravan.ledger.password")))
                        .getConnection();
                Statement s = c.createStatement()) {
            List<String> names = new ArrayList<>();
            try (ResultSet r = s.executeQuery(
                    "select table_schema || '.' || table_name from information_schema.tables"
                            + " where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'")) {
                while (r.next()) names.add(r.getString(1));
            }
            for (String name : names) {
                StringBuilder rows = new StringBuilder();
                try (ResultSet r = s.executeQuery("select t::text from " + name + " t")) {
                    while (r.next()) rows.append(r.getString(1)).append('\n');
                }
                tables.put(name, rows.toString());
            }
        }
        assertThat(tables.get("ledger.dead_letter")).contains("Basic *****");
        return tables;
    }

    /** But those that say the secrets. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (name.startsWith("routes") || name.equals("caravan.properties") || name.equals(".env")) continue;
                files.put(name, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private static Map<String, String> commandLines() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    all.put(
                            process.toString(),
                            Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // it has ended
                }
            }
        }
        return all;
    }

    private Set<String> in(String where, String text) {
        Set<String> seen = new LinkedHashSet<>();
        for (String canary : canaries) {
            List<String> forms = new ArrayList<>(List.of(canary));
            for (int before = 0; before < 3; before++) {
                String encoded = Base64.getEncoder()
                        .encodeToString(("xyz".substring(0, before) + canary).getBytes(StandardCharsets.UTF_8));
                forms.add(encoded.substring(before == 0 ? 0 : before + 1, (before + canary.length()) * 8 / 6));
            }
            for (String form : forms) {
                int at = text.indexOf(form);
                if (at >= 0)
                    seen.add(where + ": ..." + text.substring(Math.max(0, at - 150), Math.min(text.length(), at + 60)));
            }
        }
        return seen;
    }
}
