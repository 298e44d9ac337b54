package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores;
import io.caravan.local.TestStores;
import io.caravan.run.TableSink;
import io.caravan.settings.Configuration;
import io.caravan.settings.SettingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do to a pipeline as the ledger knows it: reset, remove and rename it, by the command line, with a real ledger and
 * real tables as sinks: pipeline {@code things} to two tables, pipeline {@code orders} of a project to the warehouse.
 */
class LedgerCommandsTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Map<String, String> settings = new HashMap<>();
    private Screen screen = new Screen();

    @BeforeEach
    void fill() throws IOException {
        settings.putAll(Map.of(
                "caravan.things.input",
                folder.resolve("things").toString(),
                "caravan.things.namePattern",
                "*.csv",
                "caravan.ledger.uri",
                database.uri(),
                "caravan.ledger.user",
                database.user(),
                "caravan.ledger.password",
                database.password()));
        for (String sink : List.of("left", "right")) {
            settings.put(
                    "camel.beans." + sink, "#class:io.caravan.run.TableSink(\"" + sink + "\"," + quoted() + ",100)");
        }
        Files.createDirectories(folder.resolve("things"));
        things("k0,0,a", "k1,1,b", "k2,2,c", "k3,3,d", "k4,4,e", "odd,many,f");
    }

    @Test
    void aRunForOneSinkLeavesTheOtherToTheNext() throws Exception {
        assertThat(cli("run", "things", "--only-sinks", "left")).isEqualTo(3);
        assertThat(screen.out())
                .contains("right: left out by --only-sinks; the next run without it gives them everything")
                .noneMatch(l -> l.startsWith("right "));
        assertThat(held("left")).hasSize(5);
        assertThat(cli("run", "things", "--only-sinks", "left,middle")).isEqualTo(2);
        assertThat(screen.err()).containsExactly("things: --only-sinks must name sinks of left, right, got 'middle'");
        assertThat(cli("plan", "things", "--only-sinks=right", "--json")).isZero();
        assertThat(json().at("/sinks/right/inserts").asInt())
                .as("a plan does not ask the step that refuses one")
                .isEqualTo(6);
        assertThat(json().at("/sinks").size()).isEqualTo(1);
        assertThat(cli("run", "things", "--json")).isEqualTo(3);
        assertThat(json().at("/sinks/left/written").asInt()).isZero();
        assertThat(json().at("/sinks/right/written").asInt()).isEqualTo(5);
        assertThat(cli("verify", "things", "--only-sinks", "right")).isZero();
    }

    @Test
    void aResetSendsEverythingAgainAndDeletesWhatWasDeletedMeanwhile() throws Exception {
        assertThat(cli("reset", "things")).isZero();
        assertThat(screen.out())
                .containsExactly("things: no sink has got anything yet; the next run sends everything anyway");
        cli("run", "things");
        sql("update sink_left set content = 'damaged'");
        assertThat(cli("reset", "things", "--sink", "left")).isZero();
        assertThat(screen.out())
                .containsExactly(
                        "things: the next run sends everything again to left: 6 records by the ledger, and what was"
                                + " deleted meanwhile");
        assertThat(held("left").values()).containsOnly("damaged");

        things("k0,0,a", "k1,1,b", "k2,2,c", "k3,3,d", "odd,many,f");
        assertThat(cli("run", "things", "--json")).isEqualTo(3);
        assertThat(json().at("/sinks/left/written").asInt()).isEqualTo(4);
        assertThat(json().at("/sinks/left/deleted").asInt()).isEqualTo(1);
        assertThat(json().at("/sinks/right/written").asInt()).isZero();
        assertThat(held("left")).isEqualTo(held("right")).hasSize(4);

        assertThat(cli("reset", "things", "--json")).isZero();
        assertThat(json().at("/sinks/1").asText()).isEqualTo("right");
        assertThat(json().at("/records").asInt()).isEqualTo(5);
    }

    @Test
    void whatThereIsNotIsRefusedWithTheRightNames() {
        assertThat(cli("remove", "things")).isEqualTo(2);
        assertThat(screen.err()).containsExactly("remove: pipeline must be one that has run, got 'things'");
        cli("run", "things");
        assertThat(cli("reset", "thing")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly(
                        "reset: pipeline must be one that has run: things, got 'thing'; did you mean 'things'?");
        assertThat(cli("reset", "things", "--sink", "lefft,right")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("reset: --sink must be one of left, right, got 'lefft'; did you mean 'left'?");
        assertThat(cli("rename", "thing", "other")).isEqualTo(2);
        assertThat(cli("rename", "things", "things")).isEqualTo(2);
        assertThat(screen.err()).containsExactly("rename: <new> must be another name, got 'things'");
        assertThat(cli("run", "things", "--json")).as("nothing was reset").isEqualTo(3);
    }

    @Test
    void whileARunGoesOnNothingIsChanged() throws Exception {
        cli("run", "things");
        sql("insert into ledger.flow (name) values ('orders')");
        List<String> before = ledger();
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            for (String running : List.of("things", "orders")) {
                Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, running));
                try (Lease lease = Lease.acquire(ledger, flow, "run of somebody", Duration.ofMinutes(1))) {
                    assertThat(lease.held()).isTrue();
                    assertThat(cli("rename", "things", "orders")).isEqualTo(4);
                    assertThat(screen.err())
                            .singleElement()
                            .asString()
                            .contains(running + ": the lease is held by run of somebody");
                    if (running.equals("orders")) continue;
                    for (String command : List.of("reset things", "remove things", "remove things --with-data --yes")) {
                        assertThat(cli(command.split(" "))).as(command).isEqualTo(4);
                    }
                }
            }
        }
        assertThat(ledger()).isEqualTo(before);
        assertThat(held("left")).hasSize(5);
    }

    @Test
    void aPipelineIsForgottenAndItsSinksKeepTheirRecords() throws Exception {
        cli("run", "things");
        orders();
        assertThat(cli("run", "orders")).isZero();
        settings.remove("camel.beans.left"); // its route is of no use any more
        assertThat(cli("remove", "things")).isZero();
        assertThat(screen.out())
                .containsExactly(
                        "things: forgotten with 1 runs and 1 dead letters",
                        "The sinks keep what they hold: 5 records of left, 5 records of right; nobody will delete it by what the"
                                + " ledger knew.");
        assertThat(held("left")).hasSize(5);
        assertThat(texts("select distinct name from ledger.flow")).containsExactly("orders");
        assertThat(texts("select distinct flow from ledger.record_state")).hasSize(1);
        assertThat(texts("select state from ledger.dead_letter")).isEmpty();
        cli("run", "orders", "--json");
        assertThat(json().at("/sinks/warehouse/written").asInt())
                .as("the other's")
                .isZero();
    }

    @Test
    void aPipelineIsForgottenWithItsDataOnceSomebodyHasSaidYes() throws Exception {
        cli("run", "things");
        sql("insert into sink_right values ('stranger', '')");
        assertThat(cli("remove", "things", "--with-data")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly(
                        "remove: --yes must be given to delete 5 records of left, 5 records of right; nothing was"
                                + " deleted, nothing forgotten");
        assertThat(held("left")).hasSize(5);

        Endpoint nowhere = new Endpoint("jdbc:postgresql://127.0.0.1:1/none", "caravan", "none");
        String left = settings.get("camel.beans.left");
        settings.put("camel.beans.left", left.replace(database.uri(), nowhere.uri()));
        assertThat(cli("remove", "things", "--with-data", "--yes")).isEqualTo(1);
        assertThat(screen.err())
                .last()
                .isEqualTo(
                        "things: not every sink deleted its records, so the ledger forgets nothing; when that is fixed,"
                                + " remove it again");
        assertThat(held("left")).hasSize(5);
        assertThat(texts("select name from ledger.flow")).containsExactly("things");

        settings.put("camel.beans.left", left);
        assertThat(cli("remove", "things", "--with-data", "--yes")).isZero();
        assertThat(screen.out()).last().isEqualTo("things: forgotten with 3 runs and 1 dead letters");
        assertThat(held("left")).isEmpty();
        assertThat(held("right")).containsOnlyKeys("stranger");
        assertThat(texts("select name from ledger.flow")).isEmpty();
        assertThat(cli("run", "things", "--json")).isEqualTo(3);
        assertThat(json().at("/sinks/left/written").asInt())
                .as("it starts again")
                .isEqualTo(5);
    }

    @Test
    void withoutItsRouteAPipelineCanBeForgottenButNotItsData() throws Exception {
        orders();
        cli("run", "orders");
        Files.delete(folder.resolve("routes/orders/copy-orders.camel.yaml"));
        assertThat(cli("remove", "orders", "--with-data", "--yes")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly(
                        "caravan: pipeline must be one of things, got 'orders'",
                        "remove: without its route nobody knows where its sinks are; remove orders without --with-data, or put"
                                + " the route back");
        assertThat(cli("remove", "orders", "--json")).isZero();
        assertThat(json().at("/kept/warehouse").asInt()).isEqualTo(2);
        assertThat(json().at("/runs").asInt()).isEqualTo(1);
        assertThat(texts("select name from ledger.flow")).isEmpty();
    }

    @Test
    void aRenamedPipelineGoesOnWhereItWasWithTheMarkerInItsStore() throws Exception {
        orders();
        assertThat(cli("run", "orders")).isZero();
        assertThat(texts("select owner from caravan_markers")).containsExactly("orders/warehouse");
        sql("insert into ledger.flow (name) values ('shop')"); // as a plan leaves it
        assertThat(cli("rename", "orders", "shop")).isZero();
        assertThat(screen.out())
                .containsExactly(
                        "The ledger knows orders as shop now",
                        "Next: change 'pipeline' in its route to shop, and its settings caravan.orders.* to caravan.shop.*");
        route("shop");
        assertThat(cli("run", "shop")).isZero();
        assertThat(screen.out())
                .anyMatch(l -> l.contains("succeeded, nothing had to be written, 2 records read"))
                .noneMatch(l -> l.contains("everything again"));
        assertThat(texts("select owner from caravan_markers")).containsExactly("shop/warehouse");
        assertThat(cli("runs", "--pipeline", "shop", "--json")).isZero();
        assertThat(json()).hasSize(2);

        cli("run", "things");
        assertThat(cli("rename", "things", "shop")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly(
                        "rename: <new> must be a name that no pipeline has run by, got 'shop'; choose another, or"
                                + " first: ./caravan remove shop");
        assertThat(cli("remove", "shop", "--with-data", "--yes")).isZero();
        assertThat(texts("select owner from caravan_markers")).isEmpty();
        assertThat(texts("select id from shop_orders")).isEmpty();
    }

    private void orders() throws IOException {
        Files.createDirectories(folder.resolve("orders"));
        Files.writeString(folder.resolve("orders/a.csv"), "id,name\no1,one\no2,two\n");
        route("orders");
    }

    /** The route with its table beside it, under a name. */
    private void route(String pipeline) throws IOException {
        Path routes = Files.createDirectories(folder.resolve("routes/orders"));
        Files.writeString(routes.resolve("table.yaml"), """
                table: shop_orders
                columns: [{name: id, type: text, key: true}, {name: name, type: text}]
                """);
        Files.writeString(routes.resolve("copy-orders.camel.yaml"), """
                - route:
                    id: copy-orders
                    from:
                      uri: kamelet:objects-source
                      parameters:
                        pipeline: %s
                        input: "%s"
                        keyFields: id
                      steps:
                        - to:
                            uri: kamelet:warehouse-sink
                            parameters:
                              uri: "%s"
                              user: "%s"
                              password: "%s"
                              table: "%s"
                """.formatted(
                        pipeline,
                        folder.resolve("orders"),
                        database.uri(),
                        database.user(),
                        database.password(),
                        routes.resolve("table.yaml")));
    }

    private int cli(String... args) {
        screen = new Screen();
        Path routes = folder.resolve("routes");
        Shell shell = new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.of(SettingFiles.layer("", ""), List.of(), n -> null, n -> null)
                        .with(settings),
                () -> Files.isDirectory(routes) ? Pipelines.in("cliroutes", routes) : Pipelines.in("cliroutes"),
                () -> new LaptopStores(folder, List.of()));
        return new Cli(shell, folder).run(args);
    }

    private String quoted() {
        return "\"" + database.uri() + "\",\"" + database.user() + "\",\"" + database.password() + "\"";
    }

    private Map<String, String> held(String sink) {
        return new TableSink(sink, database.uri(), database.user(), database.password(), 1).contents();
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(screen.out().get(0));
    }

    private void things(String... rows) throws IOException {
        Files.writeString(folder.resolve("things/a.csv"), "id,size,text\n" + String.join("\n", rows) + "\n");
    }

    /** What must not change but by a run. */
    private List<String> ledger() throws SQLException {
        List<String> all = new ArrayList<>();
        for (String table : List.of("flow", "run", "record_state", "sink_state", "dead_letter")) {
            all.addAll(texts("select t::text from ledger." + table + " t order by 1"));
        }
        return all;
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) texts.add(r.getString(1));
        }
        return texts;
    }

    private void sql(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
