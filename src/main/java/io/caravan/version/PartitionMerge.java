package io.caravan.version;

import io.caravan.format.JsonText;
import io.caravan.object.Spool;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One partition's points with the changes to it: what it then holds, what of that is new, and what it held and lost. */
final class PartitionMerge implements AutoCloseable {

    private static final long SPOOL_BYTES = 2L << 20;

    private final Dataset dataset;
    private final Set<String> volatileFields;
    private final boolean firstWins;
    private final Rows rows;
    private final Spool stored = new Spool(SPOOL_BYTES);

    /** What the partition holds afterwards, sorted by series and instant. */
    final LocalRows merged;
    /** What of that it did not hold before. */
    final LocalRows news;

    final LocalRows lost;
    long added;
    long revised;
    /** The first and last instant of the news, as {@link Points.Place#order} has it; their series. */
    String first = "";

    String last = "";
    final Set<String> series = new TreeSet<>();

    PartitionMerge(Dataset dataset, Set<String> volatileFields, boolean firstWins) {
        this.dataset = dataset;
        this.volatileFields = volatileFields;
        this.firstWins = firstWins;
        this.rows = new Rows(dataset.points().keyFields());
        this.merged = new LocalRows(rows);
        this.news = new LocalRows(rows);
        this.lost = new LocalRows(rows);
    }

    /** A point as it is stored; of two at one instant the later one counts. */
    void stored(Record row) {
        stored.add(new Spool.Change("", dataset.points().of(row).order(), JsonText.bytes(row)));
    }

    /**
     * @param changes stands at the partition's first, and is left behind its last; null for none
     * @param contested is told of changes that are for one point
     */
    void merge(String path, Spool.Newest changes, Contested contested) {
        try (Spool.Newest old = stored.sorted()) {
            PointChange next = PointChange.take(path, changes, rows, contested);
            while (old.hasNext() || next != null) {
                int order = !old.hasNext()
                        ? 1
                        : next == null ? -1 : old.peek().key().compareTo(next.order());
                byte[] held = order <= 0 ? old.next().row() : null;
                if (order < 0) {
                    merged.add(rows.of(held));
                    continue;
                }
                apply(held == null ? null : rows.of(held), next, contested);
                next = PointChange.take(path, changes, rows, contested);
            }
        }
        if (merged.count() == 0) merged.columnsOf(lost);
    }

    /** The stored points in their order, each once. */
    void sorted(Consumer<Record> each) {
        try (Spool.Newest all = stored.sorted()) {
            while (all.hasNext()) each.accept(rows.of(all.next().row()));
        }
    }

    /** Compares what is stored with other points, which come in their order. */
    void differences(Versions.Difference told, Consumer<Consumer<Record>> others) {
        try (Spool.Newest old = stored.sorted()) {
            others.accept(row -> {
                String order = dataset.points().of(row).order();
                while (old.hasNext() && old.peek().key().compareTo(order) < 0)
                    told.removed(rows.of(old.next().row()));
                if (!old.hasNext() || !old.peek().key().equals(order)) {
                    told.added(row);
                    return;
                }
                Record before = rows.of(old.next().row());
                if (!hash(before).equals(hash(row))) told.revised(before, row);
            });
            while (old.hasNext()) told.removed(rows.of(old.next().row()));
        }
    }

    private void apply(Record held, PointChange change, Contested contested) {
        Record wanted = change.row();
        if (wanted == null) {
            if (held == null) return;
            // a point that another key brought since is not this one's to take away
            if (change.gone().contains(held.key())) lost.add(held);
            else merged.add(held);
        } else if (held == null) {
            added++;
            take(wanted, change.order());
        } else if (firstWins || hash(held).equals(hash(wanted))) {
            merged.add(held);
        } else {
            revised++;
            take(wanted, change.order());
            if (!held.key().equals(wanted.key()) && !change.gone().contains(held.key()))
                contested.replace(held.key(), wanted.key());
        }
    }

    private void take(Record row, String order) {
        merged.add(row);
        news.add(row);
        int zero = order.indexOf('\0');
        series.add(order.substring(0, zero));
        String instant = order.substring(zero + 1);
        if (first.isEmpty() || instant.compareTo(first) < 0) first = instant;
        if (instant.compareTo(last) > 0) last = instant;
    }

    private Hash hash(Record row) {
        return dataset.format().hash(without(row, volatileFields));
    }

    boolean changed() {
        return news.count() + lost.count() > 0;
    }

    /** The record without the fields that say nothing of it. */
    static Record without(Record row, Set<String> fields) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.fields().size(); i++) {
            String name = row.fields().names().get(i);
            if (fields.contains(name)) continue;
            names.add(name);
            values.add(row.at(i));
        }
        return row.with(new Fields(names), values.toArray());
    }

    @Override
    public void close() {
        stored.close();
        merged.close();
        news.close();
        lost.close();
    }
}
