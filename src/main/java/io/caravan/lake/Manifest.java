package io.caravan.lake;

import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.RecordText;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of each file of an agency, as CSV beside the copies; the newest one says what need not be copied again. */
final class Manifest {

    static final String SUCCESS = "success";
    static final String NOT_FOUND = "not_found";
    static final String ERROR = "error";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss_SSS").withZone(ZoneOffset.UTC);
    private static final Fields FIELDS =
            Fields.of("source_key", "source_etag", "destination_key", "status", "message", "file_size", "at");

    /**
     * A file.
     *
     * @param at when that became of it
     */
    record Row(String key, String etag, String status, String message, long size, String at) {}

    private final ObjectStore store;
    private final String folder;

    /** {@code folder}: where manifests are, with a {@code /} at its end. */
    Manifest(ObjectStore store, String folder) {
        this.store = store;
        this.folder = folder;
    }

    /** The rows of the newest one, by their keys; none when there is no manifest. */
    Map<String, Row> newest() {
        Iterator<SourceObject> all = store.list(folder, new Glob("metadata_*.csv"));
        Optional<SourceObject> last = Optional.empty();
        while (all.hasNext()) last = Optional.of(all.next());
        Map<String, Row> rows = new HashMap<>();
        last.ifPresent(object -> read(object, rows));
        return rows;
    }

    private void read(SourceObject object, Map<String, Row> rows) {
        try (RecordReader reader = new CsvForm(",", true, Compression.NONE)
                .open(store.open(object), object.name(), List.of("source_key"))) {
            for (Optional<Record> row = reader.read(bad -> {}); row.isPresent(); row = reader.read(bad -> {})) {
                Record r = row.get();
                if (!text(r, "file_size").matches("\\d{1,18}")) continue; // not ours: that file is looked at anew
                rows.put(
                        text(r, "source_key"),
                        new Row(
                                text(r, "source_key"),
                                text(r, "source_etag"),
                                text(r, "status"),
                                text(r, "message"),
                                Long.parseLong(text(r, "file_size")),
                                text(r, "at")));
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Record row, String field) {
        return row.get(field).map(Object::toString).orElse("");
    }

    /** Writes one, and says its key. */
    String write(List<Row> rows, Instant now) throws IOException {
        List<Record> records = new ArrayList<>();
        for (Row row : rows) {
            Object[] values = {row.key(), row.etag(), row.key(), row.status(), row.message(), row.size(), row.at()};
            records.add(Record.read(row.key(), FIELDS, values, new Origin(row.key(), 0)));
        }
        byte[] csv = RecordText.csv(records, false);
        String key = folder + "metadata_" + STAMP.format(now) + ".csv";
        store.put(key, out -> out.write(csv));
        return key;
    }
}
