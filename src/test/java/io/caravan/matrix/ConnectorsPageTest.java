package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/connectors.md says what the Kamelets are, and its examples work. */
class ConnectorsPageTest {

    static List<String> kamelets() throws Exception {
        return java.util.stream.Stream.of("source", "action", "sink")
                .flatMap(kind -> {
                    try {
                        return Connector.kamelets(kind).stream();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void saysWhatTheKameletsSay() throws Exception {
        String page = ConnectorsPage.text();
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(ConnectorsPage.FILE, page);
        assertThat(Files.readString(ConnectorsPage.FILE))
                .as("make it again: mvn test -Dtest=ConnectorsPageTest -Dcaravan.docs=write")
                .isEqualTo(page);
    }

    @Test
    void theMatrixShowsEveryConnectorAndNoFailure() throws Exception {
        String matrix = ConnectorsPage.matrix();
        for (String kind : List.of("source", "sink")) {
            for (String kamelet : Connector.ofAnyRecord(kind))
                assertThat(matrix).contains(kamelet);
        }
        assertThat(matrix).doesNotContain("failed", "not run");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void theExampleStartsAsItIsWritten(String kamelet) throws Exception {
        String kind = kamelet.substring(kamelet.lastIndexOf('-') + 1);
        Map<?, ?> metadata = (Map<?, ?>) ConnectorsPage.kamelet(kamelet).get("metadata");
        assertThat(metadata.get("annotations"))
                .as("annotations caravan.io/guarantees, limits, example")
                .isNotNull();
        Map<?, ?> notes = (Map<?, ?>) metadata.get("annotations");
        assertThat(notes.get("caravan.io/guarantees")).isNotNull();
        assertThat(notes.get("caravan.io/limits")).isNotNull();
        if (!kind.equals("action"))
            assertThat(ConnectorsPage.calls(kamelet)).as("calls").isNotEmpty();
        String call = ConnectorsPage.example(kamelet, kind, notes);
        String route = kind.equals("source")
                ? "- route:\n    " + call.replace("\n", "\n    ") + "  steps:\n        - log: read\n"
                : "- route:\n    from:\n      uri: direct:batches\n      steps:\n        - "
                        + call.replace("\n", "\n          ").stripTrailing() + "\n";
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("ledgerDataSource", new io.caravan.ledger.LedgerDataSource("laptop", "", ""));
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("example.camel.yaml", route));
            camel.start();
            assertThat(camel.getRoutes()).hasSizeGreaterThan(1);
        }
    }
}
