package io.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.error.ConfigurationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.component.mongodb.MongoDbComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class ClientsTest {

    private static final ClientKind<MongoClient, MongoDbComponent> MONGO = new ClientKind<>(
            "mongoClient",
            MongoClient.class,
            "mongodb",
            "mongo-connection",
            MongoDbComponent.class,
            MongoDbComponent::getMongoConnection);

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
    void theContextClosesWhatWasMadeOfSettingsAndNothingElse() {
        class Connection implements AutoCloseable {
            boolean closed;

            @Override
            public void close() {
                closed = true;
            }
        }
        var kind = new ClientKind<>(
                "connection", Connection.class, "mongodb", "none", MongoDbComponent.class, c -> (Connection) null);
        Connection made = Clients.of(context).get(kind, "a", Connection::new).use();
        Connection users = new Connection();
        context.getRegistry().bind("mine", users);
        assertThat(Clients.of(context).get(kind, "b", Connection::new).use()).isSameAs(users);

        context.stop();

        assertThat(made.closed).isTrue();
        assertThat(users.closed).isFalse();
    }

    @Test
    void theSameSettingsShareOneClientThatTheRegistryKnows() {
        Client<MongoClient> first = client("a");
        Client<MongoClient> same = client("a");
        Client<MongoClient> other = client("b");

        assertThat(same).isSameAs(first);
        assertThat(other.use()).isNotSameAs(first.use());
        assertThat(first.reference()).isEqualTo("#bean:mongoClient");
        assertThat(context.getRegistry().lookupByNameAndType("mongoClient2", MongoClient.class))
                .isSameAs(other.use());
    }

    /** A pipeline that starts makes its clients while the endpoints of others are resolved. */
    @Test
    void clientsAreMadeWhileOthersLookForTheirs() throws Exception {
        var kind = ClientKind.withoutComponent("text", StringBuilder.class);
        context.getRegistry().bind("before", List.of("kept"));
        Clients clients = Clients.of(context);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> looks = CompletableFuture.runAsync(() -> {
            while (!done.get()) context.getRegistry().findByType(AutoCloseable.class);
        });
        try {
            for (int i = 0; i < 300 && !looks.isDone(); i++) clients.get(kind, i, StringBuilder::new);
        } finally {
            done.set(true);
        }

        looks.get(10, TimeUnit.SECONDS);
        assertThat(context.getRegistry().findByType(StringBuilder.class)).hasSize(300);
        assertThat(context.getRegistry().lookupByName("before")).isEqualTo(List.of("kept"));
    }

    @Test
    void aBeanOfTheUserWins() {
        try (MongoClient users = nowhere()) {
            context.getRegistry().bind("mine", users);

            assertThat(client("a").use()).isSameAs(users);
            assertThat(client("a").reference()).isEqualTo("#bean:mine");
        }
    }

    @Test
    void whatTheComponentWasGivenWinsOverBeans() {
        try (MongoClient bean = nowhere();
                MongoClient ofComponent = nowhere()) {
            context.getRegistry().bind("mine", bean);
            context.getComponent("mongodb", MongoDbComponent.class).setMongoConnection(ofComponent);

            assertThat(client("a").use()).isSameAs(ofComponent);
            assertThat(context.getRegistry().lookupByName(client("a").name())).isSameAs(ofComponent);
        }
    }

    @Test
    void aClientOfOursThatCamelWiredIntoTheComponentIsNotTakenForTheUsers() {
        Client<MongoClient> first = client("a");
        context.getComponent("mongodb", MongoDbComponent.class).setMongoConnection(first.use());

        assertThat(client("b").use()).isNotSameAs(first.use());
    }

    @Test
    void ofSeveralBeansTheComponentMustSayWhich() {
        try (MongoClient one = nowhere();
                MongoClient two = nowhere()) {
            context.getRegistry().bind("one", one);
            context.getRegistry().bind("two", two);

            assertThatThrownBy(() -> client("a"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("mongodb: the client must be one bean of com.mongodb.client.MongoClient, got one, two;"
                            + " say which with camel.component.mongodb.mongo-connection = #bean:<name>");
        }
    }

    @Test
    void ofAStoreWithoutAComponentThereMayBeOneBean() {
        ClientKind<StringBuilder, ?> kind = ClientKind.withoutComponent("textClient", StringBuilder.class);
        StringBuilder users = new StringBuilder();
        context.getRegistry().bind("one", users);

        assertThat(Clients.of(context).get(kind, "a", StringBuilder::new).use()).isSameAs(users);
        context.getRegistry().bind("two", new StringBuilder());
        assertThatThrownBy(() -> Clients.of(context).get(kind, "a", StringBuilder::new))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("textClient: the client must be one bean of java.lang.StringBuilder, got one, two; leave"
                        + " one of them");
    }

    @Test
    void aClientThatWasAbandonedIsFollowedByOneOfAnotherName() {
        Client<MongoClient> first = client("a");

        try (MongoClient left = first.use()) {
            assertThat(Clients.of(context).abandon(first)).isTrue();
            assertThat(client("a").use()).isNotSameAs(left);
            assertThat(client("a").name()).isEqualTo("mongoClient2");
            assertThat(context.getRegistry().lookupByName("mongoClient")).isNull();
            assertThat(Clients.of(context).abandon(first)).isFalse();
        }
    }

    @Test
    void aBeanOfATypeThatOthersHaveTooIsNotTakenForTheStores() {
        DataSource ledger = new PGSimpleDataSource();
        context.getRegistry().bind("ledgerDataSource", ledger);
        DataSource ofComponent = new PGSimpleDataSource();
        Client<DataSource> made = Clients.of(context).get(DataSources.KIND, "a", PGSimpleDataSource::new);
        assertThat(made.peek()).isNotSameAs(ledger);
        assertThat(Clients.of(context).made(made)).isTrue();

        context.getComponent("jdbc", JdbcComponent.class).setDataSource(ofComponent);
        Client<DataSource> theirs = Clients.of(context).get(DataSources.KIND, "a", PGSimpleDataSource::new);
        assertThat(theirs.peek()).isSameAs(ofComponent);
        assertThat(Clients.of(context).made(theirs)).isFalse();
    }

    @Test
    void callsWithoutAnEndpointAreCounted() {
        Client<MongoClient> client = client("a");
        assertThat(client.use()).isSameAs(client.use());

        assertThat(Clients.of(context).uses()).containsEntry("mongoClient", 2L);
    }

    private Client<MongoClient> client(String settings) {
        return Clients.of(context).get(MONGO, settings, ClientsTest::nowhere);
    }

    private static MongoClient nowhere() {
        return MongoClients.create("mongodb://127.0.0.1:1");
    }
}
