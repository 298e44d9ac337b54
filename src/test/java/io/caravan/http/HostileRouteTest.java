package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.Hostile;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.FieldNames;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Field names, keys and values that mean to do harm, through a real route: they are data from end to end. */
class HostileRouteTest {

    @TempDir
    Path outside;

    /** Names of headers, variables and properties of the exchanges. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void nothingIsResolvedNothingBecomesAHeaderAndNothingLeavesTheFolder() throws Exception {
        Path input = Files.createDirectories(outside.resolve("in"));
        Path output = Files.createDirectories(outside.resolve("out"));
        List<String> names = Hostile.names(1_000);
        StringBuilder lines = new StringBuilder();
        // half surrogate pairs as escapes
        ObjectWriter ascii = StatefulApi.JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        for (int i = 0; i < names.size(); i++) {
            lines.append(ascii.writeValueAsString(line(i, names.get(i)))).append('\n');
        }
        Files.writeString(input.resolve("a.jsonl"), lines);
        RunReport report;
        Map<String, JsonNode> held;
        List<String> told = new CopyOnWriteArrayList<>();
        try (StatefulApi api = new StatefulApi();
                ApiServer hook = new ApiServer(exchange -> {
                    told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    ApiServer.answer(exchange, 200, "");
                })) {
            report = run(input, output, api.server.url("/things"), hook.url("/hook"));
            held = new HashMap<>(api.held);
            assertThat(hook.headers).hasSize(1);
            assertThat(hook.headers.get(0).keySet())
                    .isSubsetOf(
                            "Accept",
                            "User-agent",
                            "Host",
                            "Content-type",
                            "Content-length",
                            "Connection",
                            "Upgrade",
                            "Http2-settings",
                            "Idempotency-key");
        }
        assertThat(report.problems()).isEmpty();
        assertThat(report.status()).isEqualTo(Status.PARTIAL);
        assertThat(report.recordsRead()).isEqualTo(1_000);
        long dead = report.sinks().get("api").dead();
        assertThat(held).hasSize((int) (1_000 - dead)).hasSizeGreaterThan(800);
        held.forEach((key, thing) -> {
            int i = Integer.parseInt(key.substring(1));
            assertThat(thing.get(FieldNames.of(names.get(i))).textValue())
                    .as(names.get(i))
                    .isEqualTo(names.get(i));
        });
        assertThat(told)
                .singleElement()
                .asString()
                .matches("\\{\"pipeline\":\"hostile\",\"run\":[0-9]+,\"records\":[0-9]+,\"deleted\":0,"
                        + "\"deduplicationId\":\"[0-9a-f]{32}\",\"at\":\"[0-9T:.Z-]+\"}");
        assertThat(seen).containsExactlyInAnyOrder("run", "runScope");
        assertThat(files())
                .allMatch(
                        f -> f.matches(
                                "in/a\\.jsonl|out/_caravan-[0-9a-f]{32}-[0-9a-f]{32}|out/folder=[A-Za-z0-9%_-]*/part-00000-of-00001\\.jsonl"))
                .hasSizeGreaterThan(300);
    }

    private static ObjectNode line(int i, String name) {
        ObjectNode line = StatefulApi.JSON.createObjectNode();
        line.put("id", "k" + i);
        line.put("folder", name);
        line.put(name, name);
        return line;
    }

    private RunReport run(Path input, Path output, String to, String hook) throws Exception {
        Main main = new Main();
        Properties properties = new Properties();
        properties.setProperty("camel.main.routes-include-pattern", "classpath:testroutes/copy-hostile.camel.yaml");
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        properties.setProperty("test.input", input.toString());
        properties.setProperty("test.output", output.toString());
        properties.setProperty("test.to", to);
        properties.setProperty("test.notify", hook);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        Processor spy = exchange -> {
            seen.addAll(exchange.getMessage().getHeaders().keySet());
            seen.addAll(exchange.getVariables().keySet());
            seen.addAll(exchange.getProperties().keySet());
        };
        main.bind("spy", spy);
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            main.bind("ledgerDataSource", ledger);
            main.start();
            return RunReport.of(main.getCamelTemplate()
                    .request("direct:hostile", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.RUN))));
        } finally {
            main.stop();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> paths = Files.walk(outside)) {
            return paths.filter(Files::isRegularFile)
                    .map(f -> outside.relativize(f).toString())
                    .toList();
        }
    }
}
