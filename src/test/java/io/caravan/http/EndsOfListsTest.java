package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.ApiServer.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** How APIs say that there are no more pages, and how a refusal is told from that. */
class EndsOfListsTest {

    @Test
    void anEmptyPageThatNamesItsOwnCursorIsTheEnd() {
        try (ApiServer api = new ApiServer(exchange -> {
            switch (parameter(exchange, "cursor")) {
                case "c1" -> answer(exchange, 200, "{\"items\":[{\"id\":3}],\"next\":\"c2\"}");
                case "c2" -> answer(exchange, 200, "{\"items\":[],\"next\":\"c2\"}");
                default -> answer(exchange, 200, "{\"items\":[{\"id\":1},{\"id\":2}],\"next\":\"c1\"}");
            }
        })) {
            assertThat(keys(source(api, paging("cursor", "next", "cursor", "empty", ""), "items")))
                    .containsExactly("1", "2", "3");
        }
    }

    @Test
    void anEmptyPageThatLinksToItselfIsTheEndButOneWithRecordsIsNot() {
        for (boolean empty : List.of(true, false)) {
            try (ApiServer api = new ApiServer(exchange -> {
                boolean second = !parameter(exchange, "p").isEmpty();
                String items = second && empty ? "[]" : "[{\"id\":" + (second ? 2 : 1) + "}]";
                answer(exchange, 200, "{\"items\":" + items + ",\"next\":\"?p=2\"}");
            })) {
                HttpSource source = source(api, paging("next-link", "next", "", "empty", ""), "items");
                if (empty) assertThat(keys(source)).containsExactly("1");
                else assertThatThrownBy(() -> keys(source)).isInstanceOf(IncompleteSourceException.class);
            }
        }
    }

    /** Some servers pack whatever they are asked for. */
    @Test
    void aPageThatIsPackedByGzipIsRead() {
        for (String word : List.of("gzip", "x-gzip")) {
            try (ApiServer api = new ApiServer(exchange -> {
                String page = parameter(exchange, "page").equals("1") ? "[{\"id\":1},{\"id\":2}]" : "[]";
                ByteArrayOutputStream packed = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                    gzip.write(page.getBytes(StandardCharsets.UTF_8));
                }
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Content-Encoding", word);
                exchange.sendResponseHeaders(200, packed.size());
                exchange.getResponseBody().write(packed.toByteArray());
            })) {
                assertThat(keys(source(api, paging("page", "", "page", "empty", ""), "")))
                        .containsExactly("1", "2");
            }
        }
    }

    @Test
    void aPageThatUnpacksToMoreThanAllowedIsRefused() {
        try (ApiServer api = new ApiServer(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (GZIPOutputStream gzip = new GZIPOutputStream(exchange.getResponseBody())) {
                gzip.write(("[" + " ".repeat(2 << 20) + "]").getBytes(StandardCharsets.UTF_8));
            }
        })) {
            assertThatThrownBy(() -> keys(source(api, paging("none", "", "", "empty", ""), "")))
                    .hasMessageContaining("at most 1048576 bytes");
        }
    }

    @Test
    void aPageWithoutContentIsAnEmptyOne() {
        for (String last : List.of("empty", "short")) {
            try (ApiServer api = pages(204, "")) {
                assertThat(keys(source(api, paging("page", "", "page", last, ""), "")))
                        .containsExactly("1", "2", "3", "4");
            }
        }
    }

    @Test
    void aRefusalBeyondTheLastPageIsTheEndOnlyWhereTheSettingSaysSo() {
        for (int status : List.of(404, 400, 416)) {
            String says = "{\"code\":\"rest_post_invalid_page_number\",\"message\":\"The page number is larger\"}";
            try (ApiServer api = pages(status, says)) {
                String url = api.url("/");
                assertThatThrownBy(() -> keys(source(api, paging("page", "", "page", "empty", ""), "")))
                        .isInstanceOf(IncompleteSourceException.class)
                        .hasMessage("http-source: page 3 of " + url + ": status must be 200, got '" + status
                                + "' (the answer says: The page number is larger); if that is how the API ends a list,"
                                + " say so by endStatus: " + status);
                for (String last : List.of("empty", "short")) {
                    assertThat(keys(source(api, paging("page", "", "page", last, "404, 400,416"), "")))
                            .containsExactly("1", "2", "3", "4");
                }
            }
        }
    }

    @Test
    void aRefusalThatIsNotRepeatedIsNoEndNorIsOneOfTheFirstPage() {
        AtomicInteger third = new AtomicInteger();
        try (ApiServer api = new ApiServer(exchange -> {
            int page = Integer.parseInt(parameter(exchange, "page"));
            if (page == 2 && third.getAndIncrement() == 0) answer(exchange, 404, "{}");
            else page(exchange, page, 404, "{}");
        })) {
            assertThat(keys(source(api, paging("page", "", "page", "empty", "404"), "")))
                    .as("a 404 by chance in the middle cuts nothing off")
                    .containsExactly("1", "2", "3", "4");
        }
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 404, "{}"))) {
            assertThatThrownBy(() -> keys(source(api, paging("page", "", "page", "empty", "404"), "")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("page 1 of " + api.url("/") + ": status must be 200, got '404'");
        }
    }

    @Test
    void anAnswerThatLeadsToAPageWhichIsNotThereIsNoEnd() {
        assertThatThrownBy(() -> paging("cursor", "next", "cursor", "empty", "404"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("endStatus must be blank or 204 when an answer leads to the next page");
        assertThatThrownBy(() -> paging("page", "", "page", "empty", "200,500,401"))
                .hasMessageContaining("endStatus must be statuses of HTTP");
    }

    @Test
    void aRefusalQuotesTheAnswerOnOneLineWithoutSecrets() {
        String says = "<html><head><title>Not here</title></head><body>\n no key=abcdefgh, Authorization: Bearer"
                + " eyJhbGciOi.x.y at ?sig=q-secret-1 by user topsecret</body></html>";
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 410, says))) {
            HttpApi of = TestContext.knownTo(new HttpApi(
                    "http-source",
                    api.url("/x?sig=q-secret-1"),
                    "bearer",
                    "",
                    "topsecret",
                    "",
                    0,
                    1000,
                    5000,
                    0,
                    1,
                    5000));
            HttpSource source = new HttpSource(of, paging("none", "", "", "empty", ""), "", "id", 1 << 20);
            assertThatThrownBy(() -> source.objects().next())
                    .hasMessageContaining(
                            "got '410' (the answer says: Not here no key=*****, Authorization: Bearer ***** at")
                    .hasMessageEndingWith("); correct 'url'")
                    .hasMessageNotContaining("q-secret-1")
                    .hasMessageNotContaining("topsecret")
                    .hasMessageNotContaining("abcdefgh")
                    .hasMessageNotContaining("eyJ");
        }
    }

    @Test
    void aSecretThatStandsInASentenceIsNotQuoted() {
        String says = "{\"message\":\"Invalid API Key provided: sk_live_4eC39HqLyjWDarjtT1, token abcd1234efgh, "
                + "AKIAIOSFODNN7EXAMPLE; key fields must be set, page 12345678\"}";
        try (ApiServer api = new ApiServer(exchange -> answer(exchange, 410, says))) {
            HttpSource source = source(api, paging("none", "", "", "empty", ""), "");
            assertThatThrownBy(() -> source.objects().next())
                    .hasMessageContaining("(the answer says: Invalid API Key provided: *****, token *****, *****; key"
                            + " fields must be set, page 12345678)");
        }
    }

    @Test
    void aRedirectSaysWhereItLeadsWithoutItsQuery() {
        try (ApiServer api = new ApiServer(exchange -> {
            exchange.getResponseHeaders().set("Location", "/v2/items?token=secret99");
            answer(exchange, 301, "");
        })) {
            assertThatThrownBy(() -> keys(source(api, paging("none", "", "", "empty", ""), "")))
                    .hasMessage("http-source: page 1 of " + api.url("/")
                            + ": status must be 200, got '301' (it leads to " + api.url("/v2/items")
                            + "); redirects are not followed, set 'url' to where it leads");
        }
    }

    private static ApiServer pages(int end, String says) {
        return new ApiServer(exchange -> page(exchange, Integer.parseInt(parameter(exchange, "page")), end, says));
    }

    private static void page(HttpExchange exchange, int page, int end, String says) throws IOException {
        if (page <= 2) answer(exchange, 200, "[{\"id\":" + (2 * page - 1) + "},{\"id\":" + 2 * page + "}]");
        else if (end == 204) exchange.sendResponseHeaders(204, -1);
        else answer(exchange, end, says);
    }

    private static Paging paging(String style, String nextPath, String parameter, String last, String ends) {
        return new Paging("http-source", style, nextPath, parameter, "", "", 2, last, 100, ends);
    }

    private static HttpSource source(ApiServer api, Paging paging, String recordsPath) {
        return HttpSourceTest.source(api.url("/"), paging, recordsPath);
    }

    private static List<String> keys(HttpSource source) {
        List<String> keys = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) {
                keys.add(r.get().key());
            }
        }
        return keys;
    }
}
