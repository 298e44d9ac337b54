package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages of a dataset that are a user's own, by their names: a Kamelet, and beans of annotated classes, in his folder. */
class DatasetPluginsTest {

    private static final String PARSER = """
            import io.caravan.observation.Observations;
            import io.caravan.observation.Parser;
            import io.caravan.record.Origin;
            import io.caravan.record.Record;
            import io.caravan.source.BadRow;
            import io.caravan.source.RecordReader;
            import java.io.*;
            import java.nio.file.*;
            import java.util.*;
            import java.util.function.Consumer;
            import org.apache.camel.BindToRegistry;

            /** Lines of a date, a blank and a value. */
            @BindToRegistry("lines")
            public class Lines implements Parser {
                @Override
                public RecordReader open(Path file, String object) {
                    Iterator<String> lines;
                    try {
                        lines = Files.readAllLines(file).iterator();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return new RecordReader() {
                        private int line;
                        @Override
                        public Optional<Record> read(Consumer<BadRow> bad) {
                            if (!lines.hasNext()) return Optional.empty();
                            String[] parts = lines.next().split(" ");
                            String time = parts[0] + "T00:00:00+00:00";
                            Object[] values = {time, "XX_RATE_D", Long.valueOf(parts[1]), null, null};
                            return Optional.of(Record.read(
                                    "XX_RATE_D|" + time, Observations.FIELDS, values, new Origin(object, ++line)));
                        }
                        @Override
                        public void close() {}
                    };
                }
            }
            """;

    private static final String STEP = """
            import io.caravan.error.BadRecordException;
            import io.caravan.record.Record;
            import io.caravan.step.Step;
            import java.util.*;
            import java.util.function.BiConsumer;
            import org.apache.camel.BindToRegistry;

            @BindToRegistry
            public class InPercent implements Step {
                @Override
                public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
                    return batch.stream().map(r -> r.deleted() ? r : r.with("unit", "percent")).toList();
                }
            }
            """;

    private static final String KAMELET = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: in-bips-action
              labels: {camel.apache.org/kamelet.type: action}
            spec:
              definition:
                title: In Bips
                description: Says that a rate is in basis points.
                type: object
              template:
                beans:
                  - name: bipsBean
                    type: "#class:io.caravan.observation.CompleteObservations"
                    constructors: {"0": "XX_RATE_D=bips;D"}
                  - name: applyBean
                    type: "#class:io.caravan.step.ApplyStep"
                    constructors: {"0": "#bean:{{bipsBean}}"}
                from:
                  uri: kamelet:source
                  steps:
                    - process: {ref: "{{applyBean}}"}
            """;

    @TempDir
    private Path folder;

    private UserProject project;

    @BeforeEach
    void begin() throws IOException {
        project = new UserProject(folder);
        Endpoint ledger = TestStores.freshDatabase();
        project.settings(Map.of(
                "caravan.ledger.uri", ledger.uri(),
                "caravan.ledger.user", ledger.user(),
                "caravan.ledger.password", ledger.password(),
                "caravan.series.output", folder.resolve("published").toString()));
        project.write("rates.txt", "2021-03-04 12\n2021-03-05 13\n");
    }

    private void dataset(String name, String transform) throws IOException {
        project.write("datasets/" + name + ".yaml", """
                source: {kind: file, url: %s}
                parse: {plugin: lines}
                transform: {plugin: %s}
                load: {plugin: versioned}
                """.formatted(folder.resolve("rates.txt"), transform));
    }

    @Test
    void aKameletAndAnnotatedBeansBesideTheDatasetAreItsStages() throws Exception {
        project.write("datasets/Lines.java", PARSER);
        project.write("datasets/InPercent.java", STEP);
        project.write("datasets/in-bips-action.kamelet.yaml", KAMELET);
        dataset("percents", "inPercent");
        dataset("bips", "in-bips-action");
        for (Map.Entry<String, String> each :
                Map.of("percents", "percent", "bips", "bips").entrySet()) {
            assertThat(project.cli("run", each.getKey(), "--json"))
                    .as("%s", project.err())
                    .isZero();
            assertThat(project.cli("datasets", "read", each.getKey())).isZero();
            assertThat(project.out())
                    .hasSize(2)
                    .allMatch(l -> l.contains("\"unit\":\"" + each.getValue() + "\""))
                    .anyMatch(l -> l.contains("\"value\":13"));
        }
    }

    @Test
    void aClassThatDoesNotCompileIsSaidWithItsLine() throws Exception {
        project.write("datasets/Lines.java", PARSER.replace("private int line;", "private int lin;"));
        dataset("percents", "complete");
        assertThat(project.cli("run", "percents")).isEqualTo(2);
        assertThat(String.join("\n", project.err()))
                .contains("Lines.java:33: java must compile, got 'cannot find symbol'");
    }
}
