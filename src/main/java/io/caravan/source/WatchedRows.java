package io.caravan.source;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.ColumnWatch.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The rows of an object as a {@link ColumnWatch} lets them pass. It looks at the first thousand before it gives any of them away. */
final class WatchedRows implements RecordReader {

    private static final int FIRST_LOOK = 1_000;
    private static final long FIRST_LOOK_BYTES = 4 << 20;

    private final String object;
    private final RecordReader rows;
    private final ColumnWatch watch;
    private final Deque<Record> ahead = new ArrayDeque<>();
    private final List<BadRow> badAhead = new ArrayList<>();
    private final Set<String> met = new LinkedHashSet<>();
    private Shape shape;
    private boolean oneShape = true;
    private boolean looked;
    private boolean looking;
    private boolean ended;
    private volatile boolean leftOut;
    private Optional<RuntimeException> failure = Optional.empty();

    WatchedRows(String object, RecordReader rows, ColumnWatch watch) {
        this.object = object;
        this.rows = rows;
        this.watch = watch;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (!looked) {
            look();
            badAhead.forEach(bad);
            badAhead.clear();
        }
        if (!ahead.isEmpty()) return Optional.of(ahead.remove());
        if (failure.isPresent()) throw failure.get();
        return ended ? Optional.empty() : next(bad);
    }

    private void look() {
        looked = true;
        looking = true;
        long weight = 0;
        try {
            while (!ended && ahead.size() + badAhead.size() < FIRST_LOOK && weight < FIRST_LOOK_BYTES) {
                Optional<Record> row = next(badAhead::add);
                row.ifPresent(ahead::add);
                weight += row.map(Record::weight).orElse(0L);
            }
            // rows of a file with a header: the others are like these
            if (!ended && oneShape && !ahead.isEmpty()) watch.ended(object, met, true);
        } catch (DriftException e) {
            ahead.clear();
            failure = Optional.of(e);
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        } finally {
            looking = false;
        }
    }

    private Optional<Record> next(Consumer<BadRow> bad) {
        Optional<Record> row = rows.read(bad);
        if (row.isEmpty()) {
            ended = true;
            watch.ended(object, met, looking);
            return row;
        }
        if (row.get().deleted()) return row;
        Fields fields = row.get().fields();
        if (shape == null || !shape.isOf(fields)) {
            oneShape = shape == null;
            shape = watch.shape(object, row.get(), looking);
            met.addAll(fields.names());
            leftOut |= shape.leavesOut();
        }
        return Optional.of(watch.look(row.get(), shape, looking));
    }

    @Override
    public Optional<String> position() {
        return rows.position();
    }

    @Override
    public Set<String> owed() {
        return rows.owed();
    }

    @Override
    public Set<String> rowFields() {
        return rows.rowFields();
    }

    @Override
    public Optional<String> note() {
        return rows.note();
    }

    @Override
    public boolean asStored() {
        return !leftOut && rows.asStored();
    }

    @Override
    public void close() {
        rows.close();
    }
}
