package io.caravan.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport;
import java.sql.Connection;
import java.sql.Statement;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class JdbcSourceKameletTest {

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void runsItsQueryAndReportsWhatItRead() throws Exception {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute("create table t(id int, at timestamptz, info jsonb); insert into t"
                    + " values (1, now(), '{\"a\": 1}'), (2, now(), '{\"b\": 1}'), (null, now(), '{\"a\": 1}')");
        }
        try (DefaultCamelContext context = new DefaultCamelContext();
                MongoClient client = MongoClients.create(TestStores.mongo().uri());
                LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            context.getRegistry().bind("ledgerDataSource", ledger);
            context.getPropertiesComponent().addInitialProperty("uri", database.uri());
            context.getPropertiesComponent().addInitialProperty("user", database.user());
            context.getPropertiesComponent().addInitialProperty("secret", database.password());
            context.getPropertiesComponent()
                    .addInitialProperty("sql", "select \"id\", at, info, 'it''s' as text from t where info ?? 'a'");
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:jdbc-source?pipeline=p&uri={{uri}}&user={{user}}&password={{secret}}&query={{sql}}"
                                    + "&keyFields=id&cursorField=at&lookbackSeconds=60")
                            .to("kamelet:mongodb-sink?sink=documents&database=jdbc_test&collection=rows&uri="
                                    + TestStores.mongo().uri());
                }
            });
            context.start();
            RunReport report = context.createProducerTemplate().requestBody("direct:p", null, RunReport.class);
            assertThat(report.problems()).isEmpty();
            assertThat(report.status()).isEqualTo(RunReport.Status.PARTIAL);
            assertThat(report.recordsRead()).isEqualTo(2);
            assertThat(report.openDeadLetters()).isEqualTo(1);
            assertThat(client.getDatabase("jdbc_test").getCollection("rows").find())
                    .extracting(d -> d.get("_id"), d -> d.get("text"), d -> d.get("info"))
                    .containsExactly(tuple("1", "it's", new Document("a", 1L)));
        }
    }
}
