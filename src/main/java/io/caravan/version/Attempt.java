package io.caravan.version;

import io.caravan.delivery.Fence;
import io.caravan.format.Compression;
import io.caravan.format.JsonlForm;
import io.caravan.object.Spool;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** One attempt to publish changes behind one version. */
final class Attempt {

    private final Publisher publisher;
    private final Dataset dataset;
    private final Dataset.Pointer pointer;
    private final String version;
    private final Fence fence;
    private final Publisher.Reason reason;
    private final Contested contested;
    private final List<Manifest.Part> files = new ArrayList<>();
    private final TreeMap<String, View.Part> parts = new TreeMap<>();
    private final Set<String> series = new TreeSet<>();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final LocalBytes removed = new LocalBytes();
    private Schema schema = new Schema(Optional.empty(), Set.of());
    private String first = "";
    private String last = "";
    private long points;
    private long added;
    private long revised;
    private long lost;

    Attempt(
            Publisher publisher,
            Dataset.Pointer pointer,
            String version,
            Fence fence,
            Publisher.Reason reason,
            Contested contested) {
        this.publisher = publisher;
        this.dataset = publisher.dataset();
        this.pointer = pointer;
        this.version = version;
        this.fence = fence;
        this.reason = reason;
        this.contested = contested;
    }

    String version() {
        return version;
    }

    /** Whether there was nothing to publish. */
    boolean nothing() {
        return added + revised + lost == 0;
    }

    /** Empty when there was nothing, or somebody else was faster. */
    Optional<Manifest> publish(Spool changes) {
        History history = History.at(dataset, pointer.version());
        history.view().ifPresent(view -> parts.putAll(view.parts()));
        TreeSet<String> loose = new TreeSet<>(history.loose().keySet());
        schema = Schema.of(dataset, history, changes);
        loose.addAll(schema.others());
        try (removed;
                Uploads uploads = new Uploads(dataset.store(), publisher.workers());
                Spool.Newest all = changes.sorted()) {
            while (all.hasNext() && !taken.get()) {
                String path = all.peek().object();
                loose.remove(path);
                partition(path, history, all, uploads);
            }
            if (nothing()) return Optional.empty();
            for (String path : loose) if (!taken.get()) partition(path, history, null, uploads);
            uploads.finish();
            return taken.get() ? Optional.empty() : complete();
        }
    }

    private void partition(String path, History history, Spool.Newest changes, Uploads uploads) {
        try (PartitionMerge merge = new PartitionMerge(dataset, publisher.volatileFields(), publisher.firstWins())) {
            history.rows(dataset, path, merge::stored);
            merge.merge(path, changes, contested);
            boolean other = schema.others().contains(path);
            boolean loose = history.loose().containsKey(path) || other;
            if (!merge.changed() && !loose) return;
            count(merge);
            if (merge.news.count() > 0) {
                files.add(upload(uploads, path, dataset.names().data(version, path), merge.news));
            }
            if (merge.lost.count() > 0) lose(merge.lost);
            String object = dataset.names().viewPart(version, path);
            Manifest.Part part = upload(uploads, path, object, merge.merged);
            boolean adopted = !merge.changed() && !other && history.projectionAlone(path);
            parts.put(path, new View.Part(object, part.points(), part.size(), part.sha256(), adopted));
        }
    }

    private void count(PartitionMerge merge) {
        added += merge.added;
        revised += merge.revised;
        lost += merge.lost.count();
        points += merge.news.count();
        series.addAll(merge.series);
        if (!merge.first.isEmpty() && (first.isEmpty() || merge.first.compareTo(first) < 0)) first = merge.first;
        if (merge.last.compareTo(last) > 0) last = merge.last;
    }

    private void lose(LocalRows rows) {
        try (LocalBytes lines = rows.as(new JsonlForm(Compression.NONE))) {
            lines.copyTo(removed);
        } catch (IOException e) {
            throw LocalBytes.failed(e);
        }
    }

    private Manifest.Part upload(Uploads uploads, String path, String object, LocalRows rows) {
        LocalBytes bytes = schema.columns()
                .map(columns -> rows.as(dataset.format(), columns))
                .orElseGet(() -> rows.as(dataset.format()));
        Manifest.Part part = new Manifest.Part(path, rows.count(), bytes.size(), bytes.sha256());
        uploads.begin(store -> {
            try (bytes) {
                store.create(object, bytes::copyTo, () -> taken.set(true));
            }
        });
        return part;
    }

    private void create(String object, LocalBytes bytes) {
        if (dataset.store().create(object, bytes::copyTo).isEmpty()) taken.set(true);
    }

    private void create(String object, byte[] bytes) {
        if (dataset.store().create(object, out -> out.write(bytes)).isEmpty()) taken.set(true);
    }

    private Optional<Manifest> complete() {
        View view = new View(
                version,
                dataset.points().strategy().toString(),
                dataset.points().suffix(),
                parts,
                schema.columns());
        if (lost > 0) create(dataset.names().removed(version), removed);
        create(dataset.names().view(version), view.json(dataset.names().dataset()));
        Manifest manifest = manifest();
        create(dataset.names().manifest(version), manifest.json());
        if (taken.get()) return Optional.empty();
        fence.check();
        String name = dataset.names().pointer();
        byte[] text = Publisher.text(version);
        boolean won = pointer.etag() == null
                ? dataset.store().create(name, out -> out.write(text)).isPresent()
                : dataset.store()
                        .replace(name, pointer.etag(), out -> out.write(text))
                        .isPresent();
        return won ? Optional.of(manifest) : Optional.empty();
    }

    private Manifest manifest() {
        files.sort(Comparator.comparing(Manifest.Part::path));
        String now = publisher.now();
        return new Manifest(
                version,
                dataset.names().dataset(),
                now,
                now,
                points,
                List.copyOf(series),
                instant(first),
                instant(last),
                files,
                dataset.points().strategy().toString(),
                pointer.version(),
                fence.token(),
                added,
                revised,
                lost,
                reason.rolledBackTo(),
                true);
    }

    private static String instant(String order) {
        return order.isEmpty()
                ? ""
                : Points.instant(order).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
