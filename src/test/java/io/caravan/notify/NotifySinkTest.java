package io.caravan.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.http.ApiServer;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NotifySinkTest {

    private final Told told = new Told();
    private final NotifySink sink = new NotifySink("notify", told, "orders");

    /** A channel that keeps what it was told, or is away. */
    private static final class Told implements Channel {

        final List<Notice> notices = new ArrayList<>();
        boolean away;

        @Override
        public void send(Notice notice) {
            if (away) throw new UnavailableException("away", null);
            notices.add(notice);
        }

        @Override
        public void check() {
            if (away) throw new UnavailableException("notify: away", null);
        }
    }

    @Test
    void oneMessageTellsWhatARunChanged() {
        assertThat(sink.write(records(0, 500))).isEmpty();
        sink.write(List.of(gone("k7"), gone("k8")));
        sink.write(records(500, 1_200));
        assertThat(told.notices).as("nothing before all other sinks").isEmpty();
        assertThat(sink.last()).isTrue();
        sink.flush();
        sink.flush();
        assertThat(told.notices).hasSize(1);
        Notice notice = told.notices.get(0);
        assertThat(notice).isEqualTo(new Notice("orders", 6, 1_200, 2, notice.deduplicationId(), notice.at()));
        assertThat(notice.deduplicationId()).matches("[0-9a-f]{32}");
    }

    @Test
    void aRunWithoutNewsTellsNothing() {
        sink.flush();
        sink.write(records(0, 3));
        sink.discard();
        sink.flush();
        assertThat(told.notices).isEmpty();
    }

    @Test
    void theSameChangesInAnotherOrderHaveTheSameIdAndOthersAnother() {
        List<Record> records = new ArrayList<>(records(0, 1_000));
        String id = told(records);
        Collections.shuffle(records, new java.util.Random(1));
        assertThat(told(records)).isEqualTo(id);
        List<String> others = List.of(
                told(records.subList(1, 1_000)),
                told(List.of(gone("k1"))),
                told(List.of(record("k1", 1, 5))),
                told(List.of(record("k1", 2, 5))),
                told(List.of(record("k1", 1, 6))),
                told(List.of(record("k2", 1, 5))));
        assertThat(others).doesNotHaveDuplicates().doesNotContain(id);
    }

    @Test
    void aMessageThatNobodyTookIsToldAgainWithTheSameId() {
        sink.write(records(0, 10));
        told.away = true;
        assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
        assertThat(sink.check()).contains("notify: away");
        told.away = false;
        sink.flush();
        String first = told.notices.get(0).deduplicationId();
        assertThat(told(records(0, 10))).as("the next run, after a crash").isEqualTo(first);
    }

    @Test
    void aMessageCannotBeVerifiedAndSaysSo() {
        assertThatThrownBy(sink::keys)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("notify: what was told cannot be verified: a message holds no records");
        assertThatThrownBy(() -> sink.differing(List.of())).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aPostHoldsTheMessageAndItsIdAsIdempotencyKey() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ApiServer server = new ApiServer(exchange -> {
            seen.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            seen.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
            ApiServer.answer(exchange, 202, "");
        })) {
            Notice notice = new Notice("orders", 6, 1, 2, "abc", Instant.parse("2025-01-02T03:04:05Z"));
            Channel channel = channel("http", server.url("/hook"));
            channel.send(notice);
            channel.check();
            JsonNode json = new ObjectMapper().readTree(seen.get(0));
            assertThat(json.toString())
                    .isEqualTo("{\"pipeline\":\"orders\",\"run\":6,\"records\":1,\"deleted\":2,"
                            + "\"deduplicationId\":\"abc\",\"at\":\"2025-01-02T03:04:05Z\"}");
            assertThat(seen.subList(1, 3)).containsExactly("abc", "Bearer 12345678");
        }
        try (ApiServer server =
                new ApiServer(exchange -> ApiServer.answer(exchange, 404, "{\"message\":\"12345678 no hook\"}"))) {
            Channel channel = channel("http", server.url("/hook"));
            assertThatThrownBy(() -> channel.send(new Notice("p", 1, 1, 1, "a", Instant.EPOCH)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("notify: POST " + server.url("/hook")
                            + " must answer 2xx, got status '404' (***** no hook); correct 'target'");
        }
    }

    @Test
    void aWrongChannelSaysWhatIsWrong() {
        assertThatThrownBy(() -> channel("mail", "x"))
                .hasMessage("notify: channel must be sns, kafka or http, got 'mail'");
        assertThatThrownBy(() -> channel("sns", "topic"))
                .hasMessage("notify: target must be the ARN of an SNS topic, got 'topic'");
        assertThatThrownBy(() -> channel("kafka", "a/b"))
                .hasMessageContaining("target must be the name of a topic, got 'a/b'")
                .hasMessageContaining("bootstrapServers must not be blank");
        assertThatThrownBy(() -> new NotifySink(" ", told, "")).isInstanceOf(ConfigurationException.class);
    }

    private String told(List<Record> batch) {
        sink.write(batch);
        sink.flush();
        return told.notices.get(told.notices.size() - 1).deduplicationId();
    }

    private static Channel channel(String kind, String target) {
        return TestContext.knownTo(NotifyChannels.of(
                "notify", "", "", "", kind, target, "", "", "", "", "", "bearer", "", 12345678, 1000));
    }

    static List<Record> records(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> record("k" + i, i, i % 2 == 0 ? 5 : 6))
                .toList();
    }

    static Record record(String key, long hash, long run) {
        return Record.read(key, Fields.of("id"), new Object[] {key}, new Origin("", 0), new Hash(1, hash))
                .changedIn(run);
    }

    private static Record gone(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 5);
    }
}
