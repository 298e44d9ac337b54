package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sinks of which one writes inside the folder of the other: each counts its own objects alone, or is refused. */
class NestedPlacesTest {

    private static final String VERSIONED = "dataset: d, seriesField: a, timeField: t, keyFields: 'a,t'";

    @TempDir
    Path folder;

    private LedgerDataSource ledger;

    @BeforeEach
    void start() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        rows("outer", "1,2026-01-01,A", "2,2026-01-01,B", "3,2026-01-01,C");
        rows("inner", "7,2026-01-01,A", "8,2026-01-01,B");
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            objects; output: $/x                                 ; objects; output: $/x/b
            objects; output: $/x                                 ; objects; 'output: $/x, prefix: b/'
            objects; 'output: $/x, partitions: 1'                ; objects; 'output: $/x, prefix: b, partitions: 1'
            objects; 'output: $/x, prefix: b'                    ; objects; 'output: $/x, prefix: b/'
            objects; 'output: $/x, partitions: 1'                ; objects; 'output: $/x, prefix: part-, partitions: 1'
            objects; 'output: $/x, format: csv'                  ; objects; 'output: $/x, prefix: b/, format: parquet'
            objects; 'output: $/x, partitionBy: v'               ; objects; output: $/x/b
            objects; 'output: $/x, partitionBy: v'               ; objects; 'output: $/x, prefix: v=A/b/, partitions: 1'
            objects; 'output: $/x, partitionBy: v'               ; objects; 'output: $/x, prefix: b/, partitionBy: v'
            versions; 'output: $/x, ~'                           ; versions; 'output: $/x/b, ~'
            versions; 'output: $/x, ~'                           ; versions; 'output: $/x/datasets/d, ~'
            versions; 'output: $/x, ~'                           ; versions; 'output: $/x/datasets/d/versions, ~'
            versions; 'output: $/x, ~'                           ; objects; 'output: $/x'
            versions; 'output: $/x, ~'                           ; objects; 'output: $/x/datasets/d'
            objects; 'output: $/x, partitionBy: v'               ; versions; 'output: $/x, ~'
            """)
    void eachSinkCountsOnlyItsOwn(String outerSink, String outer, String innerSink, String inner) throws Exception {
        try (YamlRoutes main =
                new YamlRoutes(ledger, route("outer", outerSink, outer), route("inner", innerSink, inner))) {
            for (String pipeline : new String[] {"outer", "inner", "outer", "inner"})
                succeeds(main, pipeline, Mode.RUN);
            for (String pipeline : new String[] {"outer", "inner"}) {
                Map<String, String> before = objects();
                RunReport deep = main.run(pipeline, RunRequest.of(Mode.VERIFY).comparingContents(true));
                assertThat(deep.status()).as(deep.toString()).isEqualTo(Status.SUCCEEDED);
                succeeds(main, pipeline, Mode.REPAIR);
                assertThat(main.run(pipeline, Mode.RUN).sinks().values())
                        .allMatch(sink -> sink.written() + sink.deleted() == 0);
                assertThat(objects()).isEqualTo(before);
            }
            rows("outer", "1,2026-01-01,A");
            succeeds(main, "outer", Mode.RUN);
            succeeds(main, "outer", Mode.REPAIR);
            verifies(main, "inner");
            rows("inner", "8,2026-01-01,B", "9,2026-01-01,A");
            succeeds(main, "inner", Mode.RUN);
            verifies(main, "outer");
            succeeds(main, "inner", Mode.REMOVE);
            verifies(main, "outer");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            'output: $/x, partitionBy: v'            ; 'output: $/x, prefix: v=A/, partitions: 1'
            'output: $/x, partitionBy: v'            ; 'output: $/x/v=A, partitions: 1'
            'output: $/x, prefix: q/, partitionBy: v'; 'output: $/x/q, prefix: v=A/, partitions: 1'
            """)
    void aFolderThatIsAPartitionOfAnotherIsRefused(String partitioned, String folder) throws Exception {
        String said =
                "be this sink's alone, neither a partition of another sink's nor with another's folder for a partition";
        for (boolean partitionedFirst : new boolean[] {true, false}) {
            try (YamlRoutes main = new YamlRoutes(
                    ledger,
                    route("p" + partitionedFirst, "objects", partitioned.replace("$", "$/" + partitionedFirst)),
                    route("f" + partitionedFirst, "objects", folder.replace("$", "$/" + partitionedFirst)))) {
                String first = (partitionedFirst ? "p" : "f") + partitionedFirst;
                String second = (partitionedFirst ? "f" : "p") + partitionedFirst;
                succeeds(main, first, Mode.RUN);
                Map<String, String> before = objects();
                RunReport refused = main.run(second, Mode.RUN);
                assertThat(refused.status()).isEqualTo(Status.FAILED);
                assertThat(refused.problems()).anyMatch(p -> p.contains(said) && p.contains("_caravan-"));
                assertThat(objects()).isEqualTo(before);
                verifies(main, first);
            }
        }
    }

    private void verifies(YamlRoutes main, String pipeline) throws Exception {
        RunReport deep = main.run(pipeline, RunRequest.of(Mode.VERIFY).comparingContents(true));
        assertThat(deep.status()).as(deep.toString()).isEqualTo(Status.SUCCEEDED);
    }

    private static void succeeds(YamlRoutes main, String pipeline, Mode mode) throws Exception {
        RunReport run = main.run(pipeline, mode);
        assertThat(run.status()).as(run.toString()).isEqualTo(Status.SUCCEEDED);
    }

    private Map<String, String> objects() throws IOException {
        Map<String, String> objects = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(
                        folder.relativize(file).toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        return objects;
    }

    private void rows(String pipeline, String... rows) throws IOException {
        Path in = Files.createDirectories(folder.resolve("in-" + pipeline));
        Files.writeString(in.resolve("a.csv"), "a,t,v\n" + String.join("\n", rows) + "\n");
    }

    private String route(String pipeline, String sink, String parameters) throws IOException {
        Path file = folder.resolve(pipeline + ".camel.yaml");
        String input = pipeline.startsWith("p") ? "outer" : pipeline.startsWith("f") ? "inner" : pipeline;
        Files.writeString(file, """
                - route:
                    id: %1$s
                    from:
                      uri: kamelet:objects-source
                      parameters: {pipeline: %1$s, input: $/in-%2$s, format: csv, keyFields: 'a,t', deleteLimitPercent: 100}
                      steps:
                      - to: {uri: 'kamelet:%3$s-sink', parameters: {%4$s}}
                """.formatted(pipeline, input, sink, parameters.replace("~", VERSIONED))
                .replace("$", folder.toString()));
        return "file:" + file;
    }
}
