package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Record;
import io.caravan.shape.BookclubSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The book club's mapping with the lines that docs/bookclub.md says to add for reading periods. */
class ReadingPeriodsTest {

    private static final String KIND = "club_reading_periods";

    @TempDir
    Path folder;

    @BeforeEach
    @AfterEach
    void clear() {
        TestNeo4j.clear();
    }

    @Test
    void periodsAreNodesOfTheirClubsAndGoWithTheirRows() throws Exception {
        BookclubSample sample = new BookclubSample();
        List<Record> periods = sample.records(KIND);
        assertThat(periods).hasSize(24);

        try (Neo4jSink sink = sink()) {
            List<Record> all = new ArrayList<>(sample.records("clubs"));
            all.addAll(periods);
            assertThat(sink.write(all)).isEmpty();

            assertThat(GraphDump.of().stream()
                            .filter(line -> line.startsWith("Club{") && line.contains("-HAS_PERIOD{}->")))
                    .hasSize(24)
                    .allMatch(line ->
                            line.matches(".*->ReadingPeriod\\{_id=.+, enddate=.+, name=.+, startdate=.+, status=.+}"));
            assertThat(sink.keys().filter(key -> key.startsWith(KIND))).hasSize(24);
            assertThat(sink.differing(all)).isEmpty();
            assertThat(sink.strays()).isEmpty();

            Record first = periods.get(0);
            assertThat(sink.write(List.of(KindsFixture.gone(
                            KIND, first.get("_id").orElseThrow().toString()))))
                    .isEmpty();
            assertThat(GraphDump.of().stream().filter(line -> line.startsWith("ReadingPeriod")))
                    .hasSize(23);
            assertThat(sink.strays()).isEmpty();
        }
    }

    private Neo4jSink sink() throws Exception {
        String mapping = Files.readString(Path.of("routes/bookclub/graph.yaml"));
        Path file = folder.resolve("graph.yaml");
        Files.writeString(file, mapping.replaceFirst("(?m)^indexes:", documented() + "\n$0"));
        Endpoint graph = TestNeo4j.endpoint();
        return knownTo(new Neo4jSink(
                "graph", graph.uri(), graph.user(), graph.password(), "", file.toString(), 10_000, 60_000));
    }

    private static String documented() throws Exception {
        String page = Files.readString(Path.of("docs/bookclub.md"));
        int from = page.indexOf("  - kind: " + KIND);
        return page.substring(from, page.indexOf("```", from)).lines().collect(Collectors.joining("\n"));
    }
}
