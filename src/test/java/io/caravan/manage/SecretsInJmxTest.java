package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.dataset.DatasetRoutes;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Everything that ships, with a secret in every setting that may be one, and what JMX shows of the process. */
class SecretsInJmxTest {

    /** What may stand in any secret setting. */
    private static final String CANARY = "Y2FuYXJ5LWNhbmFyeQ";

    private static final Path KAMELETS = Path.of("src/main/resources/kamelets");

    @TempDir
    Path folder;

    @Test
    void noAttributeOfAnyBeanHoldsASecret() throws Exception {
        Main main = new Main();
        Properties settings = new Properties();
        settings.setProperty(
                "camel.main.routes-include-pattern",
                Stream.of("*", "books/*", "personalization/*", "query/*")
                                .map(files -> "classpath:routes/" + files + ".camel.yaml,")
                                .reduce("", String::concat)
                        + "file:" + everyKamelet());
        Properties shipped = new Properties();
        try (var in = Files.newBufferedReader(Path.of("application.properties"))) {
            shipped.load(in);
        }
        List<String> secret = shipped.stringPropertyNames().stream()
                .filter(name -> name.matches("caravan\\..*(?i)(password|key|secret|token)"))
                .toList();
        assertThat(secret).hasSizeGreaterThan(5);
        secret.forEach(name -> settings.setProperty(name, CANARY));
        for (String api : List.of("api-pages", "api-records")) {
            settings.setProperty("caravan." + api + ".auth", "header");
            settings.setProperty("caravan." + api + ".authName", "X-Key");
        }
        settings.setProperty("caravan.objects.account", "me");
        settings.setProperty("caravan.objects.accessKey", "me");
        String jdbc = "jdbc:postgresql://127.0.0.1:1/none?sslpassword=" + CANARY + "&password=" + CANARY;
        // one that answers: every attribute of a pipeline that the ledger knows asks it again
        Endpoint ledger = TestStores.freshDatabase();
        settings.setProperty("caravan.ledger.uri", ledger.uri() + "?sslpassword=" + CANARY);
        settings.setProperty("caravan.ledger.user", ledger.user());
        settings.setProperty("caravan.ledger.password", ledger.password());
        settings.setProperty("caravan.warehouse.uri", jdbc);
        settings.setProperty("caravan.documents.uri", "mongodb://me:" + CANARY + "@127.0.0.1:1");
        settings.setProperty("caravan.graph.uri", "bolt://127.0.0.1:1");
        settings.setProperty("caravan.vectors.path", folder.resolve("vectors").toString());
        settings.setProperty("caravan.schedule.personalization.cron", "0 0 0 1 1 ?");
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("camel.server.port", "0");
        main.setOverrideProperties(settings);
        main.configure().addRoutesBuilder(new DatasetRoutes(List.of(published()), true));
        main.start();
        try (JmxClient client = new JmxClient()) {
            client.tell(new ObjectName("io.caravan:type=Pipeline,name=personalization"), "run");
            Map<String, String> attributes = BeanTexts.of(client.beans, main.getCamelContext());
            Set<String> domains = new TreeSet<>();
            attributes.keySet().forEach(name -> domains.add(name.substring(0, name.indexOf(':'))));
            List<String> found = new ArrayList<>();
            attributes.forEach((name, text) -> {
                if ((name + text).contains(CANARY)) found.add(name);
            });
            assertThat(domains).contains("org.apache.camel", "io.caravan", "quartz");
            assertThat(attributes).hasSizeGreaterThan(1000);
            assertThat(found).isEmpty();
            noneIn(ledger);
        } finally {
            main.stop();
        }
    }

    /** The run that JMX began is audited, without them. */
    private static void noneIn(Endpoint database) {
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            List<String> rows = new PlainTransactions(ledger)
                    .in(c -> Sql.list(
                            c,
                            r -> r.getString(1),
                            "select a::text || f::text from ledger.audit a join ledger.audit_configuration f"
                                    + " on f.hash = a.configuration"));
            assertThat(rows).isNotEmpty().allMatch(row -> row.contains("caravan.ledger.uri"));
            assertThat(rows).noneMatch(row -> row.contains(CANARY));
        }
    }

    /** A route file that calls every Kamelet that takes a secret, with one wherever it does. */
    private Path everyKamelet() throws Exception {
        List<Object> routes = new ArrayList<>();
        int secrets = 0;
        try (Stream<Path> files = Files.list(KAMELETS)) {
            for (Path file : files.sorted().toList()) {
                Map<?, ?> kamelet = (Map<?, ?>) yaml(Files.readString(file));
                String name = (String) at(kamelet, "metadata", "name");
                Map<String, Object> parameters = new LinkedHashMap<>();
                boolean any = false;
                ((Map<?, ?>) yaml((String) at(kamelet, "metadata", "annotations", "caravan.io/example")))
                        .forEach((key, value) -> parameters.put((String) key, value));
                for (Map.Entry<?, ?> property :
                        ((Map<?, ?>) at(kamelet, "spec", "definition", "properties")).entrySet()) {
                    if (!"password".equals(at(property.getValue(), "format"))) continue;
                    parameters.put((String) property.getKey(), secret((String) property.getKey(), name));
                    secrets++;
                    any = true;
                }
                if (!any) continue;
                parameters.putAll(needed(name));
                Map<String, Object> call = Map.of("uri", "kamelet:" + name, "parameters", parameters);
                boolean source = name.endsWith("-source");
                if (source) parameters.put("pipeline", "canary-" + name);
                Map<String, Object> from = source
                        ? Map.of(
                                "uri",
                                call.get("uri"),
                                "parameters",
                                parameters,
                                "steps",
                                List.of(Map.of("to", "log:x")))
                        : Map.of("uri", "direct:canary-" + name, "steps", List.of(Map.of("to", call)));
                routes.add(Map.of("route", Map.of("id", "canary-" + name, "from", from)));
            }
        }
        assertThat(secrets).isGreaterThan(20);
        return Files.writeString(
                folder.resolve("canaries.camel.yaml"),
                new Dump(DumpSettings.builder().build()).dumpToString(routes));
    }

    private static String secret(String property, String kamelet) {
        return switch (property) {
            case "uri" ->
                switch (kamelet) {
                    case "jdbc-source" -> "jdbc:postgresql://127.0.0.1:1/none?password=" + CANARY;
                    case "endpoint-sink", "endpoint-source" -> "sftp://me@127.0.0.1:1/out?password=RAW(" + CANARY + ")";
                    case "notify-sink" -> "";
                    default -> "mongodb://me:" + CANARY + "@127.0.0.1:1";
                };
            case "connectionString" ->
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + CANARY + "==;EndpointSuffix=x.test";
            case "accountKey" -> CANARY + "==";
            default -> CANARY;
        };
    }

    /** A dataset with secrets in its file, as the reference system allows it, and those of the settings. */
    private String published() throws IOException {
        return Files.writeString(
                        folder.resolve("published.yaml"),
                        "dataset_id: published\n"
                                + "source: {kind: file, url: canaries.csv, format: csv}\n"
                                + "parse: {plugin: table}\n"
                                + "parse_config: {date_column: d}\n"
                                + "load: {plugin: versioned, bucket: things}\n"
                                + "state: {kind: s3, bucket: things, key: state.json, aws_access_key_id: me,"
                                + " aws_secret_access_key: " + CANARY + "}\n"
                                + "lock: {kind: dynamodb, table_name: locks,"
                                + " aws_access_key_id: me,"
                                + " aws_secret_access_key: "
                                + CANARY + "}\n")
                .toString();
    }

    private String dataset() throws IOException {
        return Files.writeString(
                        folder.resolve("canaries.yaml"),
                        "dataset_id: canaries\nsource: {kind: file, url: canaries.csv, format: csv}\n")
                .toString();
    }

    private Map<String, Object> needed(String kamelet) throws IOException {
        return switch (kamelet) {
            case "objects-source" -> Map.of("input", "azure://things", "accountKey", "");
            case "dataset-source" -> Map.of("file", dataset(), "account", "a", "connectionString", "");
            case "announce-sink", "versions-sink", "pages-sink" ->
                Map.of("output", "azure://things", "account", "a", "connectionString", "");
            case "images-sink", "images-action" -> Map.of("output", "azure:", "account", "a", "connectionString", "");
            case "objects-sink" -> Map.of("output", "azure://things", "account", "a", "connectionString", "");
            case "lookup-action" ->
                Map.of(
                        "keyFields",
                        "id",
                        "fields",
                        "name",
                        "database",
                        "d",
                        "collection",
                        "c",
                        "account",
                        "a",
                        "connectionString",
                        "");
            case "http-source", "http-sink" -> Map.of("auth", "header", "authName", "X-Key");
            case "notify-sink" ->
                Map.of("channel", "http", "target", "http://127.0.0.1:1", "auth", "header", "authName", "X-Key");
            case "warehouse-sink" -> Map.of("uri", "jdbc:postgresql://127.0.0.1:1/none?password=" + CANARY);
            default -> Map.of();
        };
    }

    private static Object yaml(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) found = found instanceof Map<?, ?> m ? m.get(key) : null;
        return found;
    }
}
