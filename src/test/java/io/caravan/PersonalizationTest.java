package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The whole pipeline as it ships, on the sample that ships, into real stores. */
class PersonalizationTest {

    private static final Path SAMPLE = Path.of("samples/personalization/user_data");
    private static final String SEPTEMBER = "user_data/ai_marketing_personlization_2025-09-01.csv";

    @TempDir
    Path folder;

    private PersonalizationStores stores;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("in/user_data"));
        try (Stream<Path> files = Files.list(SAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve("in/user_data").resolve(file.getFileName()));
            }
        }
        stores = new PersonalizationStores(folder.resolve("in"), folder.resolve("vectors"));
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    @Test
    void movesEverySampleEventToFourStoresAndWritesNothingTheSecondTime() throws Exception {
        RunReport first = stores.run();
        assertThat(first.problems()).isEmpty();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.sinks()).containsOnlyKeys("documents", "graph", "vectors", "warehouse");
        assertThat(first.sinks().values()).containsOnly(sink(360, 0, 0, 0));

        assertThat(stores.documents.countDocuments()).isEqualTo(360);
        assertThat(stores.warehouse("select count(*) from user_data")).isEqualTo(360);
        assertThat(stores.warehouse("select count(*) from ledger.embedding_cache"))
                .isEqualTo(23);
        assertThat(stores.graph("MATCH (n:Event) RETURN count(n)")).isEqualTo(360);
        assertThat(stores.graph("MATCH (n:User) RETURN count(n)")).isEqualTo(111);
        assertThat(stores.graph("MATCH (n:Campaign) RETURN count(n)")).isEqualTo(5);
        assertThat(stores.graph("MATCH (:User)-[r:PERFORMED]->(:Event) RETURN count(r)"))
                .isEqualTo(360);
        assertThat(stores.graph("MATCH (:Event)-[r:PART_OF]->(:Campaign) RETURN count(r)"))
                .isEqualTo(242);
        assertThat(stores.graph("MATCH (:User)-[r:PARTICIPATED_IN]->(:Campaign) RETURN count(r)"))
                .isEqualTo(196);
        assertThat(stores.graph("MATCH (:User)-[r:TARGETED_BY]->(:Campaign) WHERE r.first_seen IS NOT NULL"
                        + " RETURN count(r)"))
                .isEqualTo(196);

        RunReport second = stores.run();
        assertThat(second.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.sinks().values()).containsOnly(sink(0, 360, 0, 0));
        assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void everyStoreFollowsEventsThatChangeComeAndGo() throws Exception {
        stores.run();
        List<String> lines =
                new ArrayList<>(Files.readAllLines(folder.resolve("in").resolve(SEPTEMBER)));
        String changed = lines.get(1);
        assertThat(changed)
                .startsWith("1a3d1fa7-bc89-40a9-a3b8-c1e9392456de,user_87,")
                .contains("Summer_Sale");
        lines.set(1, changed.replace("Summer_Sale", "Brand_New"));
        String gone = lines.remove(2).substring(0, 36);
        lines.add("11111111-0000-4000-8000-000000000001,user_new,hello,,2025-11-01 00:00:00.000001");
        Files.write(folder.resolve("in").resolve(SEPTEMBER), lines);

        RunReport run = stores.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().values()).containsOnly(sink(2, 358, 1, 0));
        assertThat(stores.documents.find(Filters.eq("_id", gone)).first()).isNull();
        assertThat(stores.graph("MATCH (:Campaign {campaign: 'Brand_New'})<-[r]-() RETURN count(r)"))
                .isEqualTo(3);
        assertThat(stores.graph("MATCH (e:Event {record_id: '" + gone + "'}) RETURN count(e)"))
                .isZero();
        assertThat(stores.warehouse("select count(*) from user_data where campaign = 'Brand_New'"))
                .isEqualTo(1);
        assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void isolatesBadRowsWithTheirLineAndDeliversTheRest() throws Exception {
        Files.writeString(folder.resolve("in/user_data/ai_marketing_personlization_bad.csv"), """
                record_id,user_id,message,campaign,timestamp
                good-1,user_1,hello,,2025-11-01 00:00:00.000001
                short,user_1
                ,user_1,no key,,2025-11-01 00:00:00.000001
                late-1,user_1,hello,,yesterday
                good-2,user_1,"multi
                line",,2025-11-01 00:00:00.000002
                """);
        RunReport run = stores.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.recordsRead()).isEqualTo(365);
        assertThat(run.sinks().values()).containsOnly(sink(362, 0, 0, 3));
        assertThat(stores.warehouse("select count(*) from ledger.dead_letter where state = 'open' and (line, stage) in"
                        + " ((3, 'source'), (4, 'source'), (5, 'convert-types'))"))
                .isEqualTo(3);
        assertThat(stores.documents.find(Filters.eq("_id", "good-2")).first())
                .extracting(d -> d.get("message"))
                .isEqualTo("multi\nline");
        assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void verifyNamesWhatSomebodyElseChangedInAStore() throws Exception {
        stores.run();
        String key = "1a3d1fa7-bc89-40a9-a3b8-c1e9392456de";
        stores.documents.updateOne(Filters.eq("_id", key), Updates.set("message", "changed by hand"));
        stores.documents.insertOne(new Document("_id", "stranger"));
        stores.change("update user_data set user_id = 'somebody' where record_id = '" + key + "'");
        stores.graph("MATCH (:Event {record_id: '" + key + "'})-[r:PART_OF]->() DELETE r RETURN count(r)");
        RunReport verify = stores.verify();
        assertThat(verify.status()).isEqualTo(Status.PARTIAL);
        assertThat(verify.sinks().get("documents").differing()).containsExactlyInAnyOrder(key, "stranger");
        assertThat(verify.sinks().get("warehouse").differing()).containsExactly(key);
        assertThat(verify.sinks().get("graph").differing()).contains(key);
        assertThat(verify.sinks().get("vectors").differing()).isEmpty();
    }

    @Test
    void deletesEverywhereWhenAnObjectIsGoneAndThatIsAllowed() throws Exception {
        stores.run();
        Files.delete(folder.resolve("in").resolve(SEPTEMBER));
        assertThat(stores.run().status()).isEqualTo(Status.FAILED);
        assertThat(stores.documents.countDocuments()).isEqualTo(360);
        RunReport run = stores.runAllowingDeletes();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().values()).containsOnly(sink(0, 220, 140, 0));
        assertThat(stores.documents.countDocuments()).isEqualTo(220);
        assertThat(stores.graph("MATCH (n:Event) RETURN count(n)")).isEqualTo(220);
        assertThat(stores.graph("MATCH (n:User) WHERE NOT (n)-[:PERFORMED]->() RETURN count(n)"))
                .isZero();
        assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static SinkReport sink(long written, long unchanged, long deleted, long dead) {
        return new SinkReport(written, unchanged, deleted, dead, 0, 0, List.of());
    }

    @Test
    void aDefectInAStepIsLoggedByTheOnePlaceThatSaysWhatAnErrorLeadsTo() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("caravan")).addAppender(log);
        stores.run();
        stores.change("drop table ledger.embedding_cache");
        Files.writeString(
                folder.resolve("in/user_data/ai_marketing_personlization_new.csv"),
                "record_id,user_id,message,campaign,timestamp\nr1,u1,never seen before,,2025-11-01 00:00:00.000001\n");
        RunReport run = stores.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).singleElement().asString().contains("embedding_cache");
        assertThat(log.list)
                .singleElement()
                .asString()
                .contains("ingest-events")
                .contains("embedding_cache");
    }

    @Test
    void everyDocumentHasTypedValuesAndItsOrigin() throws Exception {
        stores.run();
        Document document = Optional.ofNullable(stores.documents
                        .find(Filters.eq("_id", "1a3d1fa7-bc89-40a9-a3b8-c1e9392456de"))
                        .first())
                .orElseThrow();
        assertThat(document.getString("user_id")).isEqualTo("user_87");
        assertThat(document.get("source", Document.class))
                .isEqualTo(new Document("object", SEPTEMBER).append("line", 2L));
        assertThat(document.getDate("ingested_at")).isNotNull();
        assertThat(document).doesNotContainKey("text_embedding");
    }
}
