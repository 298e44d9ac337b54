package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.SilentProxy;
import io.caravan.document.MongoSink;
import io.caravan.jdbc.JdbcSource;
import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.warehouse.WarehouseReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContextAware;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each store's client that is open is a health check of Camel's. */
class ClientHealthTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aClientIsACheckFromItsFirstUseOn() {
        MongoSink sink = mongo(TestStores.mongo().uri());
        assertThat(ids()).isEmpty();
        assertThat(sink.check()).isEmpty();
        assertThat(mongo(TestStores.mongo().uri()).check())
                .as("of the same client")
                .isEmpty();
        assertThat(ids()).containsExactly("client-mongoClient");
        HealthCheck check = check("client-mongoClient");
        assertThat(check.call().getState()).isEqualTo(State.UP);
        assertThat(check.isReadiness()).isTrue();
        assertThat(check.isLiveness()).as("a restart of ours would not help").isFalse();
        assertThat(HealthCheckHelper.invokeReadiness(context))
                .extracting(result -> result.getCheck().getId())
                .contains("client-mongoClient");
        context.stop();
        assertThat(ids()).isEmpty();
    }

    @Test
    void theClientsOfDatabasesAreChecksToo() {
        Endpoint database = TestStores.freshDatabase();
        WarehouseReader reader =
                new WarehouseReader("warehouse", database.uri(), database.user(), database.password(), 5_000);
        CamelContextAware.trySetCamelContext(reader, context);
        assertThat(reader.rows("select 1 as one", Map.of())).hasSize(1);
        JdbcSource source = new JdbcSource(
                database.uri(),
                database.user(),
                "wrong",
                "rows",
                "select 1 as id",
                "id",
                "",
                "",
                0,
                0,
                10,
                5_000,
                5_000);
        CamelContextAware.trySetCamelContext(source, context);
        assertThat(source.check()).isPresent();
        assertThat(ids()).containsExactly("client-dataSource", "client-dataSource2");
        assertThat(check("client-dataSource").call().getState()).isEqualTo(State.UP);
    }

    @Test
    void aSilentStoreIsDownAfterTheLimitAndUpWhenItSpeaksAgain() throws Exception {
        ConnectionString mongo = new ConnectionString(TestStores.mongo().uri());
        String[] address = mongo.getHosts().get(0).split(":");
        try (SilentProxy proxy = new SilentProxy(address[0], Integer.parseInt(address[1]))) {
            assertThat(mongo("mongodb://127.0.0.1:" + proxy.port()).check()).isEmpty();
            HealthCheck check = check("client-mongoClient");
            assertThat(check.call().getState()).isEqualTo(State.UP);
            proxy.silence();
            Await.until("it is down", Duration.ofSeconds(10), () -> check.call().getState() == State.DOWN);
            assertThat(check.call().getMessage()).hasValueSatisfying(why -> assertThat(why)
                    .matches("client-mongoClient: no answer within 3000 ms|documents: .*"));
            long begun = System.nanoTime();
            check.call();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("who asks while the question goes on waits no longer")
                    .isLessThan(Duration.ofSeconds(3));
            proxy.speak();
            Await.until("it is up", Duration.ofSeconds(20), () -> check.call().getState() == State.UP);
        }
    }

    @Test
    void theSentenceOfAStoreThatIsAwayHoldsNoSecret() {
        assertThat(mongo("mongodb://eve:s3cret@127.0.0.1:1").check()).isPresent();
        HealthCheck.Result result = check("client-mongoClient").call();
        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getMessage()).hasValueSatisfying(why -> assertThat(why)
                .startsWith("documents: cannot ping: uri must lead to a MongoDB that answers, got '127.0.0.1:1'")
                .doesNotContain("s3cret"));
        assertThat(result.getDetails().toString()).doesNotContain("s3cret");
    }

    @Test
    void theClientOfAUserIsACheckUnderItsName() {
        try (MongoClient users = MongoClients.create(TestStores.mongo().uri())) {
            context.getRegistry().bind("mine", MongoClient.class, users);
            assertThat(mongo("mongodb://127.0.0.1:1").check()).isEmpty();
            assertThat(ids()).containsExactly("client-mine");
            assertThat(check("client-mine").call().getState()).isEqualTo(State.UP);
        }
    }

    private List<String> ids() {
        return HealthCheckRegistry.get(context).stream()
                .map(HealthCheck::getId)
                .filter(id -> id.startsWith("client-"))
                .toList();
    }

    private HealthCheck check(String id) {
        return HealthCheckRegistry.get(context).getCheck(id).orElseThrow();
    }

    private MongoSink mongo(String uri) {
        MongoSink sink = new MongoSink("documents", uri, "", "", "health", "things", "", "", "remove", 1_000, 60_000);
        CamelContextAware.trySetCamelContext(sink, context);
        return sink;
    }
}
