package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.HttpSinkTest.thing;
import static io.caravan.http.HttpSinkTest.things;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.endpoint.TestContext;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an answer means, as a run hears it: every batch through {@link BulkDelivery}, then the flush. */
@Timeout(60)
class HttpSinkStatusesTest {

    private static final BulkDelivery BULK = new BulkDelivery(1, Duration.ofMillis(1));

    @Test
    void aStatusMeansTheSameForOneRecordAsForManyAlike() {
        Map<Integer, String> expected = new TreeMap<>();
        for (int status : List.of(400, 404, 405, 406, 409, 410, 413, 415, 418, 422, 501))
            expected.put(status, "refused");
        for (int status : List.of(301, 304, 401, 402, 403, 407, 505)) expected.put(status, "configuration");
        for (int status : List.of(408, 425, 429, 500, 502, 503, 504, 507, 520)) expected.put(status, "unavailable");
        for (String mode : List.of("record", "batch")) {
            for (int size : List.of(1, 2, 30)) {
                Map<Integer, String> found = new TreeMap<>();
                for (int status : expected.keySet()) found.put(status, outcome(mode, size, status));
                assertThat(found).as(mode + " of " + size).isEqualTo(expected);
            }
        }
    }

    private static String outcome(String mode, int size, int status) {
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, status, ""));
                HttpSink sink = sink(api, mode, "")) {
            List<Refusal> refusals = run(sink, things(size));
            assertThat(refusals)
                    .hasSize(size)
                    .extracting(Refusal::reason)
                    .containsOnly(refusals.get(0).reason());
            return "refused";
        } catch (UnavailableException e) {
            return "unavailable";
        } catch (ConfigurationException e) {
            return "configuration";
        }
    }

    /** Wherever it stands, and with whomever in its batch. */
    @Test
    void aRecordThatAlwaysGets500IsRefusedAndTheOthersAreTaken() {
        for (String mode : List.of("record", "batch", "results")) {
            for (int at : List.of(0, 1, 150, 298, 299)) {
                for (IntFunction<List<List<Record>>> batches : List.<IntFunction<List<List<Record>>>>of(
                        n -> List.of(poisoned(n)), n -> apart(poisoned(n), n), n -> cut(poisoned(n), 100))) {
                    try (PoisonApi api = new PoisonApi(mode.equals("results"));
                            HttpSink sink = sink(api.server, mode, "")) {
                        assertThat(runAll(sink, batches.apply(at)))
                                .as(mode + " " + at)
                                .extracting(r -> r.record().key() + ": " + r.reason())
                                .containsExactly("poison: things: the API refused the record"
                                        + (mode.equals("results") ? " with status 500" : ": status 500: no"));
                        assertThat(api.taken).hasSize(299);
                    }
                }
            }
        }
    }

    /** More than a few of a batch, but among others that are taken. */
    @Test
    void manyRecordsThatGet500AreRefusedWhileOthersAreTaken() {
        List<Record> batch = new ArrayList<>(things(500));
        for (int i = 0; i < 30; i++) batch.add(i * 16, thing("poison " + i, "x"));
        for (String mode : List.of("record", "batch", "results")) {
            try (PoisonApi api = new PoisonApi(mode.equals("results"));
                    HttpSink sink = sink(api.server, mode, "")) {
                assertThat(run(sink, batch)).as(mode).hasSize(30).allMatch(r -> r.record()
                        .key()
                        .startsWith("poison"));
                assertThat(api.taken).hasSize(500);
            }
        }
    }

    @Test
    void theOnlyRecordOfARunIsRefusedWhenTheApiAnswersAllElse() {
        for (String mode : List.of("record", "batch")) {
            try (PoisonApi api = new PoisonApi(false);
                    HttpSink sink = sink(api.server, mode, "")) {
                assertThat(run(sink, List.of(thing("poison", "x")))).hasSize(1);
            }
        }
    }

    @Test
    void whenEveryRecordGets500TheApiIsAwayAndIsNotAskedForEachOfThem() {
        for (String mode : List.of("record", "batch")) {
            try (ApiServer api = new ApiServer(exchange -> answer(exchange, 500, "no"));
                    HttpSink sink = sink(api, mode, "")) {
                assertThatThrownBy(() -> run(sink, things(600)))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessage(
                                "things: the API refused the record: status 500: no; it takes no others either: try"
                                        + " again later, look at its log, or say in 'statuses' of things what the status means");
                assertThat(api.asked).hasSizeLessThan(150);
            }
        }
    }

    @Test
    void anApiThatFailsFromTheMiddleOfARunOnRefusesNothing() {
        AtomicInteger asked = new AtomicInteger();
        try (ApiServer api =
                        new ApiServer(exchange -> answer(exchange, asked.incrementAndGet() > 250 ? 500 : 200, ""));
                HttpSink sink = sink(api, "record", "")) {
            assertThat(BULK.deliver(sink, things(100), () -> {})).isEmpty();
            assertThat(BULK.deliver(sink, things(165), () -> {})).isEmpty();
            assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
            sink.discard();
            asked.set(0);
            assertThat(run(sink, things(165))).isEmpty();
        }
    }

    @Test
    void anErrorThatEndsBeforeTheRunDoesIsNoRefusal() {
        AtomicInteger failures = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> {
                    boolean poison = exchange.getRequestURI().getPath().endsWith("poison");
                    answer(exchange, poison && failures.incrementAndGet() < 4 ? 500 : 200, "");
                });
                HttpSink sink = sink(api, "record", "")) {
            assertThat(run(sink, poisoned(7))).isEmpty();
            assertThat(failures).hasValue(4);
        }
    }

    @Test
    void whatAStatusMeansCanBeSet() {
        Map<String, Set<Class<?>>> settings = new LinkedHashMap<>();
        settings.put("404=unavailable", Set.of(UnavailableException.class));
        settings.put("4xx=unavailable , 409=refused", Set.of(UnavailableException.class));
        settings.put("4xx = configuration", Set.of(ConfigurationException.class));
        settings.put("404=taken", Set.of());
        settings.forEach((text, thrown) -> {
            try (ApiServer api = new ApiServer(exchange -> answer(exchange, 404, ""));
                    HttpSink sink = sink(api, "record", text)) {
                Set<Class<?>> found = Set.of();
                try {
                    assertThat(run(sink, things(3))).isEmpty();
                } catch (CaravanException e) {
                    found = Set.of(e.getClass());
                }
                assertThat(found).as(text).isEqualTo(thrown);
                assertThat(api.asked.size()).as(text).isGreaterThan(text.contains("unavailable") ? 3 : 0);
            }
        });
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 500, ""));
                HttpSink sink = sink(api, "record", "500=refused,403=refused")) {
            assertThat(run(sink, things(3))).hasSize(3);
            assertThat(api.asked).as("not asked again").hasSize(3);
        }
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 403, ""));
                HttpSink sink = sink(api, "record", "403=refused")) {
            assertThat(run(sink, things(3))).hasSize(3);
        }
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, ""))) {
            assertThatThrownBy(() -> sink(api, "record", "404=gone, 200=refused, 6xx=taken"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(String.join(
                            System.lineSeparator(), wrong("404=gone"), wrong("200=refused"), wrong("6xx=taken")));
        }
    }

    private static String wrong(String entry) {
        return "http-sink: statuses must be like '404=unavailable, 5xx=refused', each taken, refused, unavailable,"
                + " configuration or doubtful, got '" + entry + "'";
    }

    /** Fails what holds a key that begins with poison; a GET finds nothing. */
    private static final class PoisonApi implements AutoCloseable {

        private final Set<String> taken = java.util.concurrent.ConcurrentHashMap.newKeySet();
        private final boolean results;
        private final ApiServer server = new ApiServer(this::answerTo);

        PoisonApi(boolean results) {
            this.results = results;
        }

        private void answerTo(com.sun.net.httpserver.HttpExchange exchange) throws java.io.IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 404, "");
                return;
            }
            var json = StatefulApi.JSON.readTree(body);
            var things =
                    json.isArray() ? json : StatefulApi.JSON.createArrayNode().add(json);
            if (!results && body.contains("poison")) {
                answer(exchange, 500, "no");
                return;
            }
            var reply = StatefulApi.JSON.createObjectNode();
            var list = reply.putArray("results");
            for (var thing : things) {
                String id = thing.get("id").asText();
                boolean poison = id.startsWith("poison");
                if (!poison) taken.add(id);
                list.addObject().put("id", id).put("status", poison ? 500 : 200);
            }
            answer(exchange, 200, reply.toString());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** 299 records, and among them one that the API fails. */
    private static List<Record> poisoned(int at) {
        List<Record> records = new ArrayList<>(things(299));
        records.add(at, thing("poison", "x"));
        return records;
    }

    private static List<List<Record>> apart(List<Record> records, int at) {
        List<List<Record>> batches = new ArrayList<>();
        if (at > 0) batches.add(records.subList(0, at));
        batches.add(records.subList(at, at + 1));
        if (at + 1 < records.size()) batches.add(records.subList(at + 1, records.size()));
        return batches;
    }

    private static List<List<Record>> cut(List<Record> records, int size) {
        List<List<Record>> batches = new ArrayList<>();
        for (int i = 0; i < records.size(); i += size) batches.add(records.subList(i, i + size));
        return batches;
    }

    private static List<Refusal> run(HttpSink sink, List<Record> batch) {
        return runAll(sink, List.of(batch));
    }

    private static List<Refusal> runAll(HttpSink sink, List<List<Record>> batches) {
        sink.discard();
        List<Refusal> refusals = new ArrayList<>();
        for (List<Record> batch : batches) refusals.addAll(BULK.deliver(sink, batch, () -> {}));
        refusals.addAll(sink.flush());
        return refusals;
    }

    private static HttpSink sink(ApiServer api, String mode, String statuses) {
        boolean batches = !mode.equals("record");
        Paging paging = new Paging("things", "none", "", "", "", "", 1, "empty", 100);
        return new HttpSink(
                "things",
                TestContext.knownTo(
                        new HttpApi("things", api.url("/things"), "none", "", "", "", 0, 1000, 5000, 2, 1, 1000)),
                new HttpRequests(
                        "things",
                        batches ? "batch" : "record",
                        batches ? "POST" : "PUT",
                        "/{key}",
                        "",
                        "tombstone",
                        "deleted",
                        "Idempotency-Key"),
                new BatchResults(
                        "things", mode.equals("results") ? "key" : "none", "results", "id", "status", "", "why"),
                new HttpReads("things", "", paging, "", ""),
                100,
                4,
                1 << 20,
                statuses);
    }
}
