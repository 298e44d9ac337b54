package io.caravan.bigquery;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQueryException;
import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.delivery.SinkFaults;
import io.caravan.error.ServerErrors;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network that delays, cuts and drops between sink and BigQuery: nothing is lost, nothing is there twice. */
@Timeout(300)
class BigQueryFaultsTest {

    private static final Fields FIELDS = Fields.of("id", "version", "text");
    /** Dataset, table twice, staging, upload twice, its job, merge, its job, drop. */
    private static final int REQUESTS = 10;

    @TempDir
    Path folder;

    private BigQueryStub bigQuery;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        bigQuery = new BigQueryStub();
        proxy = new FaultProxy(bigQuery.host().replace("http://", ""));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        bigQuery.close();
        assertThat(bigQuery.problems).isEmpty();
        assertThat(bigQuery.staging()).isEmpty();
    }

    @Test
    void theTableHoldsExactlyTheWorldAndNoJobIsDoneTwice() throws IOException {
        try (BigQuerySink broken = sink("http://" + proxy.address());
                BigQuerySink direct = sink(bigQuery.host())) {
            int attempts = new SinkFaults(BigQueryFaultsTest::row, BigQueryFaultsTest::gone)
                    .survives(proxy, broken, direct, 3, REQUESTS);
            assertThat(bigQuery.jobs("load")).isBetween(50L, (long) attempts);
            assertThat(bigQuery.merges()).isBetween(50L, (long) attempts);
            assertThat(attempts).as("a lost reply seldom ends a flush").isLessThan(60);
        }
    }

    /** Each request of a flush loses its reply after so many bytes: inside the status, the headers, the body. */
    @Test
    void aReplyMayEndAnywhere() throws Exception {
        int round = 0;
        try (BigQuerySink broken = sink("http://" + proxy.address())) {
            for (int request = 0; request < REQUESTS; request++) {
                for (int after : new int[] {0, 3, 8, 10, 11, 13, 17, 30, 70, 100, 120, 140, 160, 180, 200, 240, 300}) {
                    round++;
                    proxy.arm(request, new Fault(Kind.CUT_REPLY, after));
                    broken.write(List.of(row("a", round), round % 2 == 0 ? row("b", 1) : gone("b")));
                    try {
                        broken.flush();
                    } catch (UnavailableException e) {
                        proxy.disarm();
                        broken.flush();
                    }
                    proxy.disarm();
                    assertThat(bigQuery.rows("select id, version from marketing.rows order by 1"))
                            .as("request %d after %d bytes", request, after)
                            .isEqualTo(round % 2 == 0 ? List.of("a|" + round, "b|1") : List.of("a|" + round));
                }
            }
        }
        assertThat(proxy.fired()).isGreaterThan(round / 2);
    }

    /** What the client says of an interrupt it also says of an answer that does not come in time. */
    @Test
    void anInterruptDuringACallIsToldFromItsTimeLimit() {
        ServerErrors server = new ServerErrors("analytics", "host", "BigQuery", "Google");
        Supplier<Object> call = () -> {
            throw new BigQueryException(0, "interrupted", new InterruptedException());
        };
        assertThatThrownBy(() -> new BigQueryFailure(server, "", 60_000).whole(call))
                .isInstanceOf(BigQueryException.class);
        assertThat(Thread.interrupted()).as("within the limit").isTrue();
        assertThatThrownBy(() -> new BigQueryFailure(server, "", 0).whole(call)).isInstanceOf(BigQueryException.class);
        assertThat(Thread.interrupted()).as("the limit had passed").isFalse();
    }

    @Test
    void whoIsInterruptedMakesNoCallAndIsSoAfterwards() throws Exception {
        try (BigQuerySink sink = sink(bigQuery.host())) {
            sink.write(List.of(row("a", 1)));
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
            } finally {
                assertThat(Thread.interrupted()).as("interrupted").isTrue();
            }
            sink.flush();
        }
        assertThat(bigQuery.rows("select id, version from marketing.rows")).containsExactly("a|1");
    }

    @Test
    void whoWaitedTooLongForAnAnswerIsNotInterrupted() throws Exception {
        try (BigQuerySink sink = sink("http://" + proxy.address())) {
            sink.write(List.of(row("a", 1)));
            proxy.silence(0);
            assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
            assertThat(Thread.interrupted()).isFalse();
            proxy.speak();
            sink.flush();
        }
        assertThat(bigQuery.rows("select id, version from marketing.rows")).containsExactly("a|1");
    }

    private static Record row(String key, int n) {
        return Record.read(
                key, FIELDS, new Object[] {key, (long) n, "x".repeat(n % 500)}, new Origin("a", n), Hash.NONE);
    }

    private static Record gone(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 1);
    }

    private BigQuerySink sink(String host) throws IOException {
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: rows
                columns:
                  - {name: id, type: text, key: true}
                  - {name: version, type: bigint}
                  - {name: text, type: text}
                """);
        return knownTo(new BigQuerySink(
                "analytics",
                BigQueryStub.PROJECT,
                BigQueryStub.DATASET,
                table.toString(),
                "",
                host,
                1,
                2_000,
                5_000,
                0));
    }
}
