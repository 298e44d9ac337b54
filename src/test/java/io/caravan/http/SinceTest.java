package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an API is asked to go on. */
class SinceTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2031-02-03T04:05:06Z"), ZoneOffset.UTC);

    @Test
    void thePositionIsTheGreatestValueAndNoneThatLiesAheadOrIsOfAnotherSort() {
        Since.Seen times = since(0).seen(Optional.of("2031-02-03T04:00:00Z"));
        for (Object value : new Object[] {
            "2031-02-03T06:00:01+02:00", "2031-02-03T04:00:00.5Z", "2031-02-03T04:07:00Z", 17L, null, "", true
        }) times.saw(at(value));
        assertThat(times.position()).hasValue("2031-02-03T06:00:01+02:00");
        assertThat(times.note("api"))
                .hasValue("api: at must be a number, time or text that others can be compared with and not lie ahead,"
                        + " got '5 records without'; a change of these is read with --full");
        Since.Seen numbers = since(0).seen(Optional.empty());
        for (Object value : new Object[] {9L, new BigDecimal("10.50"), 10L}) numbers.saw(at(value));
        assertThat(numbers.position()).hasValue("10.50");
        assertThat(numbers.note("api")).isEmpty();
        assertThat(since(0).seen(Optional.empty()).position()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2031-02-03T04:05:06Z, 2031-02-03T04:04:06Z",
        "2031-02-03T06:05:06.25+02:00, 2031-02-03T04:04:06.250Z",
        "2031-02-03T04:05:06, 2031-02-03T04:04:06",
        "2031-02-03, 2031-02-02",
        "17, 17",
        "v17, v17",
        "2031-02-30, 2031-02-30"
    })
    void aLookbackIsOfTimes(String position, String asked) {
        assertThat(since(60).value(position)).isEqualTo(asked);
        assertThat(since(0).value(position)).isEqualTo(position);
    }

    @Test
    void aSourceAsksForWhatChangedOnEveryPageAndTellsWhereItCame() {
        try (ApiServer server = new ApiServer(exchange -> ApiServer.answer(
                exchange,
                200,
                ApiServer.parameter(exchange, "p").equals("1")
                        ? "[{\"id\":1,\"at\":5},{\"id\":2,\"at\":7},{\"id\":3}]"
                        : "[]"))) {
            HttpApi api = TestContext.knownTo(
                    new HttpApi("http-source", server.url("/x?fixed=1"), "none", "", "", "", 0, 1000, 1000, 0, 0, 0));
            Paging paging = new Paging("http-source", "page", "", "p", "", "", 7, "empty", 100);
            HttpSource source = new HttpSource(api, paging, "", "id", 1000, "records", "at", "since", 0);
            assertThat(source.incremental()).isTrue();
            assertThat(position(source)).hasValue("7");
            assertThat(server.asked).containsExactly("GET /x?fixed=1&p=1", "GET /x?fixed=1&p=2");
            server.asked.clear();
            assertThat(position(source.since("9"))).hasValue("9");
            assertThat(server.asked).containsExactly("GET /x?fixed=1&since=9&p=1", "GET /x?fixed=1&since=9&p=2");
        }
        assertThatThrownBy(() -> new HttpSource(
                        new HttpApi("http-source", "http://x", "none", "", "", "", 0, 1, 1, 0, 0, 0),
                        new Paging("http-source", "none", "", "", "", "", 7, "empty", 100),
                        "",
                        "id",
                        1000,
                        "pages",
                        "at",
                        "",
                        0))
                .hasMessageContaining("keyFields must be page where reads is pages, got 'id'")
                .hasMessageContaining("sinceParameter must be set when cursorField is");
    }

    private static Optional<String> position(Source source) {
        try (RecordReader reader = source.open(source.objects().next())) {
            int records = 0;
            while (reader.read(bad -> {}).isPresent()) records++;
            assertThat(records).isEqualTo(3);
            return reader.position();
        }
    }

    private static Since since(long lookback) {
        return new Since(new SettingChecks("api"), "since", "at", lookback, NOW);
    }

    private static Record at(Object value) {
        return Record.read("k", Fields.of("at"), new Object[] {value}, new Origin("x", 1));
    }
}
