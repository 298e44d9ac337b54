package io.caravan.vector;

import static io.caravan.endpoint.TestContext.knownTo;
import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.MarkerContract;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.vector.VectorSearch.Similar;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MilvusSinkIT extends VectorSinkContract<MilvusSink> {

    private static final VectorCollection WIDER =
            new VectorCollection("user_data", "record_id", "embedding", 3, List.of("user_id"));

    private final TestMilvus milvus = new TestMilvus();

    @Override
    MilvusSink sink(VectorCollection collection) {
        return milvus.sink(collection, "model A");
    }

    @Override
    VectorSearch search(VectorCollection collection) {
        return milvus.search(collection);
    }

    @Override
    String unit() {
        return "milvus-sink";
    }

    @Override
    int maxBytes() {
        return 65_535;
    }

    @AfterEach
    void drop() {
        milvus.close();
    }

    @Test
    void buildsTheVectorsOfAnotherModelBesideAndSwitchesAtOnce() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 1), record("3", "cid", 1, 1));
        String before = milvus.behind("user_data");
        try (MilvusSink next = milvus.sink(WIDER, "model B");
                MilvusSearch after = milvus.search(WIDER)) {
            next.discard();
            next.write(List.of(record("1", "ann", new float[] {1, 0, 0}), gone("3")));
            assertThat(search.vectorsOf("user_id", "bob", toList()))
                    .as("a half-filled collection is never shown")
                    .containsExactly(new float[] {0, 1});
            assertThat(search.vectorsOf("user_id", "cid", toList()))
                    .as("what is deleted is gone at once")
                    .isEmpty();
            assertThat(keys(next)).containsExactly("1");
            assertThat(milvus.behind("user_data")).isEqualTo(before);

            next.discard();
            next.write(List.of(record("2", "bob", new float[] {0, 1, 0}), record("4", "dan", new float[] {0, 0, 1})));
            assertThat(milvus.behind("user_data")).isEqualTo(before);
            next.complete();
            assertThat(milvus.behind("user_data")).isNotEqualTo(before);
            assertThat(milvus.collections()).as("the old is dropped").containsExactly(milvus.behind("user_data"));
            assertThat(after.similar(new float[] {1, 0, 0}, 5, "user_id", "me"))
                    .containsExactly(new Similar("ann", 1), new Similar("bob", 0), new Similar("dan", 0));
        }
    }

    @Test
    void theMarkerIsThereUntilTheCollectionIsEmptiedInAnyWay() throws Exception {
        List<Record> records = List.of(record("1", "ann", 1, 0), record("2", "bob", 0, 0));
        MarkerContract<MilvusSink> markers =
                new MarkerContract<>(() -> milvus.sink(COLLECTION, "model A"), records, gone("1"));
        markers.keeps();
        dropCollection();
        markers.loses("drop of the collection", this::dropCollection);
        dropCollection();
        markers.loses(
                "delete of all",
                () -> milvus.client.delete(DeleteReq.builder()
                        .collectionName(milvus.behind("user_data"))
                        .filter("record_id != \"\"")
                        .build()));
    }

    @Test
    void eachModelsVectorsHaveMarkersOfTheirOwn() {
        sink.mark("p/vectors", "a".repeat(32));
        write(record("1", "ann", 1, 0));
        try (MilvusSink next = milvus.sink(WIDER, "model B")) {
            assertThat(next.marker("p/vectors")).isEmpty();
            next.mark("p/vectors", "b".repeat(32));
            next.write(List.of(record("1", "ann", new float[] {1, 0, 0})));
            assertThat(next.marker("p/vectors")).contains("b".repeat(32));
            assertThat(sink.marker("p/vectors")).as("shown meanwhile").contains("a".repeat(32));
            next.complete();
            assertThat(next.marker("p/vectors")).contains("b".repeat(32));
            assertThat(sink.marker("p/vectors")).as("dropped").isEmpty();
        }
    }

    @Test
    void readsTheMarkerOfACollectionThatSomebodyReleased() {
        sink.mark("p/vectors", "a".repeat(32));
        write(record("1", "ann", 1, 0));
        milvus.client.releaseCollection(ReleaseCollectionReq.builder()
                .collectionName(milvus.behind("user_data"))
                .build());
        assertThat(sink.marker("p/vectors")).contains("a".repeat(32));
    }

    private void dropCollection() {
        String behind = milvus.behind("user_data");
        milvus.dropAlias("user_data");
        milvus.drop(behind);
    }

    @Test
    void aModelThatWasGivenUpLeavesNothingBehind() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 1));
        try (MilvusSink other = milvus.sink(COLLECTION, "model B")) {
            other.discard();
            other.write(List.of(record("1", "ann", 0, 1)));
        }
        assertThat(milvus.collections()).hasSize(2);
        write(record("1", "ann", 1, 0));
        assertThat(milvus.collections()).containsExactly(milvus.behind("user_data"));
        assertThat(search.vectorsOf("user_id", "ann", toList())).containsExactly(new float[] {1, 0});
    }

    @Test
    void switchesWithoutTheRecordsThatTheNewCollectionRefuses() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 1));
        try (MilvusSink next = milvus.sink(COLLECTION, "model B")) {
            next.discard();
            assertThat(next.write(List.of(record("1", "ann", 0, 1), record("2", "bob", Float.NaN, 1))))
                    .hasSize(1);
            next.complete();
            assertThat(search.vectorsOf("user_id", "ann", toList())).containsExactly(new float[] {0, 1});
            assertThat(search.vectorsOf("user_id", "bob", toList())).isEmpty();
        }
    }

    @Test
    void namesTheCollectionAgainWhenTheAliasWasDroppedByHand() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 1));
        milvus.dropAlias("user_data");
        write(record("1", "ann", 0, 1));
        assertThat(search.vectorsOf("user_id", "ann", toList())).containsExactly(new float[] {0, 1});
        assertThat(search.vectorsOf("user_id", "bob", toList())).hasSize(1);
    }

    @Test
    void leavesCollectionsOfOthersAlone() {
        String foreign = "user_data_0123456789abcdef";
        milvus.client.createCollection(CreateCollectionReq.builder()
                .collectionName(foreign)
                .dimension(2)
                .build());
        write(record("1", "ann", 1, 0));
        assertThat(milvus.collections()).contains(foreign).hasSize(2);
    }

    @Test
    void readsKeysPageByPage() {
        List<Record> batch = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) batch.add(record("k\"" + i, "u" + i % 3, 1, i));
        for (int from = 0; from < 40_000; from += 2_000) {
            int first = from;
            sink.write(IntStream.range(0, 2_000)
                    .mapToObj(i -> record("k\"" + (first + i), "u" + i % 3, 1, i))
                    .toList());
        }
        sink.complete();
        assertThat(keys(sink)).doesNotHaveDuplicates().hasSize(40_000);
        assertThat(sink.differing(batch)).isEmpty();
        assertThat(search.vectorsOf("user_id", "u1", toList())).hasSize(20 * 667);
    }

    @Test
    void loadsACollectionThatSomebodyReleased() {
        write(record("1", "ann", 1, 0));
        milvus.client.releaseCollection(ReleaseCollectionReq.builder()
                .collectionName(milvus.behind("user_data"))
                .build());
        assertThat(search.vectorsOf("user_id", "ann", toList())).hasSize(1);
        milvus.client.releaseCollection(ReleaseCollectionReq.builder()
                .collectionName(milvus.behind("user_data"))
                .build());
        assertThat(sink.differing(List.of(record("1", "ann", 1, 0)))).isEmpty();
    }

    @Test
    void saysThatTheNameIsTaken() {
        milvus.client.createCollection(CreateCollectionReq.builder()
                .collectionName("user_data")
                .dimension(2)
                .build());
        String problem =
                "milvus-sink: collection must be free to be an alias, got 'user_data', the name of a collection"
                        + " that Caravan did not make: choose another name, or rename or drop it";
        assertThat(sink.check()).contains(problem);
        assertThatThrownBy(() -> sink.write(List.of(record("1", "ann", 1, 0))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(problem);
    }

    @Test
    void saysWhichDatabaseThereIs() {
        try (MilvusSink nowhere = knownTo(new MilvusSink(
                "vectors",
                milvus.uri,
                "",
                "",
                "nowhere",
                "",
                "user_data",
                "id",
                "embedding",
                2,
                "",
                "",
                "FLAT",
                5_000,
                5_000))) {
            assertThat(nowhere.check()).hasValueSatisfying(problem -> assertThat(problem)
                    .startsWith("vectors: database must be one of [")
                    .contains(milvus.database)
                    .endsWith(", got 'nowhere'; create it or correct 'database'"));
        }
    }
}
