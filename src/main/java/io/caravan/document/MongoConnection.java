package io.caravan.document;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ServerDescription;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mongodb.MongoDbComponent;
import org.bson.Document;

/** How to reach one MongoDB; the URI may hold a password and is never shown, only the hosts in it. */
final class MongoConnection {

    private static final ClientKind<MongoClient, MongoDbComponent> KIND = new ClientKind<>(
            "mongoClient",
            MongoClient.class,
            "mongodb",
            "mongo-connection",
            MongoDbComponent.class,
            MongoDbComponent::getMongoConnection);

    private static final ClientKind<MongoClient, MongoDbComponent> BYTES = new ClientKind<>(
            "mongoClientOfBytes",
            MongoClient.class,
            "mongodb",
            "mongo-connection",
            MongoDbComponent.class,
            component -> null,
            false);

    private static final String URI_RULE = "be 'laptop' or mongodb://<host>:<port> or mongodb+srv://<host>";

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    MongoConnection(
            SettingChecks settings,
            String unit,
            String uri,
            String user,
            String password,
            int connectTimeoutMillis,
            int timeoutMillis) {
        boolean known = uri != null
                && (uri.equals(Endpoints.LAPTOP) || uri.startsWith("mongodb://") || uri.startsWith("mongodb+srv://"));
        settings.must(known, "uri", URI_RULE, "another form");
        settings.between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        settings.between("timeoutMillis", timeoutMillis, 1, 86_400_000);
        this.unit = unit;
        this.uri = uri;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
    }

    /** A client that may be shared, its view of bytes, how it writes, and what to say when it fails. */
    record Opened(
            Client<MongoClient> client, Client<MongoClient> bytes, WriteConcern writeConcern, MongoFailure failure) {}

    /** The context's client for these settings, or the user's; it connects when it is used, and the context closes it. */
    Opened open(CamelContext context) {
        Clients clients = Clients.of(context);
        Client<MongoClient> client =
                clients.get(KIND, List.of(uri, user, password, connectTimeoutMillis, timeoutMillis), this::newClient);
        boolean ours = clients.made(client);
        MongoClient peek = client.peek();
        if (!peek.getWriteConcern().isAcknowledged()) {
            throw new ConfigurationException(SettingChecks.sentence(
                    unit, "uri", "ask for acknowledged writes: w=1 or more, or majority", "w=0"));
        }
        MongoFailure failure = new MongoFailure(
                server(peek, ours),
                ours ? ServerErrors.user(login()) : "the user of the bean " + client.name(),
                timeoutMillis,
                () -> reasons(peek));
        clients.watch(client, "", () -> ping(client, failure));
        Client<MongoClient> bytes = clients.get(BYTES, peek, () -> BytesView.of(peek));
        return new Opened(client, bytes, peek.getWriteConcern(), failure);
    }

    private static void ping(Client<MongoClient> client, MongoFailure failure) {
        try {
            client.use().getDatabase("admin").runCommand(new Document("ping", 1));
        } catch (MongoException e) {
            throw failure.of("ping", e);
        }
    }

    private MongoClient newClient() {
        Endpoint endpoint = Endpoints.resolve(unit, "mongo", uri, user, password);
        ConnectionString parsed = parse(endpoint.uri());
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(parsed)
                .applicationName("caravan")
                .applyToClusterSettings(c -> c.serverSelectionTimeout(connectTimeoutMillis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(s -> s.connectTimeout(connectTimeoutMillis, TimeUnit.MILLISECONDS)
                        .readTimeout(timeoutMillis, TimeUnit.MILLISECONDS))
                // of a whole call: who sends a byte now and then holds nobody up
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .applyToConnectionPoolSettings(p -> p.maxWaitTime(connectTimeoutMillis, TimeUnit.MILLISECONDS))
                // the driver would wait for a silent server once more; deliveries try again by themselves
                .retryWrites(false)
                .retryReads(false);
        if (!endpoint.user().isEmpty()) {
            settings.credential(MongoCredential.createCredential(
                    endpoint.user(), "admin", endpoint.password().toCharArray()));
        }
        // a server that waits longer for others is silent longer than the read timeout
        if (parsed.getWriteConcern() == null) settings.writeConcern(WriteConcern.MAJORITY);
        return MongoClients.create(settings.build());
    }

    private ServerErrors server(MongoClient client, boolean ours) {
        String hosts = client.getClusterDescription().getClusterSettings().getHosts().stream()
                .map(ServerAddress::toString)
                .collect(Collectors.joining(","));
        return new ServerErrors(unit, "uri", "a MongoDB", ours && uri.equals(Endpoints.LAPTOP) ? uri : hosts);
    }

    /** Who connects; the laptop's store asks nobody. */
    private String login() {
        if (uri.equals(Endpoints.LAPTOP)) return "";
        MongoCredential inUri = user.isEmpty() ? parse(uri).getCredential() : null;
        return inUri != null ? inUri.getUserName() : user.isEmpty() ? "" : user;
    }

    /** Why the servers are not known: when none can be chosen, the driver says it nowhere else in a form for machines. */
    private static List<Throwable> reasons(MongoClient client) {
        List<Throwable> reasons = new ArrayList<>();
        for (ServerDescription server : client.getClusterDescription().getServerDescriptions()) {
            if (server.getException() != null) reasons.add(server.getException());
        }
        return reasons;
    }

    private ConnectionString parse(String text) {
        try {
            return new ConnectionString(text);
        } catch (MongoConfigurationException e) {
            // mongodb+srv: the hosts are asked for by name at once
            throw new ServerErrors(
                            unit,
                            "uri",
                            "a MongoDB",
                            text.replaceFirst("^.*@", "").replaceFirst("[/?].*$", ""))
                    .away("look up its hosts", new UnknownHostException());
        } catch (IllegalArgumentException e) {
            // its message may repeat what stands before the host
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, "uri", URI_RULE, "a URI the driver cannot read"));
        }
    }
}
