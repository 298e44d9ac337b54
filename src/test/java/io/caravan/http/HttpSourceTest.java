package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.ApiServer.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HttpSourceTest {

    private final List<BadRow> bad = new ArrayList<>();

    @Test
    void valuesAreWhatTheJsonSaysAndNumbersAreExact() {
        String json = """
                {"count": 1, "data": {"items": [
                  {"id": 1, "text": "\\ud83d\\ude00", "none": null, "empty": "", "yes": true,
                   "big": 123456789012345678, "bigger": 123456789012345678901234567890, "exact": 0.10, "e": 1e3,
                   "map": {"a": [1, {"b": null}]}, "list": []},
                  {"id": "two"}]}, "after": {"items": [{"id": 3}]}}""";
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, json))) {
            List<Record> records = read(source(api.url("/v1/items?secret=1"), none(), "data.items"));
            assertThat(records)
                    .extracting(Record::toString)
                    .containsExactly(
                            "record 1 (" + api.url("/v1/items") + ":1)", "record two (" + api.url("/v1/items") + ":2)");
            Record first = records.get(0);
            assertThat(first.fields().names().stream().map(n -> first.get(n).orElse(null)))
                    .containsExactly(
                            1L,
                            "😀",
                            null,
                            "",
                            true,
                            123456789012345678L,
                            new BigDecimal("123456789012345678901234567890"),
                            new BigDecimal("0.10"),
                            new BigDecimal("1E+3"),
                            Map.of("a", Arrays.asList(1L, java.util.Collections.singletonMap("b", null))),
                            List.of());
            assertThat(bad).isEmpty();
            assertThat(api.asked).as("listing and reading are one request").hasSize(1);
        }
    }

    @Test
    void whatIsNoRecordIsABadRowAndTheRestGoesOn() {
        String json = """
                [7, {"id": null}, {"id": [1]}, {"id": 1, "a": {"b": 1, "b": [2]}, "c": [{}]}, {"id": 2, "n": [1e99999, {"x": 1}]},
                 {"no": 1}, {"id": 3, "id": 4}, "x", null, [1, [2]], {"id": 5}]""";
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, json))) {
            HttpSource source = source(api.url("/"), none(), "");
            assertThat(read(source)).extracting(Record::key).containsExactly("5");
            assertThat(bad)
                    .extracting(row -> row.origin().line())
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(bad.get(0).reason()).startsWith(api.url("/") + ":1: a record must be a JSON object, got ");
        }
    }

    @Test
    void pagesAreReadToTheirEndInEveryStyle() {
        try (ApiServer api = new ApiServer(exchange -> {
            String path = exchange.getRequestURI().getPath();
            int size = 7;
            int from =
                    switch (path) {
                        case "/page" -> (Integer.parseInt(parameter(exchange, "p")) - 1) * size;
                        case "/offset" -> Integer.parseInt(parameter(exchange, "start"));
                        case "/zero" -> Integer.parseInt(parameter(exchange, "p")) * size;
                        default -> Integer.parseInt("0" + parameter(exchange, "after"));
                    };
            String items = IntStream.range(from, Math.min(from + size, 25))
                    .mapToObj(i -> "{\"id\":" + i + "}")
                    .collect(Collectors.joining(",", "[", "]"));
            int next = from + size;
            boolean more = next < 25;
            switch (path) {
                case "/link" ->
                    answer(
                            exchange,
                            200,
                            "{\"meta\":{\"next\":" + (more ? "\"?after=" + next + "\"" : "null") + "},\"items\":"
                                    + items + "}");
                case "/cursor" ->
                    answer(
                            exchange,
                            200,
                            "{\"items\":" + items + ",\"meta\":{\"next\":" + (more ? next : "\"\"") + "}}");
                case "/header" -> {
                    exchange.getResponseHeaders()
                            .add("Link", "</header?after=0>; rel=\"first prev\", </x>; title=\"next\"");
                    if (more)
                        exchange.getResponseHeaders()
                                .add("Link", "</header?after=" + next + ">; title=\"a\"; rel=next");
                    answer(exchange, 200, "{\"items\":" + items + "}");
                }
                default -> answer(exchange, 200, "{\"items\":" + items + "}");
            }
        })) {
            List<String> all =
                    IntStream.range(0, 25).mapToObj(Integer::toString).toList();
            Map<String, Paging> styles = Map.of(
                    "/page", paging("page", "", "p", "", "empty"),
                    "/zero", paging("page", "", "p", "0", "short"),
                    "/offset", paging("offset", "", "start", "", "empty"),
                    "/link", paging("next-link", "meta.next", "", "", "empty"),
                    "/header", paging("next-link", "", "", "", "empty"),
                    "/cursor", paging("cursor", "meta.next", "after", "", "empty"));
            styles.forEach((path, paging) -> {
                api.asked.clear();
                HttpSource source = source(api.url(path), paging, "items");
                assertThat(read(source)).as(path).extracting(Record::key).isEqualTo(all);
                boolean empty = path.equals("/page") || path.equals("/offset");
                assertThat(api.asked).as(path).hasSize(empty ? 5 : 4);
            });
        }
    }

    @Test
    void aPageThatIsRefusedAfterOthersSucceededIsNeverTheEnd() {
        for (int status : List.of(404, 400, 302, 201)) {
            try (ApiServer api = new ApiServer(exchange -> {
                boolean first = parameter(exchange, "p").equals("1");
                answer(exchange, first ? 200 : status, first ? "[{\"id\":1}]" : "");
            })) {
                HttpSource source = source(api.url("/"), paging("page", "", "p", "", "empty"), "");
                assertThatThrownBy(() -> read(source))
                        .isInstanceOf(IncompleteSourceException.class)
                        .hasMessage("http-source: page 2 of " + api.url("/") + ": status must be 200, got '" + status
                                + "'"
                                + (status >= 400
                                        ? "; if that is how the API ends a list, say so by endStatus: " + status
                                        : ""));
            }
        }
    }

    @Test
    void aFirstPageThatIsRefusedSaysWhatToChange() {
        Map<Integer, String> remedies = Map.of(
                401, "correct 'auth', 'authName' and 'authSecret'",
                403, "grant it the rights it needs, or correct 'auth', 'authName' and 'authSecret'",
                404, "correct 'url'",
                301, "redirects are not followed, set 'url' to where it leads");
        remedies.forEach((status, remedy) -> {
            try (ApiServer api = new ApiServer(exchange -> answer(exchange, status, "{}"))) {
                HttpSource source = source(api.url("/x?key=topsecret"), none(), "");
                assertThatThrownBy(() -> source.objects().next())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining(status.toString())
                        .hasMessageEndingWith("; " + remedy)
                        .hasMessageNotContaining("topsecret");
            }
        });
    }

    @Test
    void anAnswerThatIsNotTheJsonItShouldBeFails() {
        Map<String, String> answers = Map.of(
                "<html>captive portal</html>", "the answer must be whole JSON",
                "{\"items\":[{\"id\":1}", "the answer must be whole JSON",
                "{\"items\":[{\"id\":1}]} {\"items\":[]}", "the answer must be one JSON value, got 'more'",
                "{\"error\":\"try later\"}", "the answer must hold a list of records at items, got 'an answer without'",
                "{\"items\":null}", "the answer must hold one list of records at items, got 'another value'",
                "{\"items\":[],\"items\":[]}", "the answer must hold one list of records at items, got 'two'",
                " ", "the answer must be JSON, got 'nothing'",
                "[]", "the answer must hold a list of records at items");
        answers.forEach((json, why) -> {
            try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, json))) {
                HttpSource source = source(api.url("/"), none(), "items");
                assertThatThrownBy(() -> read(source))
                        .as(json)
                        .isInstanceOf(IncompleteSourceException.class)
                        .hasMessageContaining(why);
            }
        });
    }

    @Test
    void pagesThatDoNotEndAreNoticed() {
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"/same\"}",
                "must lead to a page that was not read yet");
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"/" + n % 5 + "\"}",
                "must lead to a page that was not read yet");
        assertEndless(n -> "{\"items\":[{\"id\":1}],\"next\":\"/" + n + "\"}", "must be another than the page before");
        assertEndless(n -> "{\"items\":[],\"next\":\"/" + n + "\"}", "must be one of at most 50 (raise maxPages)");
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"http://169.254.169.254/\"}",
                "must lead to the scheme, host and port of url");
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"file:///etc/passwd\"}",
                "must lead to the scheme, host and port of url");
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"//u:p@evil.example/\"}",
                "must lead to the scheme, host and port of url");
        assertEndless(n -> "{\"items\":[{\"id\":" + n + "}],\"next\":{\"a\":1}}", "next must be a text or null");
    }

    /** A parser keeps the last of two: here, that there is no next page. */
    @Test
    void aPageThatNamesTheNextTwiceDoesNotEndTheList() {
        assertEndless(
                n -> "{\"items\":[{\"id\":" + n + "}],\"next\":\"/2\",\"next\":null}",
                "the answer must say the next page once at next, got 'two'");
    }

    private void assertEndless(java.util.function.IntFunction<String> pages, String why) {
        AtomicInteger count = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, pages.apply(count.incrementAndGet())))) {
            Paging paging = new Paging("http-source", "next-link", "next", "", "", "", 1, "empty", 50);
            HttpSource source = source(api.url("/"), paging, "items");
            assertThatThrownBy(() -> read(source))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void linksMayLeadToAllowedHostsWhichDoNotGetTheSecret() {
        List<String> secrets = new ArrayList<>();
        try (ApiServer other = new ApiServer(exchange -> {
                    secrets.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Key")));
                    answer(exchange, 200, "{\"items\":[{\"id\":2}],\"next\":null}");
                });
                ApiServer api = new ApiServer(exchange -> {
                    secrets.add(exchange.getRequestHeaders().getFirst("X-Key"));
                    answer(exchange, 200, "{\"items\":[{\"id\":1}],\"next\":\"" + other.url("/n") + "\"}");
                })) {
            HttpApi allowed = api(api.url("/"), "header", "X-Key", "s3cret", other.url("/"));
            Paging paging = paging("next-link", "next", "", "", "empty");
            assertThat(read(new HttpSource(allowed, paging, "items", "id", 1000)))
                    .extracting(Record::key)
                    .containsExactly("1", "2");
            assertThat(secrets).containsExactly("s3cret", "null");
        }
    }

    @Test
    void credentialsAreSentAsConfigured() {
        List<String> seen = new ArrayList<>();
        try (ApiServer api = new ApiServer(exchange -> {
            seen.add(exchange.getRequestURI().getRawQuery() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, 200, "[]");
        })) {
            for (List<String> auth : List.of(
                    List.of("bearer", "", "t0k=n"), List.of("basic", "me", "1234"), List.of("query", "k y", "a&b=c"))) {
                HttpApi with = api(api.url("/?a=b"), auth.get(0), auth.get(1), auth.get(2), "");
                read(new HttpSource(with, none(), "", "id", 1000));
            }
        }
        assertThat(seen).containsExactly("a=b Bearer t0k=n", "a=b Basic bWU6MTIzNA==", "a=b&k%20y=a%26b%3Dc null");
    }

    @Test
    void aThrottledRequestWaitsAsLongAsTheServerAsksAndThenGoesOn() {
        AtomicInteger count = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> {
            int n = count.incrementAndGet();
            if (n == 1) exchange.getResponseHeaders().set("Retry-After", "1");
            answer(exchange, n == 1 ? 429 : n == 2 ? 503 : n == 3 ? 500 : 200, n < 4 ? "busy" : "[{\"id\":1}]");
        })) {
            long begin = System.nanoTime();
            assertThat(read(source(api.url("/"), none(), ""))).hasSize(1);
            assertThat(System.nanoTime() - begin).isGreaterThan(1_000_000_000L);
            assertThat(count).hasValue(4);
        }
    }

    @Test
    void anApiThatStaysAwayIsUnavailable() {
        try (ApiServer api = new ApiServer(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/long")) {
                exchange.getResponseHeaders().set("Retry-After", "3600");
            }
            answer(exchange, 503, "");
        })) {
            assertThatThrownBy(() -> read(source(api.url("/busy?key=hidden"), none(), "")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("http-source: GET " + api.url("/busy") + " failed 4 times, at last with status 503;"
                            + " try again later, look at its log or correct 'url'");
            assertThatThrownBy(() -> read(source(api.url("/long"), none(), "")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining(" failed 1 time, at last with status 503, which asks to wait 3600 s; ");
        }
        assertThatThrownBy(() -> read(source("http://127.0.0.1:1/", none(), "")))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void aListThatTheServerCallsKnownIsNotOpened() {
        AtomicInteger version = new AtomicInteger(1);
        try (ApiServer api = new ApiServer(exchange -> {
            String etag = "\"v" + version.get() + "\"";
            exchange.getResponseHeaders().set("ETag", etag);
            boolean same = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            answer(exchange, same ? 304 : 200, same ? "" : "[{\"id\":" + version.get() + "}]");
        })) {
            HttpSource source = source(api.url("/"), none(), "");
            SourceObject first = source.objects(name -> Optional.empty()).next();
            assertThat(first).isEqualTo(new SourceObject(api.url("/"), "\"v1\"", -1));
            assertThat(read(source, first)).extracting(Record::key).containsExactly("1");
            Iterator<SourceObject> again = source.objects(name -> Optional.of("\"v1\""));
            assertThat(again.next()).isEqualTo(first);
            assertThat(again.hasNext()).isFalse();
            version.set(2);
            SourceObject changed = source.objects(name -> Optional.of("\"v1\"")).next();
            assertThat(changed.etag()).isEqualTo("\"v2\"");
            assertThat(read(source, changed)).extracting(Record::key).containsExactly("2");
            assertThat(api.asked).hasSize(3);
        }
    }

    @Test
    void aModificationTimeIsTrustedOnlyWhenItsSecondIsOver() {
        AtomicInteger age = new AtomicInteger(60);
        try (ApiServer api = new ApiServer(exchange -> {
            java.time.ZonedDateTime now = java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC);
            String modified = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(now.minusSeconds(age.get()));
            exchange.getResponseHeaders().set("Last-Modified", modified);
            boolean asked = exchange.getRequestHeaders().containsKey("If-Modified-Since");
            answer(exchange, asked ? 304 : 200, asked ? "" : "[]");
        })) {
            HttpSource source = source(api.url("/"), none(), "");
            String etag = source.objects().next().etag();
            assertThat(etag).startsWith("modified ");
            assertThat(source.objects(name -> Optional.of(etag)).next().etag()).isEqualTo(etag);
            age.set(0);
            assertThat(source.objects().next().etag()).isEmpty();
            source.close();
        }
    }

    @Test
    void anAnswerThatIsCutOffIsAskedForAgainAndGoesOnWhereItWas() throws Exception {
        String list = IntStream.range(0, 5_000)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
        byte[] whole = RawServer.ascii("HTTP/1.1 200 OK\r\nContent-Length: " + list.length() + "\r\n\r\n" + list);
        byte[] chunked = RawServer.ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(list.length()) + "\r\n" + list.substring(0, 40_000));
        try (RawServer api = new RawServer((request, out) -> {
            if (request == 1) out.write(whole, 0, whole.length / 2);
            else if (request == 2) out.write(chunked);
            else if (request == 3) out.write(RawServer.ascii("HTTP/1.1 2"));
            else out.write(whole);
        })) {
            List<Record> records = read(source(api.url("/"), none(), ""));
            assertThat(records).hasSize(5_000).extracting(Record::key).doesNotHaveDuplicates();
            assertThat(api.asked).hasValue(4);
        }
    }

    @Test
    void anAnswerThatStaysCutOffOrStopsComingIsNeverWhole() throws Exception {
        try (RawServer api = new RawServer((request, out) ->
                out.write(RawServer.ascii("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":1}]")))) {
            assertThatThrownBy(() -> read(source(api.url("/"), none(), "")))
                    .isInstanceOf(UnavailableException.class)
                    // the JDK's client sees the end now and then before it hands out the head
                    .hasMessageMatching(".*(the connection was lost 4 times|it closed the connection).*");
        }
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer api = new RawServer((request, out) -> {
            out.write(RawServer.ascii("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":1}"));
            out.flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })) {
            HttpApi hasty = TestContext.knownTo(
                    new HttpApi("http-source", api.url("/"), "none", "", "", "", 0, 1000, 100, 0, 0, 0));
            assertThatThrownBy(() -> read(new HttpSource(hasty, none(), "", "id", 1000)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("no byte arrived for 100 ms");
            done.countDown();
        }
    }

    @Test
    void aPageThatIsAnotherWhenItIsAskedForAgainFails() throws Exception {
        try (RawServer api = new RawServer((request, out) -> out.write(RawServer.ascii(
                "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n[" + ("{\"id\":" + request + "},").repeat(9_000))))) {
            assertThatThrownBy(() -> read(source(api.url("/"), none(), "")))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage(api.url("/") + ": the page changed while it was read; the next run reads it");
        }
    }

    private static long used() {
        System.gc();
        Runtime memory = Runtime.getRuntime();
        return memory.totalMemory() - memory.freeMemory();
    }

    @Test
    void manyRecordsNeedLittleMemory() throws Exception {
        byte[] record = RawServer.ascii("{\"id\":1234567,\"text\":\"" + "x".repeat(1_000) + "\"},");
        try (RawServer api = new RawServer((request, out) -> {
            out.write(RawServer.ascii("HTTP/1.1 200 OK\r\n\r\n["));
            for (int i = 0; i < 300_000; i++) out.write(record);
            out.write(RawServer.ascii("{\"id\":0}]"));
        })) {
            HttpApi plain = api(api.url("/"), "none", "", "", "");
            HttpSource source = new HttpSource(plain, none(), "", "id", 1L << 40);
            long count = 0;
            long before = used(); // by the tests that this JVM ran before
            long most = before;
            try (RecordReader reader = source.open(source.objects().next())) {
                while (reader.read(bad::add).isPresent()) {
                    if (++count % 100_000 == 0) most = Math.max(most, used());
                }
            }
            assertThat(count).isEqualTo(300_001);
            assertThat(most - before).isLessThan(50 << 20);
        }
    }

    @Test
    void anAnswerThatIsTooLongFails() {
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 200, "[{\"id\":1},{\"id\":2}]"))) {
            HttpApi plain = api(api.url("/"), "none", "", "", "");
            assertThat(read(new HttpSource(plain, none(), "", "id", 19))).hasSize(2);
            assertThatThrownBy(() -> read(new HttpSource(plain, none(), "", "id", 18)))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage(
                            api.url("/") + ": an answer must be at most 18 bytes, got more; raise maxResponseBytes");
        }
    }

    @Test
    void noMoreRequestsAreSentThanAllowed() {
        AtomicInteger count = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> {
            int n = count.incrementAndGet();
            answer(exchange, 200, n > 5 ? "[]" : "[{\"id\":" + n + "}]");
        })) {
            HttpApi slow = TestContext.knownTo(
                    new HttpApi("http-source", api.url("/"), "none", "", "", "", 20, 1000, 1000, 0, 0, 0));
            long begin = System.nanoTime();
            read(new HttpSource(slow, paging("page", "", "p", "", "empty"), "", "id", 1000));
            assertThat(System.nanoTime() - begin).isGreaterThan(240_000_000L);
        }
    }

    @Test
    void allThatIsWrongIsSaidAtOnceAndNoSecretIsShown() {
        assertThatThrownBy(() -> TestContext.knownTo(new HttpApi(
                        "http-source", "ftp://me:topsecret@x", "digest", "a", "topsecret", "x", -1, 0, 0, -1, -1, -1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("topsecret")
                .hasMessageContaining("url must be an http or https URL")
                .hasMessageContaining("auth must be none, bearer, basic, header, query or oauth2, got 'digest'")
                .hasMessageContaining("allowedHosts must be URLs like https://host:port, got 'x'")
                .hasMessageContaining("requestsPerSecond must be 0 to 1000000");
        assertThatThrownBy(() -> new Paging("http-source", "pages", "a..b", "", "x", "", 0, "full", 0))
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "http-source: paging must be one of none, next-link, page, cursor, offset, got 'pages'",
                        "http-source: lastPage must be empty or short, got 'full'",
                        "http-source: firstPage must be a number or blank, got 'x'",
                        "http-source: pageSize must be 1 to 1000000, got '0'",
                        "http-source: maxPages must be 1 to 2147483647, got '0'",
                        "http-source: nextPath must be names with dots between them, like data.items, got 'a..b'"));
    }

    private static Paging none() {
        return paging("none", "", "", "", "empty");
    }

    private static Paging paging(String style, String nextPath, String parameter, String first, String last) {
        return new Paging("http-source", style, nextPath, parameter, first, "limit", 7, last, 100);
    }

    private static HttpApi api(String url, String auth, String name, String secret, String allowed) {
        return TestContext.knownTo(
                new HttpApi("http-source", url, auth, name, secret, allowed, 0, 1000, 5000, 3, 1, 5000));
    }

    static HttpSource source(String url, Paging paging, String recordsPath) {
        return new HttpSource(api(url, "none", "", "", ""), paging, recordsPath, "id", 1 << 20);
    }

    private List<Record> read(HttpSource source) {
        return read(source, source.objects().next());
    }

    private List<Record> read(HttpSource source, SourceObject object) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = source.open(object)) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                records.add(r.get());
            }
        }
        return records;
    }
}
