package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.ApiServer.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.endpoint.TestContext;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.format.JsonRecords;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A network that delays, cuts and drops: nothing is lost, nothing is there twice. */
class HttpFaultsTest {

    private static final int SEEDS = 50;

    @Test
    void aServerThatSendsAByteNowAndThenIsGivenUpInTime() throws Exception {
        try (RawServer trickle = new RawServer((request, out) -> {
            out.write(RawServer.ascii("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n["));
            for (int i = 0; i < 10_000; i++) {
                out.write(' ');
                out.flush();
                LockSupport.parkNanos(20_000_000);
            }
        })) {
            HttpApi api = TestContext.knownTo(
                    new HttpApi("things", trickle.url("/"), "none", "", "", "", 0, 1_000, 300, 3, 1, 1_000));
            long began = System.nanoTime();
            assertThatThrownBy(
                            () -> api.exchange(HttpApi.Call.get(URI.create(trickle.url("/")), Map.of()), 1 << 20, true))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("'timeoutMillis'");
            Paging paging = new Paging("http-source", "none", "", "", "", "", 1, "empty", 100);
            JsonPath all = JsonPath.of(new SettingChecks("http-source"), "recordsPath", "");
            assertThatThrownBy(() -> {
                        try (HttpReader reader = new HttpReader(
                                "there",
                                new HttpPages(api, paging, all, Long.MAX_VALUE),
                                new JsonRecords(List.of("id")),
                                Optional.empty())) {
                            reader.read(bad -> {});
                        }
                    })
                    .isInstanceOf(UnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** The client takes the end of the connection for the end of the head, and no body for a whole one. */
    @Test
    void anAnswerThatEndsAnywhereIsNone() throws Exception {
        String body = "{\"results\":[{\"id\":\"k0\",\"status\":200}]}";
        String answer = "HTTP/1.1 200 OK\r\nServer: any\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        for (int length = 0; length < answer.length(); length++) {
            byte[] sent = RawServer.ascii(answer.substring(0, length));
            try (RawServer server = new RawServer((request, out) -> out.write(sent));
                    HttpSink sink = HttpSinkTest.sink(server.url("/things"), "batch", "POST", "tombstone", "key")) {
                assertThatThrownBy(() -> sink.write(HttpSinkTest.things(1)))
                        .as(length + " bytes")
                        .isInstanceOf(UnavailableException.class);
            }
        }
    }

    @Test
    void everyRecordIsReadOnce() throws Exception {
        List<String> all = IntStream.range(0, 2_000).mapToObj(Integer::toString).toList();
        int fired = 0;
        try (ApiServer api = new ApiServer(exchange -> {
            int from = Integer.parseInt(parameter(exchange, "start"));
            answer(
                    exchange,
                    200,
                    all.stream()
                            .skip(from)
                            .limit(500)
                            .map(id -> "{\"id\":" + id + ",\"text\":\"" + "x".repeat(50) + "\"}")
                            .collect(Collectors.joining(",", "[", "]")));
        })) {
            for (int seed = 0; seed < SEEDS; seed++) {
                Random random = new Random(seed);
                try (FaultProxy proxy = new FaultProxy("127.0.0.1:" + api.port())) {
                    int faults = 1 + random.nextInt(3);
                    for (int i = 0; i < faults; i++) proxy.arm(Fault.seeded(random, 40_000));
                    Paging paging = new Paging("http-source", "offset", "", "start", "", "", 1, "empty", 100);
                    assertThat(read(HttpSourceTest.source("http://" + proxy.address() + "/", paging, "")))
                            .as("seed " + seed)
                            .isEqualTo(all);
                    fired += proxy.fired();
                }
            }
        }
        assertThat(fired).isGreaterThan(SEEDS);
    }

    @Test
    void everyRecordIsThereAndNoRequestIsCarriedOutTwice() throws Exception {
        int fired = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean batches = random.nextBoolean();
            try (StatefulApi api = new StatefulApi();
                    FaultProxy proxy = new FaultProxy("127.0.0.1:" + api.server.port());
                    HttpSink sink = HttpSinkTest.sink(
                            "http://" + proxy.address() + "/things",
                            batches ? "batch" : "record",
                            batches ? "POST" : "PUT",
                            batches ? "tombstone" : "request",
                            batches ? "key" : "none")) {
                int faults = 1 + random.nextInt(3);
                for (int i = 0; i < faults; i++) proxy.arm(Fault.seeded(random, batches ? 10_000 : 500));
                List<Record> things = HttpSinkTest.things(250);
                write(sink, things);
                write(sink, List.of(HttpSinkTest.gone("k7"), HttpSinkTest.thing("k8", "changed")));
                fired += proxy.fired();
                proxy.disarm();
                assertThat(api.held).as("seed " + seed).hasSize(249).doesNotContainKey("k7");
                assertThat(api.held.get("k8").get("text").asText()).isEqualTo("changed");
                assertThat(api.carriedOut).as("seed " + seed).hasValue(batches ? 4 : 252);
            }
        }
        assertThat(fired).isGreaterThan(SEEDS);
    }

    /** As a run does it: again while the API is away. */
    private static void write(HttpSink sink, List<Record> batch) {
        for (int attempt = 0; ; attempt++) {
            try {
                assertThat(sink.write(batch)).isEmpty();
                return;
            } catch (UnavailableException e) {
                if (attempt == 3) throw e;
            }
        }
    }

    private static List<String> read(HttpSource source) {
        List<String> keys = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            Optional<Record> record;
            while ((record = reader.read(bad -> {})).isPresent())
                keys.add(record.get().key());
        }
        return keys;
    }
}
