package io.caravan.vector;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.PlainHttp;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.milvus.grpc.ClientInfo;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.utils.ClientUtils;
import io.milvus.v2.utils.RpcUtils;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * How to reach one Milvus. The client's own way to connect waits without an end for a server that is away, tries each
 * call 75 times, and leaves a channel behind when it fails; here each call is made once, with a deadline. Camel has no component
 * for Milvus that could write as we do; whoever names the same server shares one client, and a bean of the user's takes its place.
 */
final class MilvusConnection implements CamelContextAware {

    private static final ClientKind<MilvusClientV2, ?> MILVUS =
            ClientKind.withoutComponent("milvusClient", MilvusClientV2.class);

    /** How long each call of the one that makes it may take: the client is shared, patience is not; for strangers a minute. */
    private static final Context.Key<Integer> LIMIT_MILLIS = Context.keyWithDefault("caravan-milvus-limit", 60_000);

    /** Held, as the JDK forgets the level of a logger that nobody holds. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        // it logs with a stack trace what it throws
        GRPC.setLevel(Level.OFF);
    }

    private final String unit;
    private final URI uri;
    private final String user;
    private final String password;
    private final String database;
    private final String caFile;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private CamelContext context;
    private Client<MilvusClientV2> client;
    private MilvusClientV2 used;
    private boolean greeted;

    /** What two must say alike to share a client. */
    private record Place(URI uri, String user, String password, String database, String caFile) {}

    /** What the settings make, and no user. */
    private static final class OwnClient extends MilvusClientV2 implements AutoCloseable {

        private final ManagedChannel channel;

        OwnClient(ManagedChannel channel) {
            super(null);
            this.channel = channel;
            setBlockingStub(MilvusServiceGrpc.newBlockingStub(channel).withInterceptors(new Deadline()));
            retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    MilvusConnection(
            SettingChecks settings,
            String unit,
            String uri,
            String user,
            String password,
            String database,
            String caFile,
            int connectTimeoutMillis,
            int timeoutMillis) {
        this.unit = unit;
        this.uri = uri(uri);
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.database = database == null ? "" : database;
        this.caFile = caFile == null ? "" : caFile;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
        settings.must(
                this.uri != null,
                "uri",
                "be http://<host>:<port>, or https:// for TLS, without user, path and parameters",
                "another form");
        settings.must(this.user.isEmpty() || !this.password.isEmpty(), "password", "be given when there is a user", "");
        settings.must(printable(this.user + this.password), "user, password", "be printable", "another text");
        if (!this.database.isEmpty()) settings.name("database", this.database);
        if (!this.caFile.isEmpty()) {
            settings.must(Files.isReadable(Path.of(this.caFile)), "caFile", "be a readable PEM file", this.caFile);
        }
        settings.between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        settings.between("timeoutMillis", timeoutMillis, 1, 86_400_000);
    }

    @Override
    public synchronized void setCamelContext(CamelContext context) {
        if (this.context != context) client = null;
        this.context = context;
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }

    /** Host and port, for messages. */
    String place() {
        return uri.getHost() + ":" + uri.getPort();
    }

    /** For one piece of work, whose calls each end after {@code timeoutMillis}; errors: as {@link MilvusFailure} says. */
    <T> T with(Function<MilvusClientV2, T> work) {
        MilvusClientV2 greeted = greeted();
        Context limited = Context.current().withValue(LIMIT_MILLIS, timeoutMillis);
        Context before = limited.attach();
        try {
            return work.apply(greeted);
        } finally {
            limited.detach(before);
        }
    }

    /** The next call reconnects, and says who we are; those that others have under way go on. */
    synchronized void lost() {
        greeted = false;
        if (used instanceof OwnClient own) own.channel.enterIdle();
    }

    /** The client, once it was asked whether it accepts the user. */
    private synchronized MilvusClientV2 greeted() {
        if (client == null) {
            if (context == null) throw new IllegalStateException(unit + ": the Camel context must be known first");
            PlainHttp.check(context, unit, "uri", uri, !password.isEmpty());
            Place place = new Place(uri, user, password, database, caFile);
            client =
                    Clients.of(context).get(MILVUS, place, () -> new OwnClient(new ClientUtils().getChannel(config())));
            greeted = false;
            Clients.of(context).watch(client, "", () -> with(MilvusConnection::ask));
        }
        used = client.use();
        if (!greeted && used instanceof OwnClient own) greet(own);
        greeted = true;
        return used;
    }

    private static boolean ask(MilvusClientV2 client) {
        return client.hasCollection(
                HasCollectionReq.builder().collectionName("caravan_health").build());
    }

    private void greet(OwnClient own) {
        try {
            greet(MilvusServiceGrpc.newBlockingStub(own.channel)
                    .withDeadlineAfter(connectTimeoutMillis, TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException | MilvusClientException e) {
            throw failure().of("connect", e);
        }
    }

    MilvusFailure failure() {
        return new MilvusFailure(new ServerErrors(unit, "uri", "a Milvus", place()), user);
    }

    private void greet(MilvusServiceBlockingStub stub) {
        ClientInfo caravan =
                ClientInfo.newBuilder().setSdkType("Java").setUser(user).build();
        RpcUtils answers = new RpcUtils();
        answers.handleResponse(
                "connect",
                stub.connect(ConnectRequest.newBuilder().setClientInfo(caravan).build())
                        .getStatus());
        if (database.isEmpty()) return;
        var databases = stub.listDatabases(ListDatabasesRequest.getDefaultInstance());
        answers.handleResponse("list databases", databases.getStatus());
        if (!databases.getDbNamesList().contains(database)) {
            throw new ConfigurationException(SettingChecks.sentence(
                            unit, "database", "be one of " + databases.getDbNamesList() + " of " + place(), database)
                    + "; create it or correct 'database'");
        }
    }

    private ConnectConfig config() {
        ConnectConfig.ConnectConfigBuilder config = ConnectConfig.builder().uri(uri.toString());
        if (!database.isEmpty()) config.dbName(database);
        if (!user.isEmpty()) config.username(user).password(password);
        else if (!password.isEmpty()) config.token(password);
        if (!caFile.isEmpty()) config.serverPemPath(caFile).serverName(uri.getHost());
        return config.build();
    }

    /** null when it is none; a URI with more than scheme, host and port may hold a secret, and means nothing here. */
    private static URI uri(String text) {
        if (text == null || !text.matches("https?://[^/?#@\\s]+/?")) return null;
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri.getHost() == null) return null;
            return uri.getPort() > 0 ? uri : URI.create(uri + ":19530");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean printable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static final class Deadline implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withDeadlineAfter(LIMIT_MILLIS.get(), TimeUnit.MILLISECONDS));
        }
    }
}
