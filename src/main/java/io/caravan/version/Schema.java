package io.caravan.version;

import io.caravan.format.Columned;
import io.caravan.format.Columns;
import io.caravan.object.Spool;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one schema of all objects of a version, by which its folder is one table to a reader: that of the version before, wider where
 * the changes need it.
 *
 * @param columns empty for a format whose rows name their own fields
 * @param others the partitions whose objects have another one and must be written again
 */
record Schema(Optional<Columns> columns, Set<String> others) {

    static Schema of(Dataset dataset, History history, Spool changes) {
        if (dataset.format().said(new Columns()).isEmpty()) return new Schema(Optional.empty(), Set.of());
        Columns wanted = dataset.format().said(changed(dataset, changes)).orElseThrow();
        Optional<Columns> kept = history.loose().isEmpty() ? history.view().flatMap(View::columns) : Optional.empty();
        if (kept.isPresent()) {
            Columns all = kept.get().widened(wanted);
            return new Schema(Optional.of(all), all.alike(kept.get()) ? Set.of() : history.paths());
        }
        Map<String, Columns> each = new HashMap<>();
        Columns before = new Columns();
        for (String path : history.paths()) {
            Columns one = held(dataset, history, path);
            each.put(path, one);
            before.add(one);
        }
        Columns all = before.widened(wanted);
        Set<String> others = new TreeSet<>();
        each.forEach((path, one) -> {
            if (!one.alike(all)) others.add(path);
        });
        return new Schema(Optional.of(all), others);
    }

    private static Columns changed(Dataset dataset, Spool changes) {
        Columns columns = new Columns();
        Rows rows = new Rows(dataset.points().keyFields());
        try (Spool.Newest all = changes.sorted()) {
            while (all.hasNext()) {
                byte[] row = all.next().row();
                if (row != null) columns.add(rows.of(row));
            }
        }
        return columns;
    }

    private static Columns held(Dataset dataset, History history, String path) {
        Columns columns = new Columns();
        history.objects(dataset, path, (name, bytes) -> columns.add(columns(dataset, name, bytes)));
        return columns;
    }

    private static Columns columns(Dataset dataset, String name, InputStream bytes) {
        try (RecordReader reader =
                dataset.format().open(bytes, name, dataset.points().keyFields())) {
            return reader instanceof Columned columned ? columned.columns() : new Columns();
        }
    }
}
