package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Sha256;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets such as generators make, at servers that look at them. */
class HardSecretsTest {

    private static final String HARD = "a\"b{{c}}${d}#";

    private static final String ROUTE = """
            - route:
                id: people
                from:
                  uri: kamelet:jdbc-source
                  parameters:
                    pipeline: people
                    uri: "{{caravan.shop.uri}}"
                    user: "{{caravan.shop.user}}"
                    password: "{{caravan.shop.password}}"
                    query: select id, name from staff
                    keyFields: id
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          sink: warehouse
                          uri: "{{caravan.warehouse.uri}}"
                          user: "{{caravan.warehouse.user}}"
                          password: "{{caravan.warehouse.password}}"
                          table: people/table.yaml
            """;

    private static final String OBJECTS = """
            - route:
                id: people
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: people
                    input: s3://bucket
                    format: csv
                    keyFields: id
                    endpoint: "{{caravan.objects.endpoint}}"
                    region: "{{caravan.objects.region}}"
                    accessKey: "{{caravan.objects.accessKey}}"
                    secretKey: "{{caravan.objects.secretKey}}"
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {sink: copies, output: "%s", format: jsonl}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void aPasswordOfAnyCharactersLogsIn() throws Exception {
        String role = "hard_" + System.nanoTime();
        sql("create role " + role + " superuser login password '" + HARD + "'");
        sql("create table staff as select '1' as id, 'Ann' as name");
        UserProject project = new UserProject(folder);
        project.write("routes/people/people.camel.yaml", ROUTE);
        project.write("routes/people/table.yaml", """
                table: people
                columns:
                  - {name: id, type: text, key: true}
                  - {name: name, type: text}
                """);
        Map<String, String> settings = new HashMap<>();
        for (String feature : List.of("ledger", "shop", "warehouse")) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", role);
            settings.put("caravan." + feature + ".password", HARD);
        }
        project.settings(settings);
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        assertThat(project.out()).anyMatch(line -> line.matches("warehouse +1 .*"));
        assertThat(project.cli("runs")).as("%s", project.err()).isZero();
        assertThat(project.cli("config", "shop")).isZero();
        assertThat(String.join("\n", project.out())).contains("*****").doesNotContain(HARD);

        settings.put("caravan.shop.password", HARD + "x");
        project.settings(settings);
        assertThat(project.cli("run", "people")).as("the server looks at it").isNotZero();
        assertThat(String.join("\n", project.err()))
                .contains("authentication failed for user '" + role + "'")
                .doesNotContain(HARD);
    }

    @Test
    void aSecretKeyOfAnyCharactersSignsRequestsToS3() throws Exception {
        List<Boolean> right = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            right.add(SignedRequest.of(exchange).isBy(HARD));
            byte[] none = """
                    <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                    <Name>bucket</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>""".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(200, none.length);
            exchange.getResponseBody().write(none);
            exchange.close();
        });
        server.start();
        try {
            UserProject project = new UserProject(folder);
            project.write("routes/people/people.camel.yaml", OBJECTS.formatted(folder.resolve("copies")));
            Map<String, String> settings = new HashMap<>(Map.of(
                    "caravan.objects.endpoint",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    "caravan.objects.region",
                    "eu-central-1",
                    "caravan.objects.accessKey",
                    "me",
                    "caravan.objects.secretKey",
                    HARD));
            settings.put("caravan.ledger.uri", database.uri());
            settings.put("caravan.ledger.user", database.user());
            settings.put("caravan.ledger.password", database.password());
            project.settings(settings);
            project.cli("run", "people");
            assertThat(right).as("%s", project.err()).isNotEmpty().containsOnly(true);
        } finally {
            server.stop(0);
        }
    }

    /** A request as AWS signs it (Signature Version 4). */
    private record SignedRequest(String text, String date, String scope, String signature) {

        static SignedRequest of(HttpExchange exchange) {
            Map<String, String> parts = new HashMap<>();
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            for (String part : header.substring(header.indexOf(' ') + 1).split(", *")) {
                parts.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
            }
            String query = exchange.getRequestURI().getRawQuery();
            String sorted =
                    query == null ? "" : Stream.of(query.split("&")).sorted().collect(Collectors.joining("&"));
            StringBuilder text = new StringBuilder(exchange.getRequestMethod() + "\n"
                    + exchange.getRequestURI().getRawPath() + "\n" + sorted + "\n");
            for (String name : parts.get("SignedHeaders").split(";")) {
                text.append(name)
                        .append(':')
                        .append(exchange.getRequestHeaders().getFirst(name))
                        .append('\n');
            }
            text.append('\n').append(parts.get("SignedHeaders")).append('\n');
            text.append(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
            String scope =
                    parts.get("Credential").substring(parts.get("Credential").indexOf('/') + 1);
            String date = exchange.getRequestHeaders().getFirst("x-amz-date");
            return new SignedRequest(text.toString(), date, scope, parts.get("Signature"));
        }

        boolean isBy(String secret) {
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : scope.split("/")) key = hmac(key, part);
            String toSign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n"
                    + HexFormat.of().formatHex(Sha256.of(text));
            return HexFormat.of().formatHex(hmac(key, toSign)).equals(signature);
        }

        private static byte[] hmac(byte[] key, String text) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void sql(String statement) throws Exception {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(statement);
        }
    }
}
