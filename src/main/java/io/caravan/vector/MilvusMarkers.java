package io.caravan.vector;

import io.caravan.delivery.OwnerHash;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.AlterCollectionPropertiesReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionPropertiesReq;
import io.milvus.v2.service.vector.request.QueryReq;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The markers of those who write to a collection: properties of it, so each of the collections behind one name has its own.
 * A collection without an entity has none.
 */
final class MilvusMarkers {

    private static final String PROPERTY = "caravan.marker.";

    private final String collection;
    private final String keyField;

    MilvusMarkers(String collection, String keyField) {
        this.collection = collection;
        this.keyField = keyField;
    }

    /** The owner's marker; empty when there is none, no such collection or no entity that it could speak of. */
    Optional<String> of(MilvusClientV2 client, String owner) {
        try {
            Optional<String> marker = Optional.ofNullable(properties(client).get(property(owner)));
            return marker.isEmpty() || empty(client) ? Optional.empty() : marker;
        } catch (MilvusClientException e) {
            if (MilvusFailure.missing(e)) return Optional.empty();
            throw e;
        }
    }

    /**
     * Leaves the marker; the collection is there. When it is empty, what others wrote is gone with their markers.
     */
    void mark(MilvusClientV2 client, String owner, String marker) {
        List<String> gone = properties(client).keySet().stream()
                .filter(name -> name.startsWith(PROPERTY))
                .toList();
        if (!gone.isEmpty() && empty(client)) {
            client.dropCollectionProperties(DropCollectionPropertiesReq.builder()
                    .collectionName(collection)
                    .propertyKeys(gone)
                    .build());
        }
        client.alterCollectionProperties(AlterCollectionPropertiesReq.builder()
                .collectionName(collection)
                .properties(Map.of(property(owner), marker))
                .build());
    }

    /** Takes the owner's marker away. */
    void unmark(MilvusClientV2 client, String owner) {
        client.dropCollectionProperties(DropCollectionPropertiesReq.builder()
                .collectionName(collection)
                .propertyKeys(List.of(property(owner)))
                .build());
    }

    private static String property(String owner) {
        return PROPERTY + OwnerHash.of(owner);
    }

    private Map<String, String> properties(MilvusClientV2 client) {
        return client.describeCollection(DescribeCollectionReq.builder()
                        .collectionName(collection)
                        .build())
                .getProperties();
    }

    private boolean empty(MilvusClientV2 client) {
        QueryReq any = QueryReq.builder()
                .collectionName(collection)
                .filter("")
                .outputFields(List.of(keyField))
                .limit(1)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build();
        try {
            return client.query(any).getQueryResults().isEmpty();
        } catch (MilvusClientException e) {
            if (!MilvusFailure.notLoaded(e)) throw e;
            MilvusCollections.load(client, collection);
            return client.query(any).getQueryResults().isEmpty();
        }
    }
}
