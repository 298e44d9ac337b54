package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every source to every sink, as the Kamelets' folder has them: a first run of awkward records, a run without news, changes,
 * a poison record, and what {@code verify} says. Writes the table of docs/connectors.md. In parts that run side by side, by the
 * Kamelet of the source: {@link MatrixIT} has those that no other part has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Matrix {

    /** The Kamelets with a part of their own. */
    static final String OBJECTS = "objects-source";

    static final String MONGODB = "mongodb-source";

    /** Which pairs: a pattern, to try some of them while at work, or all ({@code .}); blank for those that are always tried. */
    private static final String CHOSEN = System.getProperty("caravan.matrix", "");

    private final Endpoint ledger = TestStores.freshDatabase();
    private final Map<String, Map<String, String>> results = new TreeMap<>();
    private List<Connector.Source> sources;
    private List<Connector.Sink> sinks;

    /** Whether this part tries the sources of a Kamelet; of each exactly one part does. */
    abstract boolean has(String kamelet);

    @BeforeAll
    void connectors() throws Exception {
        sources = Connector.all("source", Connector.Source.class);
        sinks = Connector.all("sink", Connector.Sink.class);
        assertThat(sources.stream().map(Connector::kamelet).distinct().toList())
                .isEqualTo(Connector.ofAnyRecord("source"));
        assertThat(sinks.stream().map(Connector::kamelet).distinct().toList()).isEqualTo(Connector.ofAnyRecord("sink"));
    }

    List<String> pairs() throws Exception {
        List<String> pairs = new ArrayList<>();
        for (Connector.Source source : Connector.all("source", Connector.Source.class)) {
            if (!has(source.kamelet())) continue;
            for (Connector.Sink sink : Connector.all("sink", Connector.Sink.class)) {
                String pair = source.name() + " -> " + sink.name();
                boolean tried = CHOSEN.isBlank()
                        ? source.always(sink) && sink.always(source)
                        : Pattern.compile(CHOSEN).matcher(pair).find();
                if (tried) pairs.add(pair);
            }
        }
        return pairs;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void everySourceConnectsToEverySink(String pair) throws Exception {
        String[] names = pair.split(" -> ");
        Connector.Source source = named(sources, names[0]);
        Connector.Sink sink = named(sinks, names[1]);
        Map<String, String> row = results.computeIfAbsent(source.name(), n -> new TreeMap<>());
        row.put(sink.name(), "failed");
        Cell cell = new Cell("m" + sources.indexOf(source) + "_" + sinks.indexOf(sink), source, sink, ledger);
        cell.prove();
        System.out.println(pair + ": " + cell.calls());
        for (Connector connector : List.of(source, sink)) {
            for (String scheme : ConnectorsPage.schemes(connector)) {
                assertThat(cell.calls().of(scheme))
                        .as("calls of %s, which %s names", scheme, connector.kamelet())
                        .isPositive();
            }
        }
        row.put(sink.name(), "yes");
    }

    @AfterAll
    void table() throws Exception {
        ConnectorsPage.writeMatrix(results, sources, sinks);
    }

    private static <T extends Connector> T named(List<T> connectors, String name) {
        return connectors.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
