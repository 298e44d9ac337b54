package io.caravan.vector;

import io.caravan.local.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/**
 * How entries and vectors stand in the index: one document a record (key, id of its vector, scalars) and one a distinct
 * vector. Names that no configuration can have begin with {@code #}.
 */
final class LuceneIndex {

    static final String KEY = "#key";
    /** The id of the vector that a record has. */
    static final String VECTOR_OF = "#vectorOf";
    /** The id of a vector's own document. */
    static final String VECTOR_ID = "#vectorId";

    static final String VECTOR = "#vector";

    private LuceneIndex() {}

    /** Where the collection's index lies: {@code <data dir>/vectors/<collection>} for {@code laptop}. */
    static Path folder(String path, String collection) {
        return path.equals(Endpoints.LAPTOP)
                ? Endpoints.dataDir().resolve("vectors").resolve(collection)
                : Path.of(path).toAbsolutePath();
    }

    static Document document(Entry entry) {
        Document document = new Document();
        document.add(new StringField(KEY, entry.key(), Field.Store.YES));
        if (!entry.vectorId().isEmpty()) {
            document.add(new StringField(VECTOR_OF, entry.vectorId(), Field.Store.YES));
        }
        entry.scalars().forEach((field, value) -> {
            document.add(new StringField(field, value, Field.Store.YES));
            document.add(new SortedDocValuesField(field, new BytesRef(value)));
        });
        return document;
    }

    static Document document(String vectorId, float[] vector) {
        Document document = new Document();
        document.add(new StringField(VECTOR_ID, vectorId, Field.Store.YES));
        document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.COSINE));
        return document;
    }

    static Optional<Entry> entry(IndexReader reader, String key) throws IOException {
        int found = first(reader, KEY, key);
        return found < 0 ? Optional.empty() : Optional.of(entry(reader, found));
    }

    private static Entry entry(IndexReader reader, int doc) throws IOException {
        Document document = reader.storedFields().document(doc);
        Map<String, String> scalars = new TreeMap<>();
        for (IndexableField field : document) {
            if (!field.name().startsWith("#")) scalars.put(field.name(), field.stringValue());
        }
        String vectorId = document.get(VECTOR_OF);
        return new Entry(document.get(KEY), vectorId == null ? "" : vectorId, scalars);
    }

    /** The id of the vector that the record of this document has, empty for the zero vector. */
    static String vectorOf(IndexReader reader, int doc) throws IOException {
        String id = reader.storedFields().document(doc, Set.of(VECTOR_OF)).get(VECTOR_OF);
        return id == null ? "" : id;
    }

    /** The id of the vector that this document is. */
    static String idOf(IndexReader reader, int doc) throws IOException {
        return reader.storedFields().document(doc, Set.of(VECTOR_ID)).get(VECTOR_ID);
    }

    /** The vector of that id; empty when the index has none. */
    static Optional<float[]> vector(IndexReader reader, String vectorId) throws IOException {
        int doc = first(reader, VECTOR_ID, vectorId);
        return doc < 0 ? Optional.empty() : Optional.of(vector(reader, doc));
    }

    static float[] vector(IndexReader reader, int doc) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR);
        values.advance(doc - leaf.docBase);
        return values.vectorValue().clone();
    }

    /** Any document with that term, -1 when there is none. */
    static int first(IndexReader reader, String field, String value) throws IOException {
        int[] found = {-1};
        each(reader, field, value, (leaf, doc) -> {
            found[0] = leaf.docBase + doc;
            return false;
        });
        return found[0];
    }

    /** What is done with a document; false ends the walk. */
    @FunctionalInterface
    interface Visit {
        boolean of(LeafReaderContext leaf, int doc) throws IOException;
    }

    /** Visits the documents with that term. */
    static void each(IndexReader reader, String field, String value, Visit visit) throws IOException {
        Term term = new Term(field, value);
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            PostingsEnum documents = leaf.postings(term, PostingsEnum.NONE);
            if (documents == null) continue;
            Bits live = leaf.getLiveDocs();
            for (int doc = documents.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = documents.nextDoc()) {
                if ((live == null || live.get(doc)) && !visit.of(context, doc)) return;
            }
        }
    }

    /** All keys, read lazily while the reader is open. */
    static Stream<String> keys(IndexReader reader) {
        return reader.leaves().stream().flatMap(leaf -> {
            try {
                return keys(leaf.reader());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Stream<String> keys(LeafReader leaf) throws IOException {
        Terms terms = leaf.terms(KEY);
        if (terms == null) return Stream.empty();
        TermsEnum keys = terms.iterator();
        return Stream.generate(() -> next(leaf, keys))
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    /** The next key that is not deleted. */
    private static Optional<String> next(LeafReader leaf, TermsEnum keys) {
        try {
            Bits live = leaf.getLiveDocs();
            for (BytesRef key = keys.next(); key != null; key = keys.next()) {
                PostingsEnum documents = keys.postings(null, PostingsEnum.NONE);
                for (int doc = documents.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = documents.nextDoc()) {
                    if (live == null || live.get(doc)) return Optional.of(key.utf8ToString());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The dimensions of the vectors; empty when the index has none. */
    static Optional<Integer> dimensions(IndexReader reader) {
        FieldInfo vector = FieldInfos.getMergedFieldInfos(reader).fieldInfo(VECTOR);
        return Optional.ofNullable(vector).map(FieldInfo::getVectorDimension);
    }
}
