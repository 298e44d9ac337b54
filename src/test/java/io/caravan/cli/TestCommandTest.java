package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of a user's pipeline go through its own source and steps; no store is there. */
class TestCommandTest {

    private static final String CASE = "tests/orders/first-orders/";
    private static final String ROUTE = "routes/orders/orders.camel.yaml";

    @TempDir
    private Path folder;

    private UserProject project;

    @BeforeEach
    void init() {
        project = new UserProject(folder);
        assertThat(project.cli("init")).isZero();
    }

    @Test
    void aDifferenceIsShownByRecordAndFieldAndIsExitCodeOne() throws IOException {
        project.write(CASE + "expected/records.jsonl", """
                {"order_id":"2","customer":"Grace H.","item":"Tray, large","quantity":"2","price":31.00,"ordered_at":"2026-01-05T10:40:00Z"}
                {"order_id":"4","customer":"Nobody"}
                """);
        Files.delete(folder.resolve(CASE + "expected/dead-letters.jsonl"));

        assertThat(project.cli("test", "orders")).isEqualTo(1);
        assertThat(project.out())
                .containsExactly(
                        "orders/first-orders: failed, 3 records, 1 dead letter, 5 differences",
                        "  warehouse 2",
                        "    - customer: \"Grace H.\"",
                        "    + customer: \"Grace Hopper\"",
                        "    - quantity: \"2\"",
                        "    + quantity: 2",
                        "  warehouse 4 is missing",
                        "    - {\"order_id\":\"4\",\"customer\":\"Nobody\"}",
                        "  warehouse 1 was not expected",
                        "    + {\"order_id\":\"1\",\"customer\":\"Ada Byron\",\"item\":\"Teapot\",\"quantity\":1,\"price\":24.90,"
                                + "\"ordered_at\":\"2026-01-05T09:12:00Z\"}",
                        "  dead-letters 3 was not expected",
                        "    + {\"key\":\"3\",\"reason\":\"convert-types-action: quantity must be a whole number of 64 bits, got 'many'\"}",
                        "1 case: 0 passed, 1 failed");
        assertThat(project.cli("test", "--json")).isEqualTo(1);
        JsonNode one = project.json().get(0);
        assertThat(one.at("/status").asText()).isEqualTo("failed");
        assertThat(one.at("/differences/0/field").asText()).isEqualTo("customer");
        assertThat(one.at("/differences")).hasSize(5);
    }

    @Test
    void aChangedStepIsFoundWithoutABuild() throws IOException {
        project.replace(ROUTE, "quantity=integer,", "");

        assertThat(project.cli("test")).isEqualTo(1);
        assertThat(project.out())
                .contains("    - quantity: 1", "    + quantity: \"1\"", "  warehouse 3 was not expected")
                .contains("  dead-letters 3 is missing");
    }

    @Test
    void whatComesOutBecomesWhatIsExpectedWhenAskedFor() throws IOException {
        project.replace(ROUTE, "quantity=integer,", "");
        assertThat(project.cli("test", "--update")).isZero();
        assertThat(Files.readAllLines(folder.resolve(CASE + "expected/records.jsonl")))
                .hasSize(3)
                .first()
                .asString()
                .contains("\"quantity\":\"1\"");
        assertThat(folder.resolve(CASE + "expected/dead-letters.jsonl")).doesNotExist();
        assertThat(project.cli("test")).isZero();
    }

    @Test
    void expectedRecordsMayBeCsvInAnyOrderAndOfOneSink() throws IOException {
        Files.delete(folder.resolve(CASE + "expected/records.jsonl"));
        project.write(CASE + "expected/warehouse.csv", """
                quantity,order_id,customer,item,price,ordered_at
                2,2,Grace Hopper,"Tray, large",31.0,2026-01-05T10:40:00Z
                1,1,Ada Byron,Teapot,24.9,2026-01-05T09:12:00Z
                """);
        assertThat(project.cli("test")).isZero();

        project.write(CASE + "case.properties", "ordered = true\n");
        assertThat(project.cli("test")).isEqualTo(1);
        assertThat(project.out()).contains("  warehouse record 1", "    - key: 2", "    + key: 1");

        project.write(CASE + "case.properties", "ignore = customer, price\n");
        project.replace(CASE + "expected/warehouse.csv", "Grace Hopper", "somebody");
        assertThat(project.cli("test")).isZero();
    }

    @Test
    void whatIsWrongWithACaseIsSaid() throws IOException {
        project.write(CASE + "expected/warehose.jsonl", "{}");
        assertThat(project.cli("test")).isEqualTo(1);
        assertThat(project.out())
                .contains("  orders/first-orders: a file in expected must be named records or a sink (warehouse) with"
                        + " .jsonl or .csv, or dead-letters.jsonl, got 'warehose.jsonl'");
        Files.delete(folder.resolve(CASE + "expected/warehose.jsonl"));

        project.write(CASE + "expected/records.jsonl", "{\"order_id\": 1\n");
        assertThat(project.cli("test")).isEqualTo(1);
        assertThat(project.out()).anyMatch(line -> line.contains("tests/orders/first-orders/expected/records.jsonl:1"));

        project.write(CASE + "case.properties", "order = true\n");
        assertThat(project.cli("test")).isEqualTo(2);
        assertThat(project.err())
                .containsExactly("tests/orders/first-orders/case.properties: a name must be ordered, key, ignore or a"
                        + " setting (caravan....), got 'order'");
    }

    @Test
    void noCaseIsWrongUsage() {
        assertThat(project.cli("test", "books-publish")).isEqualTo(2);
        assertThat(project.err())
                .singleElement()
                .asString()
                .startsWith("test: there must be a case, a folder tests/books");
        assertThat(project.cli("test", "ordres")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().endsWith("did you mean 'orders'?");
    }

    @Test
    void noStoreIsAskedAndNoneStarted() throws IOException {
        project.settings(java.util.Map.of("caravan.ledger.uri", "jdbc:postgresql://127.0.0.1:1/none"));

        assertThat(project.cli("test")).isZero();
        assertThat(project.cli(
                        "preview",
                        "orders",
                        "--input",
                        folder.resolve("input/orders").toString()))
                .isZero();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aPreviewShowsRecordsBeforeAndAfterTheSteps() throws IOException {
        String input = folder.resolve(CASE + "input").toString();

        assertThat(project.cli("preview", "orders", "--input", input)).isZero();
        List<String> out = project.out();
        assertThat(out)
                .containsSubsequence(
                        "Before the steps",
                        "order_id:text  customer:text  item:text    quantity:text  price:text  ordered_at:text",
                        "After the steps, to warehouse",
                        "order_id:text  customer:text  item:text    quantity:integer  price:decimal  ordered_at:timestamp",
                        "Refused: each would be a dead letter");
        assertThat(out)
                .anyMatch(line ->
                        line.startsWith("orders.csv:4  3    convert-types  convert-types-action: quantity must be"));
        assertThat(out).last().asString().startsWith("preview of orders: nothing was written, 3 records read in ");

        assertThat(project.cli("preview", "orders", "--input", input, "--limit", "1", "--json"))
                .isZero();
        assertThat(project.json().at("/before/0/quantity").isTextual()).isTrue();
        assertThat(project.json().at("/after/warehouse/0/quantity").asInt()).isEqualTo(1);
        assertThat(project.json().at("/before")).hasSize(1);
        assertThat(project.cli("preview", "orders", "--limit", "0")).isEqualTo(2);
    }
}
