package io.caravan.vector;

import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.NumericUtils;
import org.apache.lucene.util.VectorUtil;

/**
 * Searches the index that {@link LuceneSink} writes, in the same process or another.
 *
 * <p>The graph holds each distinct vector once, and records refer to it, so that many records of the same text cost one
 * step of the search. Up to {@code exactUpTo} distinct vectors all are compared; above, the graph is asked for more and
 * more of them until enough groups are found, and at last all are compared.
 */
public final class LuceneSearch implements VectorSearch {

    private static final String UNIT = "vector search";
    private static final int EXACT_UP_TO = 20_000;
    private static final int FIRST_VECTORS = 128;
    private static final int MOST_VECTORS = 2_048;
    private static final int KNOWN_VECTORS = 1_000;

    private final VectorCollection collection;
    private final LuceneSnapshots snapshots;
    private final int exactUpTo;

    /** {@code path}: the index's folder; {@code laptop} for {@code <data dir>/vectors/<collection>}. */
    public LuceneSearch(String path, VectorCollection collection) {
        this(path, collection, EXACT_UP_TO);
    }

    LuceneSearch(String path, VectorCollection collection, int exactUpTo) {
        new SettingChecks(UNIT).notBlank("path", path).check();
        this.collection = collection;
        this.snapshots = new LuceneSnapshots(LuceneIndex.folder(path, collection.name()));
        this.exactUpTo = exactUpTo;
    }

    @Override
    public <A, R> R vectorsOf(String field, String value, Collector<float[], A, R> into) {
        scalar(field);
        A all = into.supplier().get();
        snapshots.read(searcher -> {
            IndexReader reader = searcher.getIndexReader();
            // records of one text have one vector; of a user with more texts than this some are looked up again
            Map<String, float[]> known = new HashMap<>();
            LuceneIndex.each(reader, field, value, (leaf, doc) -> {
                String id = LuceneIndex.vectorOf(reader, leaf.docBase + doc);
                if (known.size() == KNOWN_VECTORS) known.clear();
                float[] vector = known.get(id);
                if (vector == null) {
                    vector = id.isEmpty()
                            ? new float[collection.dimensions()]
                            : LuceneIndex.vector(reader, id).orElseThrow();
                    known.put(id, vector);
                }
                into.accumulator().accept(all, vector);
                return true;
            });
            return List.of();
        });
        return into.finisher().apply(all);
    }

    @Override
    public List<Similar> similar(float[] query, int limit, String groupField, String excluding) {
        scalar(groupField);
        new SettingChecks(UNIT)
                .must(limit >= 1, "limit", "be 1 or more", limit)
                .must(
                        query.length == collection.dimensions(),
                        "query",
                        "have " + collection.dimensions() + " dimensions",
                        query.length)
                .check();
        float squares = VectorUtil.dotProduct(query, query);
        if (squares == 0) return List.of();
        new SettingChecks(UNIT)
                .must(Float.isFinite(squares), "query", "have a finite length", squares)
                .check();
        return snapshots.read(searcher -> {
            IndexReader reader = searcher.getIndexReader();
            Ranking ranking = new Ranking(reader, query, limit, groupField, excluding);
            if (reader.getDocCount(LuceneIndex.VECTOR_ID) > exactUpTo) {
                for (int k = FIRST_VECTORS; k <= MOST_VECTORS; k *= 4) {
                    List<Similar> found = ranking.of(nearest(searcher, query, k));
                    if (found.size() == limit) return found;
                }
            }
            return ranking.of(all(reader, query));
        });
    }

    @Override
    public void close() {
        snapshots.close();
    }

    /** The documents of the {@code k} vectors that the graph finds nearest, best first. */
    private static IntStream nearest(IndexSearcher searcher, float[] query, int k) throws IOException {
        ScoreDoc[] hits = searcher.search(new KnnFloatVectorQuery(LuceneIndex.VECTOR, query, k), k).scoreDocs;
        return Arrays.stream(hits).mapToInt(hit -> hit.doc);
    }

    /** The documents of all vectors, best first. */
    private static IntStream all(IndexReader reader, float[] query) throws IOException {
        LongStream.Builder scored = LongStream.builder();
        for (LeafReaderContext leaf : reader.leaves()) {
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(LuceneIndex.VECTOR);
            if (vectors == null) continue;
            Bits live = leaf.reader().getLiveDocs();
            for (int doc = vectors.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = vectors.nextDoc()) {
                if (live != null && !live.get(doc)) continue;
                long score = NumericUtils.floatToSortableInt(-VectorUtil.cosine(query, vectors.vectorValue()));
                scored.add(score << 32 | (leaf.docBase + doc));
            }
        }
        return scored.build().sorted().mapToInt(packed -> (int) packed);
    }

    private void scalar(String field) {
        new SettingChecks(UNIT)
                .must(
                        collection.scalarFields().contains(field),
                        "field",
                        "be one of " + collection.scalarFields(),
                        field)
                .check();
    }
}
