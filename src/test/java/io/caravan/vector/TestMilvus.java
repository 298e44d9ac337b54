package io.caravan.vector;

import static io.caravan.endpoint.TestContext.knownTo;

import io.caravan.Peers;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.database.request.CreateDatabaseReq;
import io.milvus.v2.service.database.request.DropDatabaseReq;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on the Milvus Lite that {@code peers/run} started, gone when closed. */
public final class TestMilvus implements AutoCloseable {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    public final String uri = "http://" + Peers.address("milvus-lite");
    public final String database = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    final MilvusClientV2 client;

    public TestMilvus() {
        try (Admin admin = new Admin(uri, null)) {
            admin.client.createDatabase(
                    CreateDatabaseReq.builder().databaseName(database).build());
        }
        client = new Admin(uri, database).client;
    }

    MilvusSink sink(VectorCollection collection, String model) {
        return sink(uri, collection, model);
    }

    MilvusSink sink(String uri, VectorCollection collection, String model) {
        return knownTo(new MilvusSink(
                "vectors",
                uri,
                "",
                "",
                database,
                "",
                collection.name(),
                collection.keyField(),
                collection.vectorField(),
                collection.dimensions(),
                String.join(",", collection.scalarFields()),
                model,
                "AUTOINDEX",
                5_000,
                10_000));
    }

    MilvusSearch search(VectorCollection collection) {
        return knownTo(new MilvusSearch(uri, "", "", database, "", collection, 5_000, 10_000));
    }

    List<String> collections() {
        return client.listCollections().getCollectionNames();
    }

    String behind(String alias) {
        return client.describeAlias(DescribeAliasReq.builder().alias(alias).build())
                .getCollectionName();
    }

    void dropAlias(String alias) {
        client.dropAlias(DropAliasReq.builder().alias(alias).build());
    }

    void drop(String collection) {
        client.dropCollection(
                DropCollectionReq.builder().collectionName(collection).build());
    }

    @Override
    public void close() {
        client.close();
        try (Admin admin = new Admin(uri, database)) {
            for (String name : admin.client.listCollections().getCollectionNames()) {
                admin.client.dropCollection(
                        DropCollectionReq.builder().collectionName(name).build());
            }
        }
        try (Admin admin = new Admin(uri, null)) {
            admin.client.dropDatabase(
                    DropDatabaseReq.builder().databaseName(database).build());
        }
    }

    private record Admin(MilvusClientV2 client) implements AutoCloseable {

        Admin(String uri, String database) {
            this(new MilvusClientV2(ConnectConfig.builder()
                    .uri(uri)
                    .dbName(database)
                    .rpcDeadlineMs(30_000)
                    .build()));
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
