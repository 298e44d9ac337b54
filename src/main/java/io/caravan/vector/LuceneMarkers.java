package io.caravan.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.FSDirectory;

/** The markers of those who write to an index: data of its newest commit. An index without a document has none. */
final class LuceneMarkers {

    private static final String KEY = "marker of ";

    private LuceneMarkers() {}

    /** The owner's marker, read from one small file; empty when there is none. */
    static Optional<String> of(Path folder, String owner) throws IOException {
        // opening a directory would create its folder
        if (!Files.isDirectory(folder)) return Optional.empty();
        try (FSDirectory directory = FSDirectory.open(folder)) {
            if (!DirectoryReader.indexExists(directory)) return Optional.empty();
            SegmentInfos commit = SegmentInfos.readLatestCommit(directory);
            boolean empty = commit.asList().stream().allMatch(s -> s.info.maxDoc() == s.getDelCount());
            return empty
                    ? Optional.empty()
                    : Optional.ofNullable(commit.getUserData().get(KEY + owner));
        }
    }

    /** Leaves the marker with the next commit. When the index is empty, what others wrote is gone with their markers. */
    static void mark(LuceneWriter.Open index, String owner, String marker) {
        Map<String, String> data = new HashMap<>();
        if (index.reader().numDocs() > 0) {
            index.writer().getLiveCommitData().forEach(kept -> data.put(kept.getKey(), kept.getValue()));
        }
        data.put(KEY + owner, marker);
        index.writer().setLiveCommitData(data.entrySet());
    }

    /** Takes the owner's marker away with the next commit. */
    static void unmark(LuceneWriter.Open index, String owner) {
        Map<String, String> data = new HashMap<>();
        index.writer().getLiveCommitData().forEach(kept -> data.put(kept.getKey(), kept.getValue()));
        if (data.remove(KEY + owner) != null) index.writer().setLiveCommitData(data.entrySet());
    }
}
