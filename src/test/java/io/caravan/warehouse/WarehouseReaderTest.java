package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Hostile;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.endpoint.TestContext;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class WarehouseReaderTest {

    private static Database database;
    private static WarehouseReader reader;

    @BeforeAll
    static void start() throws Exception {
        database = Database.fresh();
        database.run("create table seen (id text, n bigint, at timestamptz)");
        database.run("insert into seen values ('a:b', 1, '2024-01-02 03:04:05.678901+00'), ('c', 2, null)");
        reader = TestContext.knownTo(
                new WarehouseReader("analytics", database.uri(), database.user(), database.password(), 5_000));
    }

    @AfterAll
    static void stop() {
        reader.close();
    }

    @Test
    void givesRowsInTheOrderOfTheirColumns() {
        List<Map<String, Object>> rows = reader.rows("""
                select n as number, at, date '2024-02-29' as day, id::text, 'it''s :not a parameter' as "a:b", -- :nor this
                       jsonb '{"list": [1, "x"]}' as json, 1.50 as price /* :nor this */
                from seen where id = :id and :id <> '' and n >= :least order by n""", Map.of("id", "a:b", "least", 1));
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).keySet()).containsExactly("number", "at", "day", "id", "a:b", "json", "price");
        assertThat(rows.get(0).values().stream().map(Object.class::cast).map(Object::toString))
                .containsExactly(
                        "1",
                        "2024-01-02T03:04:05.678901Z",
                        "2024-02-29",
                        "a:b",
                        "it's :not a parameter",
                        "{list=[1, x]}",
                        "1.50");
        assertThat(rows.get(0).get("at")).isInstanceOf(Instant.class);
        assertThat(rows.get(0).get("day")).isInstanceOf(LocalDate.class);
        assertThat(reader.rows("select at from seen where id = 'c'", Map.of()).get(0))
                .containsEntry("at", null);
    }

    @Test
    void aValueIsNeverSql() {
        for (String hostile : Arrays.asList("' or '1'='1", "x'; drop table seen; --", "\\", "$1", ":id")) {
            assertThat(reader.rows("select * from seen where id = :id", Map.of("id", hostile)))
                    .isEmpty();
        }
        assertThat(reader.rows("select count(*) as n from seen", Map.of())).containsExactly(Map.of("n", 2L));
    }

    @Test
    void cannotChangeAnything() {
        assertThatThrownBy(() -> reader.rows("delete from seen returning id", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("read-only transaction");
        assertThat(reader.rows("select count(*) as n from seen", Map.of())).containsExactly(Map.of("n", 2L));
    }

    @Test
    void whatCamelWouldTakeForParametersInAStatementOrForExpressionsInAValueIsLeftAlone() {
        EndpointCounts counts = EndpointCounts.of(TestContext.get());
        List<String> texts = new ArrayList<>(Hostile.names(200));
        // what no text of PostgreSQL can hold
        texts.removeIf(text -> text.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE));
        assertThat(texts).hasSizeGreaterThan(150);
        for (String text : texts) {
            assertThat(reader.rows(
                            "select :text::text as text, ':?x' as named, '${env:HOME}' as simple, '{{x}}' as place",
                            Map.of("text", text)))
                    .containsExactly(Map.of("text", text, "named", ":?x", "simple", "${env:HOME}", "place", "{{x}}"));
        }
        assertThat(counts.calls()).containsExactly(Map.entry("jdbc", (long) texts.size()));
    }

    @Test
    void theDataSourceOfTheComponentWinsAndOtherBeansDoNot() throws Exception {
        PGSimpleDataSource real = new PGSimpleDataSource();
        real.setUrl(database.uri());
        real.setUser(database.user());
        real.setPassword(database.password());
        PGSimpleDataSource ledger = new PGSimpleDataSource();
        ledger.setUrl("jdbc:postgresql://127.0.0.1:1/ledger");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            context.getRegistry().bind("ledgerDataSource", ledger);
            WarehouseReader made =
                    new WarehouseReader("analytics", database.uri(), database.user(), database.password(), 5_000);
            made.setCamelContext(context);
            assertThat(made.rows("select 1 as one", Map.of())).containsExactly(Map.of("one", 1L));

            context.getComponent("jdbc", JdbcComponent.class).setDataSource(real);
            WarehouseReader theirs =
                    new WarehouseReader("analytics", "jdbc:postgresql://127.0.0.1:1/db", "u", "p", 5_000);
            theirs.setCamelContext(context);
            assertThat(theirs.rows("select 1 as one", Map.of())).containsExactly(Map.of("one", 1L));
            assertThatThrownBy(() -> theirs.rows("delete from seen returning id", Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void wantsEveryParameterAndNoOther() {
        assertThatThrownBy(() -> reader.rows("select 1 where 'x' = :id", Map.of("name", "x")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("analytics: parameters must be [id], got '[name]'");
    }

    @Test
    void saysWhoseFaultAFailureIs() throws Exception {
        assertThatThrownBy(() -> reader.rows("select * from nowhere", Map.of()))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> reader.rows("select 1 / :n", Map.of("n", 0))).isInstanceOf(BadRecordException.class);
        try (WarehouseReader wrong =
                TestContext.knownTo(new WarehouseReader("w", database.uri(), database.user(), "not-this", 500))) {
            assertThatThrownBy(() -> wrong.rows("select 1", Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("password authentication failed")
                    .hasMessageNotContaining("not-this");
        }
        try (ServerSocket silent = new ServerSocket(0);
                WarehouseReader down = TestContext.knownTo(new WarehouseReader(
                        "w", "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/db", "u", "p", 500))) {
            Instant start = Instant.now();
            assertThatThrownBy(() -> down.rows("select 1", Map.of())).isInstanceOf(UnavailableException.class);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(3));
        }
    }
}
