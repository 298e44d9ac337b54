package io.caravan.vector;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;

/**
 * Keeps the vectors of a collection in a folder of this machine, as a Lucene index that {@link LuceneSearch} reads.
 *
 * <ul>
 *   <li>each batch is one commit: what was acknowledged survives a crash
 *   <li>one process writes at a time; a second one gets an {@link io.caravan.error.UnavailableException} that names the
 *       folder. The folder is free again when nothing was written for {@code idleMillis}
 *   <li>zero vectors are kept, and never found as similar
 * </ul>
 */
public final class LuceneSink implements Sink, AutoCloseable {

    private static final String UNIT = "lucene-sink";
    /** More than Lucene's own format takes. */
    private static final int MAX_DIMENSIONS = 1_024;

    private final String name;
    private final VectorCollection collection;
    private final Path folder;
    private final LuceneWriter writer;
    private final LuceneSnapshots snapshots;

    /**
     * @param sink the name the pipeline gives it
     * @param path the index's folder; {@code laptop} for {@code <data dir>/vectors/<collection>}
     * @param fields kept beside the vector, comma separated
     * @param idleMillis 1 or more: how long the folder stays locked after a write
     */
    public LuceneSink(
            String sink,
            String path,
            String collection,
            String keyField,
            String vectorField,
            int dimensions,
            String fields,
            int idleMillis) {
        this(
                sink,
                path,
                VectorCollection.of(collection, keyField, vectorField, dimensions, fields),
                Duration.ofMillis(idleMillis));
    }

    LuceneSink(String sink, String path, VectorCollection collection, Duration idle) {
        new SettingChecks(UNIT)
                .notBlank("sink", sink)
                .notBlank("path", path)
                .between("dimensions", collection.dimensions(), 1, MAX_DIMENSIONS)
                .between("idleMillis", idle.toMillis(), 1, 3_600_000)
                .check();
        this.name = sink;
        this.collection = collection;
        this.folder = LuceneIndex.folder(path, collection.name());
        this.writer = new LuceneWriter(folder, collection.dimensions(), idle);
        this.snapshots = new LuceneSnapshots(folder);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        return writer.write(index -> {
            List<Refusal> refused = new ArrayList<>();
            Map<String, float[]> vectors = new HashMap<>();
            Set<String> left = new HashSet<>();
            for (Record record : batch) {
                try {
                    Optional<VectorRow> row =
                            record.deleted() ? Optional.empty() : Optional.of(Entry.row(collection, record));
                    Optional<Entry> wanted = row.map(Entry::of);
                    Optional<Entry> held = LuceneIndex.entry(index.reader(), record.key());
                    if (held.equals(wanted)) continue;
                    replace(index.writer(), record.key(), held, wanted);
                    held.ifPresent(entry -> left.add(entry.vectorId()));
                    wanted.ifPresent(entry ->
                            vectors.put(entry.vectorId(), row.orElseThrow().vector()));
                } catch (BadRecordException e) {
                    refused.add(new Refusal(record, e.getMessage()));
                }
            }
            addVectors(index, vectors);
            removeVectors(index, left);
            return refused;
        });
    }

    @Override
    public Stream<String> keys() {
        LuceneSnapshots.Snapshot snapshot = snapshots.snapshot();
        return LuceneIndex.keys(snapshot.searcher().getIndexReader()).onClose(() -> {
            try {
                snapshot.close();
            } catch (IOException e) {
                throw snapshots.unavailable(e);
            }
        });
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        return snapshots.read(searcher -> {
            Set<String> differing = new HashSet<>();
            for (Record record : batch) {
                if (!holds(searcher.getIndexReader(), record)) differing.add(record.key());
            }
            return differing;
        });
    }

    @Override
    public boolean marks() {
        return true;
    }

    @Override
    public Optional<String> marker(String owner) {
        try {
            return LuceneMarkers.of(folder, owner);
        } catch (IOException e) {
            throw snapshots.unavailable(e);
        }
    }

    @Override
    public void mark(String owner, String marker) {
        writer.letGo();
        writer.write(index -> {
            LuceneMarkers.mark(index, owner, marker);
            return null;
        });
    }

    @Override
    public void unmark(String owner) {
        writer.letGo();
        writer.write(index -> {
            LuceneMarkers.unmark(index, owner);
            return null;
        });
    }

    @Override
    public Optional<String> check() {
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                return Optional.of(SettingChecks.sentence(UNIT, "path", "be a folder that can be written", folder)
                        + "; change its rights or correct 'path'");
            }
            return snapshots
                    .read(searcher -> LuceneIndex.dimensions(searcher.getIndexReader()))
                    .filter(dimensions -> dimensions != collection.dimensions())
                    .map(dimensions -> LuceneWriter.otherDimensions(dimensions, folder, collection.dimensions()));
        } catch (IOException e) {
            return Optional.of(
                    SettingChecks.sentence(UNIT, "path", "be a folder that can be made", folder) + "; correct 'path'");
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Whether the folder is locked. */
    boolean writing() {
        return writer.isOpen();
    }

    /** Frees the folder; a later write opens it again. */
    @Override
    public void close() {
        writer.close();
        snapshots.close();
    }

    private static void replace(IndexWriter writer, String key, Optional<Entry> held, Optional<Entry> wanted)
            throws IOException {
        Term term = new Term(LuceneIndex.KEY, key);
        if (wanted.isEmpty()) writer.deleteDocuments(term);
        else if (held.isEmpty()) writer.addDocument(LuceneIndex.document(wanted.get()));
        else writer.updateDocument(term, LuceneIndex.document(wanted.get()));
    }

    private static void addVectors(LuceneWriter.Open index, Map<String, float[]> vectors) throws IOException {
        for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
            String id = vector.getKey();
            if (!id.isEmpty() && LuceneIndex.first(index.reader(), LuceneIndex.VECTOR_ID, id) < 0) {
                index.writer().addDocument(LuceneIndex.document(id, vector.getValue()));
            }
        }
    }

    /** Removes those vectors that no record has any more. */
    private static void removeVectors(LuceneWriter.Open index, Set<String> left) throws IOException {
        if (left.isEmpty()) return;
        index.refresh();
        for (String id : left) {
            if (LuceneIndex.first(index.reader(), LuceneIndex.VECTOR_OF, id) < 0) {
                index.writer().deleteDocuments(new Term(LuceneIndex.VECTOR_ID, id));
            }
        }
    }

    private boolean holds(IndexReader reader, Record record) throws IOException {
        Optional<Entry> held = LuceneIndex.entry(reader, record.key());
        if (record.deleted() || held.isEmpty()) return record.deleted() && held.isEmpty();
        try {
            Entry wanted = Entry.of(Entry.row(collection, record));
            return held.get().equals(wanted)
                    && (wanted.vectorId().isEmpty()
                            || LuceneIndex.first(reader, LuceneIndex.VECTOR_ID, wanted.vectorId()) >= 0);
        } catch (BadRecordException e) {
            return false;
        }
    }
}
