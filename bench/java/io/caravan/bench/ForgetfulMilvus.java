package io.caravan.bench;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DescribeAliasRequest;
import io.milvus.grpc.DescribeAliasResponse;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A Milvus of one collection that takes every vector and keeps none. */
final class ForgetfulMilvus extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {

    private static final Status OK = Status.getDefaultInstance();

    private final Server server;
    private String collection = "";
    private CollectionSchema schema = CollectionSchema.getDefaultInstance();

    ForgetfulMilvus() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .maxInboundMessageSize(64 << 20)
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "http://127.0.0.1:" + server.getPort();
    }

    @Override
    public void connect(ConnectRequest request, StreamObserver<ConnectResponse> answer) {
        say(answer, ConnectResponse.newBuilder().setStatus(OK).build());
    }

    @Override
    public void showCollections(ShowCollectionsRequest request, StreamObserver<ShowCollectionsResponse> answer) {
        say(answer, ShowCollectionsResponse.newBuilder().setStatus(OK).build());
    }

    @Override
    public void hasCollection(HasCollectionRequest request, StreamObserver<BoolResponse> answer) {
        boolean there = request.getCollectionName().equals(collection);
        say(answer, BoolResponse.newBuilder().setStatus(OK).setValue(there).build());
    }

    @Override
    public void createCollection(CreateCollectionRequest request, StreamObserver<Status> answer) {
        try {
            schema = CollectionSchema.parseFrom(request.getSchema());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        collection = request.getCollectionName();
        say(answer, OK);
    }

    @Override
    public void describeCollection(
            DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> answer) {
        say(
                answer,
                request.getCollectionName().equals(collection)
                        ? DescribeCollectionResponse.newBuilder()
                                .setStatus(OK)
                                .setCollectionName(collection)
                                .setSchema(schema)
                                .build()
                        : DescribeCollectionResponse.newBuilder()
                                .setStatus(missing())
                                .build());
    }

    @Override
    public void createIndex(CreateIndexRequest request, StreamObserver<Status> answer) {
        say(answer, OK);
    }

    @Override
    public void loadCollection(LoadCollectionRequest request, StreamObserver<Status> answer) {
        say(answer, OK);
    }

    @Override
    public void getLoadState(GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> answer) {
        say(
                answer,
                GetLoadStateResponse.newBuilder()
                        .setStatus(OK)
                        .setState(LoadState.LoadStateLoaded)
                        .build());
    }

    @Override
    public void describeAlias(DescribeAliasRequest request, StreamObserver<DescribeAliasResponse> answer) {
        say(answer, DescribeAliasResponse.newBuilder().setStatus(missing()).build());
    }

    @Override
    public void createAlias(CreateAliasRequest request, StreamObserver<Status> answer) {
        say(answer, OK);
    }

    @Override
    public void upsert(UpsertRequest request, StreamObserver<MutationResult> answer) {
        say(
                answer,
                MutationResult.newBuilder()
                        .setStatus(OK)
                        .setUpsertCnt(request.getNumRows())
                        .build());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    /** As Milvus says it of a collection, and of an alias. */
    @SuppressWarnings("deprecation") // the client looks at both codes
    private static Status missing() {
        return Status.newBuilder()
                .setErrorCode(ErrorCode.CollectionNotExists)
                .setCode(100)
                .setReason("alias not found")
                .build();
    }

    private static <T> void say(StreamObserver<T> answer, T what) {
        answer.onNext(what);
        answer.onCompleted();
    }
}
