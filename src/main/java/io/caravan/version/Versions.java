package io.caravan.version;

import io.caravan.delivery.Fence;
import io.caravan.error.SettingChecks;
import io.caravan.format.Compression;
import io.caravan.format.JsonText;
import io.caravan.format.JsonlForm;
import io.caravan.object.Spool;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The versions of one data set: which there are, what each brought, the whole history at each, and how to go back. */
public final class Versions implements AutoCloseable {

    private final Publisher publisher;
    private final Dataset dataset;

    Versions(Publisher publisher) {
        this.publisher = publisher;
        this.dataset = publisher.dataset();
    }

    /** The version that readers see; empty when there is none. */
    public Optional<String> current() {
        return Optional.of(dataset.pointer(dataset.names().pointer()).version()).filter(v -> !v.isEmpty());
    }

    /** All versions that were published, the oldest first. Those of runs that never came to their pointer are left out. */
    public List<String> list() {
        List<String> published = new ArrayList<>();
        TreeSet<String> all = ids(dataset);
        String next = current().orElse("");
        for (String version : all.descendingSet()) {
            if (next.isEmpty() || version.compareTo(next) > 0) continue;
            Optional<Manifest> manifest = dataset.manifest(version);
            if (manifest.isEmpty()) continue;
            if (manifest.get().ours() && !version.equals(next)) continue;
            published.add(0, version);
            // one of another program says nothing of the one before
            String previous = manifest.get().previous();
            next = previous.isEmpty() ? (manifest.get().ours() ? "" : before(all, version)) : previous;
        }
        return published;
    }

    private static String before(TreeSet<String> all, String version) {
        String lower = all.lower(version);
        return lower == null ? "" : lower;
    }

    static TreeSet<String> ids(Dataset dataset) {
        TreeSet<String> ids = new TreeSet<>();
        String prefix = dataset.names().versions();
        for (Iterator<SourceObject> all = dataset.list(prefix); all.hasNext(); ) {
            String name = all.next().name().substring(prefix.length());
            if (name.endsWith("/manifest.json") && name.indexOf('/') == name.lastIndexOf('/')) {
                ids.add(name.substring(0, name.indexOf('/')));
            }
        }
        return ids;
    }

    public Manifest manifest(String version) {
        return dataset.manifest(version).orElseThrow(() -> unknown(version));
    }

    /** The points that the version brought, object by object, each sorted by series and time. */
    public void news(String version, Consumer<Record> each) {
        for (Manifest.Part file : manifest(version).files()) {
            String name = dataset.names().data(version, file.path());
            dataset.rows(dataset.open(name, file.size(), file.sha256()), name, each);
        }
    }

    /** The points that the version removed, as they were. */
    public void removed(String version, Consumer<Record> each) {
        if (manifest(version).removed() == 0) return;
        String name = dataset.names().removed(version);
        Dataset lines =
                new Dataset(dataset.store(), dataset.names(), dataset.points(), new JsonlForm(Compression.NONE));
        lines.rows(lines.open(name, -1, ""), name, each);
    }

    /** All points at a version, partition by partition. Of one that another program published, only while it is the current one. */
    public void history(String version, Consumer<Record> each) {
        History history = history(version);
        for (String path : history.paths()) partition(history, path, each);
    }

    private void partition(History history, String path, Consumer<Record> each) {
        try (PartitionMerge one = new PartitionMerge(dataset, Set.of(), false)) {
            history.rows(dataset, path, one::stored);
            one.sorted(each);
        }
    }

    private History history(String version) {
        boolean current = current().equals(Optional.of(version));
        if (!current && dataset.view(version).isEmpty()) {
            if (dataset.manifest(version).isEmpty()) throw unknown(version);
            throw Damaged.object(
                    dataset.names().view(version), "be there: another program published this version", "nothing");
        }
        return History.at(dataset, version);
    }

    /** What a diff tells. */
    public interface Difference {
        void added(Record point);

        void revised(Record before, Record after);

        void removed(Record point);
    }

    /** What one has to do with the points of {@code from} to have those of {@code to}. */
    public void diff(String from, String to, Difference told) {
        History before = history(from);
        History after = history(to);
        Set<String> paths = new TreeSet<>(before.paths());
        paths.addAll(after.paths());
        for (String path : paths) {
            if (same(before, after, path)) continue;
            try (PartitionMerge merge = new PartitionMerge(dataset, publisher.volatileFields(), false)) {
                before.rows(dataset, path, merge::stored);
                merge.differences(told, sorted -> partition(after, path, sorted));
            }
        }
    }

    private static boolean same(History before, History after, String path) {
        return before.loose().isEmpty()
                && after.loose().isEmpty()
                && hash(before, path).isPresent()
                && hash(before, path).equals(hash(after, path));
    }

    private static Optional<String> hash(History history, String path) {
        return history.view().map(v -> v.parts().get(path)).map(View.Part::sha256);
    }

    /**
     * Publishes the history of an old version as the newest one; tells it, empty when they are the same. A version like any other:
     * the line of versions stays one line, the pointer never holds a text twice (whoever waits to replace an old pointer can not),
     * and readers of the projections get it too.
     *
     * @param fence by which the run may publish
     */
    public Optional<Manifest> rollback(String version, Fence fence) {
        String now = current().orElseThrow(() -> unknown(version));
        try (Spool changes = new Spool(8 << 20)) {
            diff(now, version, new Difference() {
                @Override
                public void added(Record point) {
                    changes.add(change(point, true));
                }

                @Override
                public void revised(Record before, Record after) {
                    changes.add(change(after, true));
                }

                @Override
                public void removed(Record point) {
                    changes.add(change(point, false));
                }
            });
            Publisher all = new Publisher(
                    dataset,
                    publisher.volatileFields(),
                    false,
                    publisher.tokens(),
                    publisher.workers(),
                    publisher.clock());
            return all.publish(changes, fence, new Publisher.Reason(Optional.of(version), Optional.of(now)));
        }
    }

    private Spool.Change change(Record point, boolean wanted) {
        return change(dataset.points(), point, wanted);
    }

    static Spool.Change change(Points points, Record point, boolean wanted) {
        Points.Place place = points.of(point);
        return new Spool.Change(
                place.path(), PointChange.name(place.order(), point.key()), wanted ? JsonText.bytes(point) : null);
    }

    /**
     * Deletes what no reader needs: versions but the newest {@code keep}, what they alone hold, and what runs left that never came
     * to their pointer. Never the current version nor what its view is made of, whatever their age; and nothing that a run
     * writes at this moment: its version is greater than the pointer, or its pointer cannot be written any more.
     *
     * @param keep at least 1
     * @return the names that were deleted, or would be
     */
    public List<String> gc(int keep, boolean dryRun) {
        new SettingChecks("versions").between("keep", keep, 1, 1_000_000).check();
        String current = current().orElse("");
        String viewed = dataset.pointer(dataset.names().viewPointer()).version();
        // a version that is not projected yet is needed for the projections
        List<String> published = list();
        Set<String> kept = new HashSet<>(published.subList(Math.max(0, published.size() - keep), published.size()));
        kept.add(current);
        kept.add(viewed);
        dataset.projectionManifest().ifPresent(stored -> {
            var ours = Json.read(dataset.names().projectionManifest(), stored.bytes())
                    .path("caravan");
            kept.add(ours.path("view").asText());
            ours.path("unfinished").forEach(v -> kept.add(v.asText()));
        });
        Set<String> needed = new HashSet<>();
        for (String version : kept) {
            dataset.view(version).ifPresent(view -> view.parts().values().forEach(part -> needed.add(part.object())));
        }
        List<String> deleted = new ArrayList<>();
        List<String> manifests = new ArrayList<>();
        String prefix = dataset.names().versions();
        for (Iterator<SourceObject> all = dataset.list(prefix); all.hasNext(); ) {
            String name = all.next().name();
            String version = name.substring(prefix.length()).split("/", 2)[0];
            boolean unneeded = VersionId.valid(version)
                    && version.compareTo(current) < 0
                    && !kept.contains(version)
                    && !needed.contains(name)
                    // without a view of ours, the versions of another program are all there is
                    && !viewed.isEmpty();
            if (!unneeded) continue;
            (name.equals(dataset.names().manifest(version)) ? manifests : deleted).add(name);
        }
        deleted.addAll(0, manifests);
        if (!dryRun) deleted.forEach(dataset.store()::delete);
        return deleted;
    }

    private IllegalArgumentException unknown(String version) {
        return new IllegalArgumentException(SettingChecks.sentence(
                "versions", "version", "be one of " + dataset.names().dataset(), version));
    }

    @Override
    public void close() {
        dataset.store().close();
    }
}
