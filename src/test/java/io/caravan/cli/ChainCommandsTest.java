package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain on the command line: CSV to MongoDB, MongoDB to MongoDB, MongoDB to a table. */
class ChainCommandsTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static final String CHAIN = """
            # Books from files to staging, to main, to the table.
            - route:
                id: shop
                description: Books in three phases
                from:
                  uri: direct:shop
                  steps:
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-extract}}
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-publish, onPartial: stop}}
                    - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-table}}
            """;

    private static final String EXTRACT = """
            - route:
                id: extract
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: shop-extract, input: "%s", format: csv, keyFields: id, deleteLimitPercent: 60}
                  steps:
                    - to:
                        uri: kamelet:convert-types-action
                        parameters: {types: hidden=integer}
                    - to:
                        uri: kamelet:mongodb-sink
                        parameters: {sink: staging, uri: "%s", database: "%s", collection: staging}
            """;

    private static final String PUBLISH = """
            - route:
                id: publish
                from:
                  uri: kamelet:mongodb-source
                  parameters:
                    pipeline: shop-publish
                    uri: "%s"
                    database: "%s"
                    collection: staging
                    projection: '{"ingested_at": 0, "source": 0}'
                    filter: '{hidden: {$ne: 1} }'
                    deleteLimitPercent: 60
                  steps:
                    - to:
                        uri: kamelet:convert-types-action
                        parameters: {types: size=integer}
                    - to:
                        uri: kamelet:mongodb-sink
                        parameters: {sink: main, uri: "%s", database: "%s", collection: main}
            """;

    private static final String TABLE = """
            - route:
                id: table
                from:
                  uri: kamelet:mongodb-source
                  parameters: {pipeline: shop-table, uri: "%s", database: "%s", collection: main, deleteLimitPercent: 60}
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          sink: warehouse
                          uri: "{{caravan.warehouse.uri}}"
                          user: "{{caravan.warehouse.user}}"
                          password: "{{caravan.warehouse.password}}"
                          table: shop/table.yaml
            """;

    private static final String COLUMNS = """
            table: shop_books
            columns:
              - {name: _id, type: text, key: true}
              - {name: title, type: text}
              - {name: size, type: integer}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final MongoDatabase mongo = client.getDatabase("shop" + TESTS.incrementAndGet());
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        String uri = TestStores.mongo().uri();
        project = new UserProject(folder);
        project.write("routes/shop/shop.camel.yaml", CHAIN);
        project.write(
                "routes/shop/extract.camel.yaml", EXTRACT.formatted(folder.resolve("data"), uri, mongo.getName()));
        project.write("routes/shop/publish.camel.yaml", PUBLISH.formatted(uri, mongo.getName(), uri, mongo.getName()));
        project.write("routes/shop/table.camel.yaml", TABLE.formatted(uri, mongo.getName()));
        project.write("routes/shop/table.yaml", COLUMNS);
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
        books("1,Emma,400,", "2,Dracula,380,", "3,Ulysses,700,", "4,Secret,1,1");
    }

    @AfterEach
    void close() {
        mongo.drop();
        client.close();
    }

    private void books(String... rows) throws Exception {
        project.write("data/books.csv", "id,title,size,hidden\n" + String.join("\n", rows) + "\n");
    }

    private JsonNode json(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        all.add("--json");
        project.cli(all.toArray(String[]::new));
        assertThat(project.err()).isEmpty();
        return project.json();
    }

    /** {@code <phase>/<sink> +inserts ~updates -deletes} */
    private static List<String> planned(JsonNode report) {
        List<String> changes = new ArrayList<>();
        for (JsonNode phase : report.get("phases")) {
            phase.get("sinks")
                    .properties()
                    .forEach(sink -> changes.add("%s/%s written %d deleted %d dead %d"
                            .formatted(
                                    phase.get("pipeline").asText(),
                                    sink.getKey(),
                                    sink.getValue().get("inserts").asLong()
                                            + sink.getValue().get("updates").asLong(),
                                    sink.getValue().get("deletes").asLong(),
                                    sink.getValue().get("dead").asLong())));
        }
        return changes;
    }

    private static List<String> done(JsonNode report) {
        List<String> changes = new ArrayList<>();
        for (JsonNode phase : report.get("phases")) {
            if (!phase.has("sinks")) continue; // it did not run
            phase.get("sinks")
                    .properties()
                    .forEach(sink -> changes.add("%s/%s written %d deleted %d dead %d"
                            .formatted(
                                    phase.get("pipeline").asText(),
                                    sink.getKey(),
                                    sink.getValue().get("written").asLong(),
                                    sink.getValue().get("deleted").asLong(),
                                    sink.getValue().get("dead").asLong())));
        }
        return changes;
    }

    /** What the plan says, which is what the run then does. */
    private List<String> plannedAndDone() throws Exception {
        List<String> planned = planned(json("plan", "shop"));
        assertThat(mongo.listCollectionNames().into(new ArrayList<>())).doesNotContain("planned");
        assertThat(done(json("run", "shop"))).as("the run").isEqualTo(planned);
        return planned;
    }

    @Test
    void aPlanOfAChainSaysOfEveryPhaseWhatTheRunThenDoes() throws Exception {
        assertThat(plannedAndDone())
                .as("the first time, where nothing is there yet")
                .containsExactly(
                        "shop-extract/staging written 4 deleted 0 dead 0",
                        "shop-publish/main written 3 deleted 0 dead 0",
                        "shop-table/warehouse written 3 deleted 0 dead 0");
        books("1,Emma,401,", "2,Dracula,380,", "3,Ulysses,700,", "4,Secret,1,1");
        assertThat(plannedAndDone())
                .as("one cell")
                .containsExactly(
                        "shop-extract/staging written 1 deleted 0 dead 0",
                        "shop-publish/main written 1 deleted 0 dead 0",
                        "shop-table/warehouse written 1 deleted 0 dead 0");
        books("1,Emma,401,", "2,Dracula,380,", "4,Secret,1,1");
        assertThat(plannedAndDone())
                .as("a deleted row")
                .containsExactly(
                        "shop-extract/staging written 0 deleted 1 dead 0",
                        "shop-publish/main written 0 deleted 1 dead 0",
                        "shop-table/warehouse written 0 deleted 1 dead 0");
        books("1,Emma,401,", "2,Dracula,380,", "4,Secret,2,", "5,Ada,10,");
        assertThat(plannedAndDone())
                .as("a new row, and one that the filter lets through now")
                .containsExactly(
                        "shop-extract/staging written 2 deleted 0 dead 0",
                        "shop-publish/main written 2 deleted 0 dead 0",
                        "shop-table/warehouse written 2 deleted 0 dead 0");
        books("1,Emma,401,1", "2,Dracula,380,", "4,Secret,2,", "5,Ada,10,");
        assertThat(plannedAndDone())
                .as("one that the filter hides now")
                .containsExactly(
                        "shop-extract/staging written 1 deleted 0 dead 0",
                        "shop-publish/main written 0 deleted 1 dead 0",
                        "shop-table/warehouse written 0 deleted 1 dead 0");
        assertThat(plannedAndDone()).as("nothing").allMatch(change -> change.endsWith("written 0 deleted 0 dead 0"));
        JsonNode report = json("run", "shop");
        report.get("phases")
                .forEach(phase -> assertThat(phase.get("status").asText()).isEqualTo("skipped"));
    }

    @Test
    void aRecordThatAStepWillRefuseIsDeadInThePlanOfThePhasesToo() throws Exception {
        books("1,Emma,400,", "2,Dracula,many,");
        List<String> planned = planned(json("plan", "shop"));
        assertThat(planned)
                .containsExactly(
                        "shop-extract/staging written 2 deleted 0 dead 0",
                        "shop-publish/main written 1 deleted 0 dead 1",
                        "shop-table/warehouse written 1 deleted 0 dead 0");
        assertThat(project.cli("run", "shop", "--json")).isEqualTo(Exit.PARTIAL);
        assertThat(done(project.json())).isEqualTo(planned.subList(0, 2));
        assertThat(project.json().at("/phases/2/status").asText()).isEqualTo("not run");
    }

    @Test
    void aPlanWritesNothing() throws Exception {
        json("plan", "shop");
        assertThat(mongo.listCollectionNames().into(new ArrayList<>())).isEmpty();
        json("run", "shop");
        List<BsonDocument> before = stored();
        books("1,Emma,401,");
        json("plan", "shop", "--allow-deletes");
        assertThat(stored()).isEqualTo(before);
    }

    private List<BsonDocument> stored() {
        List<BsonDocument> all = new ArrayList<>();
        for (String name : List.of("staging", "main"))
            mongo.getCollection(name, BsonDocument.class).find().into(all);
        return all;
    }

    @Test
    void theReportHasARowForEachPhase() throws Exception {
        assertThat(project.cli("run", "shop")).as("%s", project.err()).isZero();
        assertThat(project.out().get(0)).matches("phase +state +sink +written +unchanged +deleted .*");
        assertThat(project.out().get(1)).matches("shop-extract +succeeded +staging +4 +0 +0 .*");
        assertThat(project.out().get(2)).matches("shop-publish +succeeded +main +3 +0 +0 .*");
        assertThat(project.out().get(3)).matches("shop-table +succeeded +warehouse +3 +0 +0 .*");
        assertThat(project.out().get(4)).matches("run of shop: succeeded, 3 phases, 10 records read in .*");
        assertThat(project.cli("run", "shop")).isZero();
        assertThat(project.out().get(4)).contains("3 phases, 3 skipped");
    }

    @Test
    void everyCommandOfAPipelineTakesAChain() throws Exception {
        json("run", "shop");
        assertThat(project.cli("verify", "shop", "--deep"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out().get(0)).matches("phase +state +sink +missing +extra +different +compared");
        mongo.getCollection("main").deleteOne(BsonDocument.parse("{_id: '1'}"));
        assertThat(project.cli("verify", "shop")).isEqualTo(Exit.PARTIAL);
        assertThat(project.out()).contains("main differs in: 1");

        assertThat(project.cli("check", "shop")).as("%s", project.err()).isZero();
        assertThat(project.out()).anyMatch(line -> line.matches("shop-table +warehouse +ok.*"));
        assertThat(json("preview", "shop").at("/phases/1/pipeline").asText()).isEqualTo("shop-publish");
        assertThat(project.cli("list")).isZero();
        assertThat(project.out())
                .contains("chain shop: Books in three phases (shop-extract, shop-publish, shop-table)");
        assertThat(project.cli("plan", "shop", "--only-sinks", "main")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactly("plan: --only-sinks must be of a pipeline, and shop is a chain, got 'main';"
                        + " name one of its phases: shop-extract, shop-publish, shop-table");
    }

    private static String names(JsonNode list, String field) {
        return String.join(
                ",", list.findValuesAsText(field).stream().distinct().sorted().toList());
    }

    @Test
    void runsAndDeadLettersOfAChainAreThoseOfItsPhases() throws Exception {
        books("1,Emma,400,", "2,Dracula,many,", "3,Ulysses,700,", "5,Ada,none,");
        assertThat(project.cli("run", "shop")).isEqualTo(Exit.PARTIAL);
        assertThat(names(json("runs", "--pipeline", "shop"), "pipeline")).isEqualTo("shop-extract,shop-publish");
        assertThat(json("runs", "--pipeline", "shop", "--limit", "1").findValuesAsText("pipeline"))
                .as("the newest")
                .containsExactly("shop-publish");
        assertThat(json("dead-letters", "--pipeline", "shop").findValuesAsText("key"))
                .containsExactlyInAnyOrder("2", "5");
        assertThat(json("dead-letters", "list", "--pipeline", "shop", "--limit", "1"))
                .hasSize(1);

        assertThat(project.cli("dead-letters", "replay", "--all", "--pipeline", "shop", "--json"))
                .as("%s", project.err())
                .isEqualTo(Exit.PARTIAL);
        assertThat(project.json().at("/phases/1/pipeline").asText()).isEqualTo("shop-publish");
        JsonNode accepted = json("dead-letters", "accept", "--reason", "many", "--pipeline", "shop");
        assertThat(accepted.get("accepted").asInt()).isEqualTo(1);
        assertThat(json("dead-letters", "discard", "--all", "--pipeline", "shop")
                        .get("discarded")
                        .asInt())
                .isEqualTo(1);
        assertThat(json("dead-letters", "--pipeline", "shop")).isEmpty();
        assertThat(project.cli("run", "shop")).as("%s", project.err()).isZero();
    }

    @Test
    void aResetOfAChainSendsEverythingOfEveryPhaseAgain() throws Exception {
        assertThat(json("reset", "shop").at("/phases/2/sinks"))
                .as("before a run")
                .isEmpty();
        json("run", "shop");
        JsonNode reset = json("reset", "shop");
        assertThat(reset.get("pipeline").asText()).isEqualTo("shop");
        assertThat(reset.at("/phases/0/sinks/0").asText()).isEqualTo("staging");
        assertThat(reset.at("/phases/2/records").asLong()).isEqualTo(3);
        assertThat(done(json("run", "shop")))
                .containsExactly(
                        "shop-extract/staging written 4 deleted 0 dead 0",
                        "shop-publish/main written 3 deleted 0 dead 0",
                        "shop-table/warehouse written 3 deleted 0 dead 0");
        assertThat(project.cli("reset", "shop")).isZero();
        assertThat(project.out()).hasSize(3).allMatch(line -> line.startsWith("shop-"));
        assertThat(project.cli("reset", "shop", "--sink", "main")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactly("reset: --sink must be of a pipeline, and shop is a chain, got 'main';"
                        + " name one of its phases: shop-extract, shop-publish, shop-table");
    }

    @Test
    void whatForgetsOrRenamesIsSaidOfEachPhaseAlone() throws Exception {
        json("run", "shop");
        for (String command : List.of("remove", "remove --with-data --yes", "rename")) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.add(1, "shop");
            String verb = arguments.get(0);
            if (verb.equals("rename")) arguments.add("store");
            assertThat(project.cli(arguments.toArray(String[]::new)))
                    .as(command)
                    .isEqualTo(Exit.WRONG);
            assertThat(project.err())
                    .containsExactly(
                            verb + ": pipeline must be no chain, as the ledger knows its phases alone, got 'shop';"
                                    + " name each that is meant: ./caravan " + verb + " shop-extract, ./caravan " + verb
                                    + " shop-publish, ./caravan " + verb + " shop-table");
        }
        assertThat(mongo.getCollection("main").countDocuments()).isEqualTo(3);
        assertThat(project.cli("remove", "shop-table", "--with-data", "--yes")).isZero();
    }

    @Test
    void whatIsAskedOfARunCountsForEveryPhase() throws Exception {
        assertThat(project.cli("run", "shop", "--limit", "2", "--json")).isEqualTo(Exit.PARTIAL);
        assertThat(done(project.json()))
                .as("a phase that was limited stops no chain, whatever it says of letters")
                .containsExactly(
                        "shop-extract/staging written 2 deleted 0 dead 0",
                        "shop-publish/main written 2 deleted 0 dead 0",
                        "shop-table/warehouse written 2 deleted 0 dead 0");
        json("run", "shop", "--full", "--wait", "0");
        mongo.getCollection("main").deleteOne(BsonDocument.parse("{_id: '1'}"));
        assertThat(project.cli("run", "shop", "--repair"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out()).contains("main was repaired in: 1");
        json("run", "shop"); // the next phase has its new ingested_at
        assertThat(project.cli("verify", "shop", "--deep")).isZero();
        books("1,Emma,400,");
        assertThat(project.cli("run", "shop", "--json")).as("more than 60 %").isEqualTo(Exit.FAILED);
        assertThat(project.json().at("/phases/1/status").asText()).isEqualTo("not run");
        assertThat(done(json("run", "shop", "--allow-deletes")))
                .containsExactly(
                        "shop-extract/staging written 0 deleted 3 dead 0",
                        "shop-publish/main written 0 deleted 2 dead 0",
                        "shop-table/warehouse written 0 deleted 2 dead 0");
        for (String option : List.of("--only-sinks", "--from-raw")) {
            assertThat(project.cli("run", "shop", option, "main")).isEqualTo(Exit.WRONG);
            assertThat(project.err()).singleElement().asString().startsWith("run: " + option + " must be of a ");
        }
        assertThat(project.cli("verify", "shop", "--repair")).isEqualTo(Exit.WRONG);
        assertThat(project.err()).singleElement().asString().contains("'--repair', which is of run");
        assertThat(project.cli("preview", "shop", "--limit", "1")).isZero();
        assertThat(project.cli("test", "shop")).isEqualTo(Exit.WRONG);
    }

    @Test
    void aChainIsAdoptedPhaseByPhase() throws Exception {
        json("run", "shop");
        for (String phase : List.of("shop-extract", "shop-publish", "shop-table")) json("remove", phase);
        assertThat(project.cli("adopt", "shop", "--only-sinks", "main")).isEqualTo(Exit.WRONG);
        assertThat(project.cli("adopt", "shop", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(done(json("run", "shop")))
                .as("everything was there already")
                .allMatch(change -> change.endsWith("written 0 deleted 0 dead 0"));
    }

    @Test
    void whileAnotherRunsAPhaseTheChainSaysWhoAndWaits() throws Exception {
        json("run", "shop");
        try (var ledger = new io.caravan.ledger.LedgerDataSource(database.uri(), database.user(), database.password());
                var held = io.caravan.ledger.Lease.acquire(
                        ledger,
                        new io.caravan.ledger.PlainTransactions(ledger)
                                .in(c -> io.caravan.ledger.Flows.of(c, "shop-publish")),
                        io.caravan.ledger.LeaseTerms.of("somebody", java.time.Duration.ofSeconds(30)))) {
            assertThat(project.cli("run", "shop")).isEqualTo(Exit.LEASE_HELD);
            assertThat(String.join("\n", project.err()))
                    .contains("shop-publish")
                    .contains("somebody");
            assertThat(project.cli("reset", "shop")).isEqualTo(Exit.LEASE_HELD);
        }
        json("run", "shop", "--wait", "5");
    }
}
