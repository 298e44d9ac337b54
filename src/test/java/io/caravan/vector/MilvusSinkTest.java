package io.caravan.vector;

import static io.caravan.endpoint.TestContext.knownTo;
import static io.caravan.vector.VectorRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MilvusSinkTest {

    @Test
    void namesAllWrongSettings() {
        assertThatThrownBy(() -> new MilvusSink(
                        " ",
                        "http://me:secret@host:1/db?token=secret",
                        "me",
                        "",
                        "a b",
                        "/no/such/file",
                        "user_data",
                        "id",
                        "_zero",
                        2,
                        "",
                        "",
                        "HNSW",
                        0,
                        0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "milvus-sink: sink must not be blank, got ' '",
                        "milvus-sink: fields must not be _zero, got '_zero'",
                        "milvus-sink: index must be AUTOINDEX or FLAT, got 'HNSW'",
                        "milvus-sink: uri must be http://<host>:<port>, or https:// for TLS, without user, path and"
                                + " parameters, got 'another form'",
                        "milvus-sink: password must be given when there is a user, got ''",
                        "milvus-sink: database must match [A-Za-z_][A-Za-z0-9_]*, got 'a b'",
                        "milvus-sink: caFile must be a readable PEM file, got '/no/such/file'",
                        "milvus-sink: connectTimeoutMillis must be 1 to 600000, got '0'",
                        "milvus-sink: timeoutMillis must be 1 to 86400000, got '0'"));
    }

    @Test
    void saysThatNoServerAnswers() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (MilvusSink sink = sink(port)) {
            assertThatThrownBy(() -> sink.write(List.of(record("1", "ann", 1, 0))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith(
                            "vectors: cannot connect: uri must lead to a Milvus that answers, got '127.0.0.1:" + port)
                    .hasMessageNotContaining("secret");
            assertThat(sink.check()).hasValueSatisfying(problem -> assertThat(problem)
                    .contains("(connection refused); start it or correct 'uri'"));
        }
    }

    @Test
    void doesNotWaitWithoutAnEndForAServerThatIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                MilvusSink sink = sink(silent.getLocalPort())) {
            assertThatThrownBy(() -> sink.write(List.of(record("1", "ann", 1, 0))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("(no answer in time)");
        }
    }

    @Test
    void theKameletTakesNumbersForNames() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:start")
                            .to("kamelet:milvus-sink?uri=http://127.0.0.1:1&user=true&password=12345&model=3"
                                    + "&collection=c1&keyField=id&vectorField=v&dimensions=2");
                }
            });
            camel.start();
            assertThat(camel.getRoutes()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void theQueryApiAsksTheStoreOfTheKindThatIsChosen() {
        for (String kind : List.of("lucene", "milvus")) {
            try (VectorSearch search = VectorSearches.of(
                    kind, "laptop", "http://127.0.0.1:1", "", 12345, "", "", VectorRecords.COLLECTION, 1_000)) {
                assertThat(search).isInstanceOf(kind.equals("lucene") ? LuceneSearch.class : MilvusSearch.class);
            }
        }
    }

    private static MilvusSink sink(int port) {
        return knownTo(sink("http://127.0.0.1:" + port, "me", "secret"));
    }

    /** In no Camel context yet. */
    static MilvusSink sink(String uri, String user, String password) {
        return new MilvusSink(
                "vectors",
                uri,
                user,
                password,
                "",
                "",
                "user_data",
                "record_id",
                "embedding",
                2,
                "user_id",
                "",
                "AUTOINDEX",
                1_000,
                1_000);
    }
}
