package io.caravan.vector;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.common.IndexParam.IndexType;
import io.milvus.v2.common.IndexParam.MetricType;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The collections behind one name. The name is an alias; the vectors of a model are in a collection of their own,
 * {@code <name>_<hash of model, fields, dimensions and index>}. Those of another model are built beside it, while all
 * questions are answered from the old one, and the alias is switched when the new one has every key the old one has.
 */
final class MilvusCollections {

    private final String unit;
    private final VectorCollection collection;
    private final IndexType index;
    private final MilvusRows rows;
    private final String own;

    MilvusCollections(String unit, VectorCollection collection, String model, IndexType index) {
        this.unit = unit;
        this.collection = collection;
        this.index = index;
        this.rows = new MilvusRows(collection);
        this.own = collection.name() + "_" + Sha256.hex(model + "\n" + collection + "\n" + index, 8);
    }

    /** The collection this model's vectors are in. */
    String own() {
        return own;
    }

    boolean exists(MilvusClientV2 client) {
        return client.hasCollection(
                HasCollectionReq.builder().collectionName(own).build());
    }

    /** Makes sure that the own collection is there and can be asked. */
    void prepare(MilvusClientV2 client) {
        check(client);
        if (!exists(client)) create(client);
        load(client);
    }

    /** Makes sure that the own collection, which is there, can be asked. */
    void load(MilvusClientV2 client) {
        boolean loaded = client.getLoadState(
                GetLoadStateReq.builder().collectionName(own).build());
        if (!loaded) load(client, own);
    }

    /** Throws {@link ConfigurationException} when the name is taken by a collection, which an alias could not name. */
    void check(MilvusClientV2 client) {
        if (client.listCollections().getCollectionNames().contains(collection.name())) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, "collection", "be free to be an alias", collection.name())
                            + ", the name of a collection that Caravan did not make: choose another name, or rename or drop it");
        }
    }

    /** A collection and what it calls the key. */
    record Live(String name, String keyField) {}

    /** The collection that the name leads to now. */
    Optional<Live> live(MilvusClientV2 client) {
        try {
            DescribeAliasReq alias =
                    DescribeAliasReq.builder().alias(collection.name()).build();
            String name = client.describeAlias(alias).getCollectionName();
            return Optional.of(new Live(name, describe(client, name).getPrimaryFieldName()));
        } catch (MilvusClientException e) {
            if (MilvusFailure.missing(e)) return Optional.empty();
            throw e;
        }
    }

    /** Lets the name, which leads nowhere yet, lead to the own collection. */
    void name(MilvusClientV2 client) {
        client.createAlias(CreateAliasReq.builder()
                .alias(collection.name())
                .collectionName(own)
                .build());
    }

    /** Lets the name lead to the own collection, and drops what it led to before. */
    void show(MilvusClientV2 client) {
        Optional<Live> live = live(client);
        if (live.isEmpty()) {
            name(client);
        } else if (!live.get().name().equals(own)) {
            client.alterAlias(AlterAliasReq.builder()
                    .alias(collection.name())
                    .collectionName(own)
                    .build());
        }
        dropOthers(client);
    }

    static void load(MilvusClientV2 client, String name) {
        client.loadCollection(LoadCollectionReq.builder().collectionName(name).build());
    }

    private void create(MilvusClientV2 client) {
        IndexParam cosine = IndexParam.builder()
                .fieldName(collection.vectorField())
                .indexName(collection.vectorField())
                .indexType(index)
                .metricType(MetricType.COSINE)
                .build();
        client.createCollection(CreateCollectionReq.builder()
                .collectionName(own)
                .collectionSchema(rows.schema())
                .indexParams(List.of(cosine))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    }

    private static DescribeCollectionResp describe(MilvusClientV2 client, String name) {
        return client.describeCollection(
                DescribeCollectionReq.builder().collectionName(name).build());
    }

    /** What the name led to before, and what was built for a model that was given up. */
    private void dropOthers(MilvusClientV2 client) {
        Pattern ours = Pattern.compile(Pattern.quote(collection.name()) + "_[0-9a-f]{16}");
        for (String name : client.listCollections().getCollectionNames()) {
            if (name.equals(own) || !ours.matcher(name).matches()) continue;
            if (describe(client, name).getFieldNames().contains(MilvusRows.ZERO)) {
                client.dropCollection(
                        DropCollectionReq.builder().collectionName(name).build());
            }
        }
    }
}
