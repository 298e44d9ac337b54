package io.caravan.bigquery;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of a run in their file, and which of them are an object's. Used by one thread at a time. */
final class GatheredRows implements AutoCloseable {

    /** The rows of an object's records that no step has changed, all of one shape if {@code shape} is there. */
    record OfObject(Optional<Fields> shape, long bytes, RowSum sum) {

        private OfObject and(Optional<Fields> more, long moreBytes, RowSum moreSum) {
            sum.add(moreSum);
            return new OfObject(shape.equals(more) ? shape : Optional.empty(), bytes + moreBytes, sum);
        }
    }

    /** A part of the file. */
    private record Part(String object, long begin, long end) {}

    private final RowsFile file;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, OfObject> objects = new HashMap<>();
    private long rows;
    private boolean keysDiffer = true;

    GatheredRows(String unit) {
        this.file = new RowsFile(unit);
    }

    /** Adds the rows of so many records. */
    void append(ByteBuffer lines, long records) {
        append(lines, records, "");
        keysDiffer = false;
    }

    /** Adds the rows of a batch; {@code sum} is that of all of them, and each has its record's key for its own. */
    void append(ByteBuffer lines, List<Record> batch, RowSum sum) {
        int bytes = lines.remaining();
        String object = oneObject(batch);
        append(lines, sum.rows(), object);
        if (object.isEmpty()) return;
        Optional<Fields> shape = Optional.of(batch.get(0).fields()).filter(fields -> batch.stream()
                .allMatch(r -> r.fields() == fields || r.fields().equals(fields)));
        OfObject known = objects.get(object);
        objects.put(object, known == null ? new OfObject(shape, bytes, sum) : known.and(shape, bytes, sum));
    }

    long rows() {
        return rows;
    }

    /** Whether no two rows have one key. */
    boolean keysDiffer() {
        return keysDiffer;
    }

    Map<String, OfObject> objects() {
        return objects;
    }

    long bytesWithout(Set<String> without) {
        return parts.stream()
                .filter(part -> !without.contains(part.object()))
                .mapToLong(part -> part.end() - part.begin())
                .sum();
    }

    /** Copies all rows but those of these objects; an error of the target is thrown as it is. */
    void copyTo(WritableByteChannel target, Set<String> without) throws IOException {
        for (Part part : parts) {
            if (!without.contains(part.object())) file.copyTo(target, part.begin(), part.end());
        }
    }

    @Override
    public void close() {
        file.close();
    }

    private void append(ByteBuffer lines, long records, String object) {
        long begin = file.size();
        file.append(lines);
        Part last = parts.isEmpty() ? new Part("", 0, 0) : parts.get(parts.size() - 1);
        boolean longer = last.object().equals(object) && !parts.isEmpty();
        if (longer) parts.remove(parts.size() - 1);
        parts.add(new Part(object, longer ? last.begin() : begin, file.size()));
        rows += records;
    }

    /** The object of all of them; empty when there is more than one, or when they are not as they were read. */
    private static String oneObject(List<Record> batch) {
        String object = batch.get(0).origin().object();
        boolean asRead = batch.stream()
                .allMatch(record -> !record.deleted()
                        && record.asRead() == record
                        && record.origin().object().equals(object));
        return asRead ? object : "";
    }
}
