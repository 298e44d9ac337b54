package io.caravan.bench;

import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import io.caravan.vector.LuceneSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Vectors in an index on disk; the bare client replaces documents by key, and commits each batch as well. */
final class LuceneWriting implements Writing {

    private static final List<String> SCALARS = List.of("customer_id", "product");

    /** For the heap there are fewer vectors than records, as texts repeat: the graph of a million takes an hour. */
    private static final int DISTINCT = 10_000;

    private final Path folder;
    private long held;

    LuceneWriting(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "lucene-sink, 384 dimensions";
    }

    @Override
    public int rated() {
        return DISTINCT;
    }

    @Override
    public int keys() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Record record(int i) {
        return OrderRecords.withVector(i, DISTINCT);
    }

    @Override
    public void empty() throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    @Override
    public Bare bare() throws IOException {
        IndexWriter writer = new IndexWriter(FSDirectory.open(folder), new IndexWriterConfig());
        return new Bare() {
            @Override
            public void write(List<Record> batch) throws IOException {
                for (Record r : batch) writer.updateDocument(new Term("key", r.key()), document(r));
                writer.commit();
            }

            @Override
            public void close() throws IOException {
                held = writer.getDocStats().numDocs;
                writer.close();
                writer.getDirectory().close();
            }
        };
    }

    private static Document document(Record r) {
        Document document = new Document();
        document.add(new StringField("key", r.key(), Field.Store.YES));
        for (String name : SCALARS) {
            String value = r.get(name).orElseThrow().toString();
            document.add(new StringField(name, value, Field.Store.YES));
            document.add(new SortedDocValuesField(name, new BytesRef(value)));
        }
        float[] vector = (float[]) r.get("vector").orElseThrow();
        document.add(new KnnFloatVectorField("vector", vector, VectorSimilarityFunction.COSINE));
        return document;
    }

    @Override
    public Sink sink() {
        held = -1;
        return open();
    }

    private LuceneSink open() {
        return new LuceneSink(
                "vectors",
                folder.toString(),
                "orders",
                Orders.KEY,
                "vector",
                OrderRecords.DIMENSIONS,
                String.join(",", SCALARS),
                60_000);
    }

    @Override
    public long held() {
        if (held >= 0) return held;
        try (LuceneSink sink = open();
                Stream<String> keys = sink.keys()) {
            return keys.count();
        }
    }

    @Override
    public void close() throws IOException {
        empty();
    }
}
