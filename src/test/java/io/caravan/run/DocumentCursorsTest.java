package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import io.caravan.document.MongoSource;
import io.caravan.endpoint.TestContext;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over a collection of MongoDB whose cursors cannot be trusted: none of them moves the position, and none is lost. */
class DocumentCursorsTest {

    private static final String DATABASE = "document_cursors_test";
    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final String name = "rows_" + COLLECTIONS.incrementAndGet();
    private final MongoCollection<Document> collection =
            client.getDatabase(DATABASE).getCollection(name);

    @BeforeEach
    void source() {
        source("");
    }

    private void source(String time) {
        things.limits = Limits.of(100, 100, 100, "0");
        things.source = TestContext.knownTo(new MongoSource(
                TestStores.mongo().uri(),
                "",
                "",
                DATABASE,
                name,
                "",
                "",
                "_id",
                "_id",
                "u",
                time,
                0,
                0,
                100,
                1,
                1,
                5_000,
                30_000));
    }

    @AfterEach
    void close() throws Exception {
        ((MongoSource) things.source).close();
        collection.drop();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"date", "text", "ObjectId", "seconds", "millis", "micros", "Asia/Tokyo"})
    void aDocumentFromTheFutureIsDeliveredAndNamedAndHidesNothing(String kind) {
        boolean said = List.of("seconds", "millis", "micros", "Asia/Tokyo").contains(kind);
        if (said) source(kind);
        Instant past = Instant.parse("2024-01-01T00:00:00Z");
        Instant future = Instant.parse("2099-01-01T00:00:00Z");
        put(1, "a", at(kind, past));
        put(2, "typo", at(kind, future));
        RunReport first = things.run();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.sinks().get("left").written()).isEqualTo(2);
        assertThat(first.notes())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(name + ": u must not be later than the store's time, ")
                .contains("got 1 row that is: 2 (")
                .contains(said ? "(" : "2099-01-01T00:00:00Z");
        Instant now = Instant.now().minusSeconds(1);
        put(3, "new", at(kind, now));
        put(1, "a2", at(kind, now));
        RunReport second = things.run();
        assertThat(second.sinks().get("left").written()).isEqualTo(2);
        assertThat(second.notes()).hasSize(1);
        put(2, "right", at(kind, past));
        assertThat(things.run().notes().toString()).contains("were not met again: 1");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(things.run().notes()).isEmpty();
        assertThatNothingIsMissing();
    }

    @Test
    void aNumberThatNothingCanBeComparedWithIsABadRowAndThePositionStays() {
        put(1, "a", 1);
        List<Object> values = List.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Decimal128.NaN,
                Decimal128.POSITIVE_INFINITY);
        for (int i = 0; i < values.size(); i++) put(10 + i, "bad", values.get(i));
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(ledger.texts("select reason from ledger.dead_letter d join ledger.flow f on f.id = d.flow"
                        + " where f.name = '" + things.name + "' order by line"))
                .hasSize(5)
                .first()
                .asString()
                .endsWith(
                        "field 'u' must be a number that others can be compared with, got 'NaN'; correct it at the source, or leave such documents out by 'filter'");
        put(3, "c", 5);
        RunReport second = things.run();
        assertThat(second.sinks().get("left").written()).isEqualTo(1);
        assertThat(second.notes()).as("all were met").isEmpty();
        assertThat(things.letters()).containsExactly("10 open", "11 open", "12 open", "13 open", "14 open");
        for (int i = 0; i < values.size(); i++) put(10 + i, "good", 6 + i);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(7);
        assertThatNothingIsMissing();
    }

    @Test
    void aDocumentWithoutCursorHasOneLetterOnAnyLineAndNoneWhenItIsFixed() {
        put(1, "a", 1);
        put(5, "b", null);
        things.run();
        put(2, "c", 2);
        put(3, "d", 3);
        put(5, "b2", "text");
        things.run();
        assertThat(things.letters()).containsExactly("5 open");
        put(5, "b3", 4);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("5 gone");
        assertThatNothingIsMissing();
    }

    @Test
    void numbersThatLookLikeTimesAreSaidToHideWhatComes() {
        put(1, "typo", 7384348800.0);
        put(2, "a", 1704067200);
        assertThat(things.run().notes())
                .singleElement()
                .asString()
                .contains("where it counts seconds since 1970, got '7384348800'", "say cursorTime: seconds");
        source("seconds");
        put(3, "hidden", 1764460800);
        things.run();
        assertThat(things.left.held).containsKey("3");
    }

    @Test
    void aPositionOfAnEarlierVersionThatLiesAheadIsRepaired() {
        put(1, "a", Date.from(Instant.parse("2024-01-01T00:00:00Z")));
        things.run();
        ledger.execute("update ledger.checkpoint c set position = '{\"at\": {\"$date\": {\"$numberLong\":"
                + " \"7384348800000\"}}}' from ledger.flow f where f.id = c.flow and f.name = '" + things.name + "'");
        put(2, "b", Date.from(Instant.parse("2024-02-01T00:00:00Z")));
        RunReport run = things.run();
        assertThat(run.notes()).hasSize(1).first().asString().endsWith("; the source is read whole");
        assertThat(run.sinks().get("left").written()).isEqualTo(1);
        assertThat(things.run().recordsRead()).isEqualTo(1);
    }

    /** Random documents with cursors of every kind, changed and corrected at random. */
    @Test
    void everyDocumentsNewestValueIsDeliveredWhateverTheCursors() {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            collection.deleteMany(new Document());
            int clock = 0;
            put(-1, "says that cursors are dates", new Date(0));
            things.run(RunRequest.of(Mode.RUN).readingInFull(true));
            for (int run = 0; run < 12; run++) {
                for (int i = random.nextInt(8); i > 0; i--) {
                    if (random.nextInt(3) > 0) clock++;
                    Date now = new Date(1_700_000_000_000L + clock);
                    Date future = Date.from(Instant.now().plusSeconds(100_000_000));
                    List<Object> kinds = Arrays.asList(null, "text", Double.NaN, 7, future, now, now, now, now);
                    put(random.nextInt(15), "v" + run, kinds.get(random.nextInt(kinds.size())));
                }
                assertThat(things.run().problems()).isEmpty();
            }
            things.run();
            RunReport full = things.run(RunRequest.of(Mode.RUN).readingInFull(true));
            assertThat(full.sinks().get("left").written()).as("seed %s", seed).isZero();
        }
    }

    private static Object at(String kind, Instant time) {
        return switch (kind) {
            case "seconds" -> time.getEpochSecond();
            case "millis" -> (double) time.toEpochMilli();
            case "micros" -> new Decimal128(time.toEpochMilli() * 1000);
            case "Asia/Tokyo" -> LocalDateTime.ofInstant(time, ZoneId.of(kind)).toString();
            case "date" -> Date.from(time);
            case "text" -> time.toString();
            default -> new ObjectId(Date.from(time));
        };
    }

    private void put(int id, String v, Object u) {
        collection.updateOne(
                Filters.eq(id),
                Updates.combine(Updates.set("v", v), Updates.set("u", u)),
                new UpdateOptions().upsert(true));
    }

    private void assertThatNothingIsMissing() {
        assertThat(things.run(RunRequest.of(Mode.RUN).readingInFull(true))
                        .sinks()
                        .get("left")
                        .written())
                .isZero();
    }
}
