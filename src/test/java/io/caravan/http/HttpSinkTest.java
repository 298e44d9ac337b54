package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.endpoint.TestContext;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HttpSinkTest {

    private static final Fields THING = Fields.of("id", "text");

    @Test
    void eachRecordIsPutAtItsOwnAddressAndDeletedThere() throws Exception {
        try (StatefulApi api = new StatefulApi();
                HttpSink sink = sink(api.server.url("/things"), "record", "PUT", "request", "none")) {
            List<String> keys =
                    List.of("a", "a b", "ä/ö?&#%", "%2e%2e", "...", "x+y*~", "\r\nHost: evil", "😀", "\"quoted\"");
            assertThat(sink.write(
                            keys.stream().map(k -> thing(k, "text of " + k)).toList()))
                    .isEmpty();
            assertThat(api.held.keySet()).containsExactlyInAnyOrderElementsOf(keys);
            assertThat(api.server.asked).contains("PUT /things/%C3%A4%2F%C3%B6%3F%26%23%25", "PUT /things/%252e%252e");
            assertThat(sink.differing(List.of(thing("a", "text of a"), thing("a b", "other"), thing("new", "x"))))
                    .containsExactlyInAnyOrder("a b", "new");
            assertThat(sink.write(List.of(gone("a"), gone("never there"), gone("😀"))))
                    .isEmpty();
            assertThat(api.held).doesNotContainKeys("a", "😀").hasSize(keys.size() - 2);
            assertThat(sink.differing(List.of(gone("a"), gone("a b")))).containsExactly("a b");
            try (Stream<String> held = sink.keys()) {
                assertThat(held.toList()).containsExactlyElementsOf(api.held.keySet());
            }
            assertThat(sink.check()).isEmpty();
            assertThat(sink.write(
                            List.of(thing(".", "x"), thing("..", "x"), thing("half \ud83d", "x"), thing("ok", "x"))))
                    .extracting(Refusal::reason)
                    .containsExactly(
                            "things: the key must be a part of a path, got '.'",
                            "things: the key must be a part of a path, got '..'",
                            "things: record: field 'id' must hold no half surrogate pair, got 'one at character 5'");
            assertThat(sink.write(List.of(gone("."), gone(".."))))
                    .as("never sent")
                    .isEmpty();
            assertThat(api.held).containsKey("ok");
        }
    }

    @Test
    void aFieldThatMakesATombstoneIsRefusedInOneThatIsNone() {
        try (StatefulApi api = new StatefulApi();
                HttpSink sink = sink(api.server.url("/things"), "batch", "POST", "tombstone", "key")) {
            assertThat(sink.write(List.of(thing("1", "x"), thing("2", "x")))).isEmpty();
            assertThat(sink.write(List.of(thing("1", "y").with("deleted", true), thing("2", "y"))))
                    .extracting(Refusal::reason)
                    .containsExactly(
                            "things: field 'deleted' must not be there, as it makes a record a tombstone; choose"
                                    + " another tombstoneField");
            assertThat(api.held).containsOnlyKeys("1", "2");
            assertThat(sink.write(List.of(gone("1")))).isEmpty();
            assertThat(api.held).containsOnlyKeys("2");
        }
    }

    @Test
    void valuesArriveAsJsonHasThem() throws Exception {
        try (StatefulApi api = new StatefulApi();
                HttpSink sink = sink(api.server.url("/things"), "record", "PUT", "request", "none")) {
            Record record = Record.read(
                    "1",
                    Fields.of(
                            "id", "long", "decimal", "double", "none", "date", "time", "bytes", "list", "map", "floats",
                            "yes"),
                    new Object[] {
                        "1",
                        123456789012345678L,
                        new BigDecimal("12345678901234567890.10"),
                        1.5,
                        null,
                        LocalDate.of(2024, 2, 29),
                        Instant.parse("2024-05-06T07:08:09.123456Z"),
                        new byte[] {1, 2, 3},
                        Arrays.asList(1L, null, "x"),
                        Map.of("a.b", List.of()),
                        new float[] {0.5f},
                        true
                    },
                    new Origin("", 0),
                    Hash.NONE);
            assertThat(sink.write(List.of(record))).isEmpty();
            assertThat(api.held.get("1"))
                    .hasToString(
                            "{\"id\":\"1\",\"long\":123456789012345678,\"decimal\":12345678901234567890.10,"
                                    + "\"double\":1.5,\"none\":null,\"date\":\"2024-02-29\",\"time\":\"2024-05-06T07:08:09.123456Z\","
                                    + "\"bytes\":\"AQID\",\"list\":[1,null,\"x\"],\"map\":{\"a.b\":[]},\"floats\":[0.5],\"yes\":true}");
            Record nan = Record.read("2", THING, new Object[] {"2", Double.NaN}, new Origin("", 0), Hash.NONE);
            Record half = thing("3", "half \ud83d pair");
            assertThat(sink.write(List.of(nan, half, thing("4", ""))))
                    .extracting(r -> r.record().key())
                    .containsExactly("2", "3");
            assertThat(api.held).containsKey("4");
        }
    }

    @Test
    void theApisMessageIsTheReasonOfARefusalCleanAndShort() throws Exception {
        try (StatefulApi api = new StatefulApi();
                HttpSink sink = sink(api.server.url("/things"), "record", "PUT", "request", "none")) {
            assertThat(sink.write(List.of(thing("1", "x"), poison("2"), thing("3", "x"))))
                    .extracting(Refusal::reason)
                    .containsExactly("things: the API refused the record: status 422: poison  not allowed");
            assertThat(api.held).containsOnlyKeys("1", "3");
        }
        try (ApiServer api = new ApiServer(
                        exchange -> answer(exchange, 400, "tok-123456 \u001b[31m" + "x".repeat(100_000)));
                HttpSink sink = sink(api.url("/"), "record", "PUT", "request", "none")) {
            assertThat(sink.write(List.of(thing("1", "x"), thing("2", "x"))))
                    .hasSize(2)
                    .allSatisfy(r -> assertThat(r.reason())
                            .startsWith("things: the API refused the record: status 400: *****  [31mxxx")
                            .hasSizeLessThan(300));
        }
    }

    @Test
    void asManyRequestsAreUnderWayAsAllowedAndNoMore() throws Exception {
        CyclicBarrier four = new CyclicBarrier(4);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    try {
                        four.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                        answer(exchange, 422, e.toString());
                        return;
                    } finally {
                        underWay.decrementAndGet();
                    }
                    answer(exchange, 200, "");
                });
                HttpSink sink = sink(api.url("/things"), "record", "PUT", "request", "none")) {
            assertThat(sink.write(things(200))).isEmpty();
            assertThat(api.asked).hasSize(200);
            assertThat(most).hasValue(4);
        }
    }

    @Test
    void aBatchIsOneRequestAndItsResultsAreMappedBackByIndexOrKey() throws Exception {
        for (String results : List.of("index", "key")) {
            try (StatefulApi api = new StatefulApi();
                    HttpSink sink = sink(api.server.url("/things"), "batch", "POST", "tombstone", results)) {
                List<Record> batch = new ArrayList<>(things(250));
                batch.add(120, poison("poison 1"));
                batch.add(poison("poison 2"));
                assertThat(sink.write(batch))
                        .extracting(Refusal::reason)
                        .containsOnly("things: the API refused the record with status 422: poison");
                assertThat(api.held).hasSize(250);
                assertThat(api.server.asked).containsExactly("POST /things", "POST /things", "POST /things");
                assertThat(sink.write(List.of(gone("k1"), thing("k2", "changed"))))
                        .isEmpty();
                assertThat(api.held).doesNotContainKey("k1").hasSize(249);
                assertThat(api.held.get("k2").get("text").asText()).isEqualTo("changed");
            }
        }
    }

    @Test
    void resultsThatDoNotFitTheRecordsAreAWrongConfiguration() throws Exception {
        for (String json : List.of(
                "{\"results\":[{\"status\":200}]}",
                "{\"results\":{}}",
                "{}",
                "no json",
                "{\"results\":[{},{}]}",
                "{\"results\":[{\"status\":422,\"status\":200},{\"status\":200}]}")) {
            try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, json));
                    HttpSink sink = sink(api.url("/"), "batch", "POST", "tombstone", "index")) {
                assertThatThrownBy(() -> sink.write(things(2)))
                        .as(json)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("things: the results in the answer must ");
            }
        }
    }

    @Test
    void aKeyThatTwoResultsNameIsAWrongConfiguration() {
        String twice =
                "{\"results\":[{\"id\":\"k0\",\"status\":422},{\"id\":\"k1\",\"status\":200},{\"id\":\"k0\",\"status\":200}]}";
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, twice));
                HttpSink sink = sink(api.url("/"), "batch", "POST", "tombstone", "key")) {
            assertThatThrownBy(() -> sink.write(things(2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("things: the results in the answer must name each record's key once in id, got 'k0'");
        }
    }

    @Test
    void aBatchThatIsRefusedAsAWholeBlamesItsRecords() throws Exception {
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 413, "{\"detail\":\"too much\"}"));
                HttpSink sink = sink(api.url("/"), "batch", "POST", "tombstone", "none")) {
            assertThatThrownBy(() -> sink.write(things(2)))
                    .isInstanceOf(BadRecordException.class)
                    .hasMessage("things: the API refused the batch: status 413: too much");
        }
    }

    @Test
    void statusesThatNoOtherRecordWouldChangeAreAWrongConfiguration() throws Exception {
        for (int status : List.of(401, 402, 403, 301, 307)) {
            for (String mode : List.of("record", "batch")) {
                try (ApiServer api = new ApiServer(exchange -> answer(exchange, status, ""));
                        HttpSink sink = sink(api.url("/"), mode, "POST", "tombstone", "none")) {
                    assertThatThrownBy(() -> sink.write(things(2)))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageNotContaining("tok-123456");
                }
            }
        }
    }

    @Test
    void anApiThatThrottlesOrIsAwayIsUnavailable() throws Exception {
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 429, ""));
                HttpSink sink = sink(api.url("/"), "record", "PUT", "request", "none")) {
            assertThatThrownBy(() -> sink.write(things(20))).isInstanceOf(UnavailableException.class);
            assertThat(api.asked.size()).as("no new ones begin after a failure").isLessThan(20);
        }
        try (HttpSink sink = sink("http://127.0.0.1:1/", "record", "PUT", "request", "none")) {
            assertThatThrownBy(() -> sink.write(things(2))).isInstanceOf(UnavailableException.class);
            assertThat(sink.check()).isPresent();
        }
    }

    @Test
    void theIdempotencyKeyIsTheSameForARepeatAndAnotherForNews() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        try (ApiServer api = new ApiServer(exchange -> {
                    keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                    answer(exchange, 200, "");
                });
                HttpSink one = sink(api.url("/"), "record", "PUT", "request", "none")) {
            Record record = thing("1", "x").changedIn(7);
            one.write(List.of(record));
            one.write(List.of(record));
            one.write(List.of(record.changedIn(9)));
            one.write(List.of(thing("1", "y").changedIn(7)));
            one.write(List.of(thing("2", "x").changedIn(7)));
            one.write(List.of(gone("1")));
        }
        assertThat(keys).hasSize(6);
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).matches("[0-9a-f]{32}");
        assertThat(keys.subList(1, 6)).doesNotHaveDuplicates();
    }

    @Test
    void aDeleteMayHaveAVerbAndAPathOfItsOwnAndFieldsMayStay() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (ApiServer server = new ApiServer(exchange -> {
                    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    answer(exchange, exchange.getRequestURI().getPath().endsWith("/b/archive") ? 404 : 200, "");
                });
                HttpSink sink = new HttpSink(
                        "things",
                        api(server.url("/things")),
                        new HttpRequests(
                                "things",
                                "record",
                                "PUT",
                                "/{key}",
                                "",
                                "request",
                                "",
                                "Idempotency-Key",
                                "POST",
                                "/{key}/archive",
                                "text, none"),
                        new BatchResults("things", "none", "", "", "", "", ""),
                        new HttpReads("things", "", paging("none"), "", ""),
                        1,
                        1,
                        1,
                        "")) {
            assertThat(sink.write(List.of(thing("a", "x"), gone("b/b"), gone("b"))))
                    .isEmpty();
            assertThat(server.asked)
                    .containsExactly("PUT /things/a", "POST /things/b%2Fb/archive", "POST /things/b/archive");
            assertThat(bodies).containsExactly("{\"id\":\"a\"}", "{\"id\":\"b/b\"}", "{\"id\":\"b\"}");
        }
        assertThatThrownBy(() -> new HttpRequests(
                        "things", "record", "PUT", "/{key}", "", "request", "", "", "GET", "/archive", ""))
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "things: deleteMethod must be DELETE, POST, PUT or PATCH, got 'GET'",
                        "things: deletePath must have a part {key} when deletes is request, got '/archive'"));
    }

    @Test
    void anApiThatCannotListSaysThatItCannotBeVerified() throws Exception {
        HttpApi api = api("http://127.0.0.1:1/");
        try (HttpSink sink = new HttpSink(
                "things",
                api,
                new HttpRequests("things", "record", "PUT", "/{key}", "", "request", "", "Idempotency-Key"),
                new BatchResults("things", "none", "", "", "", "", ""),
                new HttpReads("things", "", paging("none"), "", ""),
                1,
                1,
                1,
                "")) {
            assertThatThrownBy(sink::keys)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(
                            "things: what the API holds cannot be verified: it lists nothing; set readUrl if it can");
            assertThatThrownBy(() -> sink.differing(things(1))).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> new HttpRequests("things", "both", "GET", "/{key}/../{key}", "", "never", "", "a b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "things: mode must be record or batch, got 'both'",
                        "things: method must be PUT, POST or PATCH, got 'GET'",
                        "things: recordPath must be parts of a path, one of them {key}, got '/{key}/../{key}'",
                        "things: deletes must be request or tombstone, got 'never'",
                        "things: idempotencyHeader must be a header, got 'a b'"));
        assertThatThrownBy(() -> new HttpReads("things", "http://x", paging("none"), "", " "))
                .hasMessageContaining("readKeyFields must name the fields of the key");
    }

    static HttpSink sink(String url, String mode, String method, String deletes, String results) {
        return new HttpSink(
                "things",
                api(url),
                new HttpRequests("things", mode, method, "/{key}", "", deletes, "deleted", "Idempotency-Key"),
                new BatchResults("things", results, "results", "id", "status", "", "why"),
                new HttpReads("things", url, paging("cursor"), "items", "id"),
                100,
                4,
                1 << 20,
                "");
    }

    private static HttpApi api(String url) {
        return TestContext.knownTo(
                new HttpApi("things", url, "bearer", "", "tok-123456", "", 0, 1000, 5000, 2, 1, 1000));
    }

    private static Paging paging(String style) {
        return new Paging("things", style, style.equals("cursor") ? "cursor" : "", "after", "", "", 1, "empty", 100);
    }

    static List<Record> things(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> thing("k" + i, "text " + i))
                .toList();
    }

    static Record thing(String key, String text) {
        return Record.read(key, THING, new Object[] {key, text}, new Origin("test", 1), Hash.NONE)
                .changedIn(3);
    }

    private static Record poison(String key) {
        return thing(key, "x").with("poison", true);
    }

    static Record gone(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 4);
    }

    static Set<String> keys(List<Record> records) {
        return Set.copyOf(records.stream().map(Record::key).toList());
    }
}
