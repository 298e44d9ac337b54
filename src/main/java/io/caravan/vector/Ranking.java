package io.caravan.vector;

import io.caravan.vector.VectorSearch.Similar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PrimitiveIterator;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.SortedDocValues;

/** Turns vectors, best first, into the groups of the records that have them, each with its best score. */
final class Ranking {

    private final IndexReader reader;
    private final float[] query;
    private final int limit;
    private final String groupField;
    private final String excluding;

    Ranking(IndexReader reader, float[] query, int limit, String groupField, String excluding) {
        this.reader = reader;
        this.query = query;
        this.limit = limit;
        this.groupField = groupField;
        this.excluding = excluding;
    }

    /** Reads as many of the vectors' documents as it takes to name {@code limit} groups. */
    List<Similar> of(IntStream vectors) throws IOException {
        Map<String, Double> best = new HashMap<>();
        PrimitiveIterator.OfInt documents = vectors.iterator();
        double last = 1;
        while (documents.hasNext()) {
            int document = documents.nextInt();
            double score = Cosine.of(query, LuceneIndex.vector(reader, document));
            if (best.size() >= limit && score < last) break;
            last = score;
            for (String group : groups(LuceneIndex.idOf(reader, document), best)) best.put(group, score);
        }
        List<Similar> ranked = new ArrayList<>();
        best.forEach((group, score) -> ranked.add(new Similar(group, score)));
        ranked.sort(Comparator.comparingDouble(Similar::score).reversed().thenComparing(Similar::group));
        return List.copyOf(ranked.subList(0, Math.min(limit, ranked.size())));
    }

    /** The first {@code limit} new groups, in their order, of the records with this vector. */
    private NavigableSet<String> groups(String vectorId, Map<String, Double> known) throws IOException {
        NavigableSet<String> groups = new TreeSet<>();
        SortedDocValues[] values = new SortedDocValues[reader.leaves().size()];
        LuceneIndex.each(reader, LuceneIndex.VECTOR_OF, vectorId, (leaf, doc) -> {
            if (values[leaf.ord] == null) values[leaf.ord] = DocValues.getSorted(leaf.reader(), groupField);
            if (!values[leaf.ord].advanceExact(doc)) return true;
            String group =
                    values[leaf.ord].lookupOrd(values[leaf.ord].ordValue()).utf8ToString();
            if (!group.equals(excluding) && !known.containsKey(group) && groups.add(group) && groups.size() > limit) {
                groups.pollLast();
            }
            return true;
        });
        return groups;
    }
}
