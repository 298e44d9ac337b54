package io.caravan.bench;

import static io.caravan.endpoint.TestContext.knownTo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import io.caravan.vector.MilvusSink;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.ArrayList;
import java.util.List;

/** Vectors in Milvus Lite; heap is measured on a Milvus that forgets them, as the real one would need half an hour. */
final class MilvusWriting implements Writing {

    private static final String NAME = "bench_orders";
    private static final List<String> SCALARS = List.of("customer_id", "product");

    private final String uri = "http://" + PeerAddress.of("milvus-lite").orElseThrow();
    private final MilvusClientV2 client =
            new MilvusClientV2(ConnectConfig.builder().uri(uri).build());
    private final ForgetfulMilvus forgetful = new ForgetfulMilvus();

    @Override
    public String name() {
        return "milvus-sink, 384 dimensions";
    }

    @Override
    public int rated() {
        return 5_000;
    }

    @Override
    public int keys() {
        return 10_000;
    }

    @Override
    public Record record(int i) {
        return OrderRecords.withVector(i, 10_000);
    }

    @Override
    public void empty() {
        try {
            client.dropAlias(DropAliasReq.builder().alias(NAME).build());
        } catch (MilvusClientException e) {
            // there is none
        }
        for (String name : collections()) {
            client.dropCollection(
                    DropCollectionReq.builder().collectionName(name).build());
        }
    }

    private List<String> collections() {
        return client.listCollections().getCollectionNames().stream()
                .filter(name -> name.startsWith(NAME))
                .toList();
    }

    @Override
    public Bare bare() {
        MilvusClientV2 own = new MilvusClientV2(ConnectConfig.builder().uri(uri).build());
        create(own);
        return new Bare() {
            @Override
            public void write(List<Record> batch) {
                List<JsonObject> rows = new ArrayList<>(batch.size());
                for (Record r : batch) rows.add(row(r));
                own.upsert(UpsertReq.builder().collectionName(NAME).data(rows).build());
            }

            @Override
            public void close() {
                own.close();
            }
        };
    }

    private static JsonObject row(Record r) {
        JsonObject row = new JsonObject();
        row.addProperty(Orders.KEY, r.key());
        for (String name : SCALARS)
            row.addProperty(name, r.get(name).orElseThrow().toString());
        float[] vector = (float[]) r.get("vector").orElseThrow();
        JsonArray numbers = new JsonArray(vector.length);
        for (float v : vector) numbers.add(v);
        row.add("vector", numbers);
        return row;
    }

    private static void create(MilvusClientV2 client) {
        CreateCollectionReq.CollectionSchema schema =
                CreateCollectionReq.CollectionSchema.builder().build();
        schema.addField(AddFieldReq.builder()
                .fieldName(Orders.KEY)
                .dataType(DataType.VarChar)
                .maxLength(65_535)
                .isPrimaryKey(true)
                .autoID(false)
                .build());
        schema.addField(AddFieldReq.builder()
                .fieldName("vector")
                .dataType(DataType.FloatVector)
                .dimension(OrderRecords.DIMENSIONS)
                .build());
        for (String name : SCALARS) {
            schema.addField(AddFieldReq.builder()
                    .fieldName(name)
                    .dataType(DataType.VarChar)
                    .maxLength(65_535)
                    .isNullable(true)
                    .build());
        }
        client.createCollection(CreateCollectionReq.builder()
                .collectionName(NAME)
                .collectionSchema(schema)
                .indexParams(List.of(IndexParam.builder()
                        .fieldName("vector")
                        .indexName("vector")
                        .indexType(IndexParam.IndexType.AUTOINDEX)
                        .metricType(IndexParam.MetricType.COSINE)
                        .build()))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
        client.loadCollection(LoadCollectionReq.builder().collectionName(NAME).build());
    }

    @Override
    public Sink sink() {
        return sink(uri);
    }

    @Override
    public Sink heapSink() {
        return sink(forgetful.uri());
    }

    private static Sink sink(String uri) {
        return knownTo(new MilvusSink(
                "vectors",
                uri,
                "",
                "",
                "",
                "",
                NAME,
                Orders.KEY,
                "vector",
                OrderRecords.DIMENSIONS,
                String.join(",", SCALARS),
                "bench",
                "AUTOINDEX",
                5_000,
                60_000));
    }

    @Override
    public long held() {
        return (Long) client.query(QueryReq.builder()
                        .collectionName(collections().get(0))
                        .outputFields(List.of("count(*)"))
                        .consistencyLevel(ConsistencyLevel.STRONG)
                        .build())
                .getQueryResults()
                .get(0)
                .getEntity()
                .get("count(*)");
    }

    @Override
    public void close() {
        empty();
        client.close();
        forgetful.close();
    }
}
