package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.Peers;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceImplBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code milvus-sink}, wrongly. */
final class MilvusSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(
                Wrong.servers("store", "uri", "a Milvus", at -> at, MilvusSinkChecks::parameters, Map.of()));
        all.add(new Wrong("wrong password", () -> {
            String at = "127.0.0.1:" + strict();
            return new Wrong.Seen(
                    with(parameters(at), "user", "me", "password", Wrong.SECRET),
                    "store: cannot connect: authentication failed for user 'me' at " + at
                            + " (UNAUTHENTICATED auth check failure);"
                            + " correct 'user' and 'password'");
        }));
        all.add(new Wrong("no such database", () -> {
            String at = Peers.address("milvus-lite");
            return new Wrong.Seen(
                    with(parameters(at), "database", "nowhere"),
                    "store: database must be one of [*] of " + at + ", got 'nowhere'; create it or correct 'database'");
        }));
        return all;
    }

    /** A server that lets nobody in: Milvus Lite knows no accounts. */
    private static int strict() throws IOException {
        ServerInterceptor nobody = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                call.close(Status.UNAUTHENTICATED.withDescription("auth check failure"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(ServerInterceptors.intercept(new MilvusServiceImplBase() {}, nobody))
                .build()
                .start();
        return server.getPort();
    }

    private static Map<String, String> parameters(String at) {
        return Map.of(
                "uri", "http://" + at,
                "collection", "checks",
                "keyField", "id",
                "vectorField", "vector",
                "dimensions", "3",
                "connectTimeoutMillis", "1500",
                "timeoutMillis", "1500");
    }
}
