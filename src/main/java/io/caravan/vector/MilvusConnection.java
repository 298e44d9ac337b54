package io.caravan.vector;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Server;
import io.caravan.error.Settings;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
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
import io.milvus.v2.utils.ClientUtils;
import io.milvus.v2.utils.RpcUtils;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How to reach one Milvus. The client's own way to connect waits without an end for a server that is away, tries each
 * call 75 times, and leaves a channel behind when it fails; here each call is made once, with a deadline.
 */
final class MilvusConnection {

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

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    MilvusConnection(
            Settings settings,
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

    /** A client whose calls end after {@code timeoutMillis}; closing ends its connection. */
    record Opened(MilvusClientV2 client, ManagedChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    /** Host and port, for messages. */
    String place() {
        return uri.getHost() + ":" + uri.getPort();
    }

    /** Connects and logs in; errors: as {@link MilvusFailure} says. */
    Opened open() {
        ManagedChannel channel = new ClientUtils().getChannel(config());
        try {
            greet(MilvusServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(connectTimeoutMillis, TimeUnit.MILLISECONDS));
            MilvusClientV2 client = new MilvusClientV2(null);
            client.setBlockingStub(MilvusServiceGrpc.newBlockingStub(channel).withInterceptors(new Deadline()));
            client.retryConfig(RetryConfig.builder().maxRetryTimes(1).build());
            return new Opened(client, channel);
        } catch (StatusRuntimeException | MilvusClientException e) {
            channel.shutdownNow();
            throw failure().of("connect", e);
        } catch (RuntimeException e) {
            channel.shutdownNow();
            throw e;
        }
    }

    MilvusFailure failure() {
        return new MilvusFailure(new Server(unit, "uri", "a Milvus", place()), user.isEmpty() ? "nobody" : user);
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
            throw new ConfigurationException(Settings.sentence(
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

    private final class Deadline implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS));
        }
    }
}
