package io.caravan.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.endpoint.TestContext;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JdbcFaultsTest {

    private static final int ROWS = 3_000;

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void aBrokenConnectionIsNeverAShortSuccess() throws IOException {
        int failed = 0;
        String server = database.uri().replaceFirst("^jdbc:postgresql://([^/]*)/.*$", "$1");
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            try (FaultProxy proxy = new FaultProxy(server)) {
                Source source = source(database.uri().replace(server, proxy.address()), 1 + random.nextInt(1_000));
                Fault fault = Fault.seeded(random, 400_000);
                // of the connection that checks, or of the one that reads
                if (random.nextInt(4) == 0) proxy.arm(fault);
                List<String> keys = new ArrayList<>();
                try {
                    source.objects();
                    proxy.arm(fault);
                    read(source, keys);
                    assertThat(keys).as("seed " + seed).hasSize(ROWS);
                } catch (UnavailableException e) {
                    failed++;
                }
                assertThat(keys).as("seed " + seed).doesNotHaveDuplicates();
                proxy.disarm();
                keys.clear();
                read(source, keys);
                assertThat(keys).as("seed " + seed).hasSize(ROWS);
            }
        }
        assertThat(failed).isBetween(5, 49);
    }

    @Test
    void aServerThatTakesTheConnectionAndSaysNothingEndsAnyDriversConnectInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String at = "127.0.0.1:" + silent.getLocalPort();
            for (String uri : List.of("jdbc:h2:tcp://" + at + "/things", "jdbc:postgresql://" + at + "/things")) {
                Source source = TestContext.knownTo(new JdbcSource(
                        uri, "who", "", "query", "select 1 as id", "id", "", "", 0, 0, 10, 1_000, 600_000));
                long began = System.nanoTime();
                assertThatThrownBy(source::objects)
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageStartingWith("jdbc-source: cannot connect")
                        .hasMessageContaining(at)
                        .hasMessageContaining("'connectTimeoutMillis'");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    private static void read(Source source, List<String> keys) {
        try (RecordReader reader = source.open(source.objects().next())) {
            for (Optional<Record> r = reader.read(bad -> {}); r.isPresent(); r = reader.read(bad -> {})) {
                keys.add(r.get().key());
            }
        }
    }

    private Source source(String uri, int fetchSize) {
        String query = "select i as id, repeat('x', i % 200) as text from generate_series(1, " + ROWS + ") i";
        return TestContext.knownTo(new JdbcSource(
                uri,
                database.user(),
                database.password(),
                "query",
                query,
                "id",
                "",
                "",
                0,
                0,
                fetchSize,
                5_000,
                10_000));
    }
}
