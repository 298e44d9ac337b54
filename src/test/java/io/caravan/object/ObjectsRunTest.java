package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.format.Formats;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From objects to objects on a real ledger, run after run. */
class ObjectsRunTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Main main = new Main();
    private final Map<String, String> things = new TreeMap<>(); // by id: kind
    private Path output;

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < 1_000; i++) things.put("k" + i, i % 3 == 0 ? "a/b" : "c");
        write();
        output = Files.createDirectories(folder.resolve("out"));
        Properties properties = new Properties();
        properties.setProperty(
                "camel.main.routes-include-pattern", "classpath:testroutes/copy-things-to-objects.camel.yaml");
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        properties.setProperty("test.input", folder.resolve("in").toString());
        properties.setProperty("test.output", output.toString());
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", new LedgerDataSource(database.uri(), database.user(), database.password()));
        main.start();
    }

    @AfterEach
    void stop() throws Exception {
        main.getCamelContext()
                .getRegistry()
                .lookupByNameAndType("ledgerDataSource", LedgerDataSource.class)
                .close();
        main.stop();
    }

    @Test
    void runAfterRunTheObjectsHoldWhatTheSourceHolds() throws Exception {
        assertThat(run(Mode.RUN)).isEqualTo("SUCCEEDED byKey 1000/0/0/0 byKind 1000/0/0/0");
        assertEqual();
        Map<String, Object> etags = times();
        assertThat(run(Mode.RUN)).isEqualTo("SUCCEEDED byKey 0/1000/0/0 byKind 0/1000/0/0");
        assertThat(times()).isEqualTo(etags);

        things.put("k1", "a/b");
        things.put("k2", "new");
        things.put("k3", null);
        things.put("n1", "c");
        things.put("n2", "c");
        for (int i = 10; i < 14; i++) things.remove("k" + i);
        write();
        assertThat(run(Mode.RUN)).isEqualTo("SUCCEEDED byKey 5/993/4/0 byKind 5/993/4/0");
        assertEqual();
        assertThat(run(Mode.VERIFY)).startsWith("SUCCEEDED");

        Files.delete(Files.list(output.resolve("keys"))
                .filter(file -> !file.getFileName().toString().startsWith("_caravan-"))
                .sorted()
                .findFirst()
                .orElseThrow());
        assertThat(run(Mode.VERIFY)).startsWith("PARTIAL");
    }

    @Test
    void aFolderThatIsMissingIsMadeAndOneThatCannotBeMadeHoldsNothing() throws Exception {
        Files.delete(output);
        Files.writeString(output, "in the way");
        RunReport failed = report(Mode.RUN);
        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.sinks())
                .allSatisfy((name, sink) -> assertThat(sink.written()).isZero());
        Files.delete(output);
        assertThat(run(Mode.RUN)).isEqualTo("SUCCEEDED byKey 1000/0/0/0 byKind 1000/0/0/0");
        assertEqual();
    }

    @Test
    void aPoisonRecordIsIsolatedAndTheRestDelivered() throws Exception {
        things.put("k7", "x".repeat(300)); // longer than a folder's name may be
        write();
        assertThat(run(Mode.RUN)).isEqualTo("PARTIAL byKey 1000/0/0/0 byKind 999/0/0/1");
        things.put("k7", "c");
        write();
        assertThat(run(Mode.RUN)).isEqualTo("SUCCEEDED byKey 1/999/0/0 byKind 1/999/0/0");
        assertEqual();
    }

    @Test
    void aRunThatEndsBetweenTwoObjectsIsMadeGoodByTheNext() throws Exception {
        // something in the way of the third object
        Path wall = Files.createDirectories(output.resolve("keys/part-00002-of-00004.jsonl.gz/wall"));
        assertThat(run(Mode.RUN)).startsWith("FAILED");
        assertThat(Files.exists(output.resolve("keys/part-00001-of-00004.jsonl.gz")))
                .isTrue();
        Files.delete(wall);
        Files.delete(wall.getParent());
        things.remove("k5");
        things.put("k6", "moved");
        write();
        assertThat(run(Mode.RUN)).startsWith("SUCCEEDED");
        assertEqual();
        assertThat(run(Mode.VERIFY)).startsWith("SUCCEEDED");
    }

    private RunReport report(Mode mode) throws Exception {
        RunRequest request = RunRequest.of(mode).comparingContents(mode == Mode.VERIFY);
        Exchange exchange = main.getCamelTemplate()
                .request("direct:thingsToObjects", e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    private String run(Mode mode) throws Exception {
        RunReport report = report(mode);
        StringBuilder said = new StringBuilder(report.status().name());
        if (report.status() == Status.FAILED)
            return said.append(report.problems()).toString();
        report.sinks()
                .forEach((name, s) -> said.append(
                        " " + name + " " + s.written() + "/" + s.unchanged() + "/" + s.deleted() + "/" + s.dead()));
        return said.toString();
    }

    private void write() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(in.resolve("things.jsonl.gz")))) {
            for (Map.Entry<String, String> t : things.entrySet()) {
                String kind = t.getValue() == null ? "null" : '"' + t.getValue() + '"';
                out.write(("{\"id\":\"" + t.getKey() + "\",\"kind\":" + kind + ",\"n\":"
                                + t.getKey().substring(1) + "}\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void assertEqual() {
        assertThat(held("keys/", "jsonl")).isEqualTo(things);
        assertThat(held("kinds/", "parquet")).isEqualTo(things);
    }

    /** What another source reads of the objects. */
    private Map<String, String> held(String prefix, String format) {
        Map<String, String> held = new TreeMap<>();
        Formats.Options options = new Formats.Options(List.of(), ",", "", "1", 1, 200);
        ObjectsSource source = new ObjectsSource(
                new FileObjectStore(output), Formats.of("test", format, options), prefix, "*", List.of("_key"));
        source.objects().forEachRemaining(object -> {
            try (RecordReader reader = source.open(object)) {
                for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) {
                    assertThat(held).doesNotContainKey(r.get().key());
                    held.put(r.get().key(), (String) r.get().get("kind").orElse(null));
                }
            }
        });
        return held;
    }

    private Map<String, Object> times() throws IOException {
        Map<String, Object> times = new TreeMap<>();
        try (Stream<Path> all = Files.walk(output)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                times.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
