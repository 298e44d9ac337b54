package io.caravan.version;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All points at a version: those of its view; and where there is none, as another program published it, those of the newest view
 * before it or else of the projections, and of the versions since that are in neither, oldest first.
 *
 * @param view what is in immutable objects
 * @param loose by partition: what is not, to be read one after the other, the later wins
 * @param adopted the versions that are in it without a view
 */
record History(Optional<View> view, SortedMap<String, List<Loose>> loose, List<String> adopted) {

    /** An object that another program wrote. */
    record Loose(String name, boolean projection, Supplier<InputStream> open) {}

    static History at(Dataset dataset, String version) {
        Optional<View> own = dataset.view(version);
        if (own.isPresent()) {
            mustFit(dataset, own.get());
            return new History(own, Collections.emptySortedMap(), List.of());
        }
        if (version.isEmpty()) return new History(Optional.empty(), projections(dataset), List.of());
        Optional<View> before =
                dataset.view(dataset.pointer(dataset.names().viewPointer()).version());
        before.ifPresent(view -> mustFit(dataset, view));
        SortedMap<String, List<Loose>> loose = before.isPresent() ? new TreeMap<>() : projections(dataset);
        List<String> adopted = new ArrayList<>();
        for (String other : unviewed(dataset, version, before)) {
            Manifest manifest = dataset.manifest(other).orElseThrow();
            if (manifest.ours()) continue; // of a run that never came to its pointer
            adopted.add(other);
            for (Manifest.Part file : manifest.files()) {
                String name = dataset.names().data(other, file.path());
                mustFit(dataset, file.path());
                loose.computeIfAbsent(file.path(), path -> new ArrayList<>())
                        .add(new Loose(name, false, () -> dataset.open(name, -1, "")));
            }
        }
        return new History(before, loose, adopted);
    }

    private static Iterable<String> unviewed(Dataset dataset, String version, Optional<View> before) {
        Set<String> projected = new HashSet<>();
        if (before.isEmpty()) {
            dataset.projectionManifest().ifPresent(stored -> {
                JsonNode json = Json.read(dataset.names().projectionManifest(), stored.bytes());
                json.path("projected_versions").forEach(v -> projected.add(v.asText()));
            });
        }
        TreeSet<String> versions = new TreeSet<>();
        for (String other : Versions.ids(dataset)) {
            boolean later =
                    before.map(view -> other.compareTo(view.version()) > 0).orElse(true);
            if (later && other.compareTo(version) <= 0 && !projected.contains(other)) versions.add(other);
        }
        return versions;
    }

    private static SortedMap<String, List<Loose>> projections(Dataset dataset) {
        SortedMap<String, List<Loose>> loose = new TreeMap<>();
        String prefix = dataset.names().projections();
        for (Iterator<SourceObject> all = dataset.list(prefix); all.hasNext(); ) {
            SourceObject object = all.next();
            if (object.name().equals(dataset.names().projectionManifest())) continue;
            String path = object.name().substring(prefix.length());
            mustFit(dataset, path);
            List<Loose> sources = new ArrayList<>();
            sources.add(new Loose(object.name(), true, () -> dataset.store().open(object)));
            loose.put(path, sources);
        }
        return loose;
    }

    /** The points of a partition, in no order, a point perhaps more than once: the later wins. */
    void rows(Dataset dataset, String path, Consumer<Record> each) {
        objects(dataset, path, (name, bytes) -> dataset.rows(bytes, name, each));
    }

    /** The objects that hold a partition, the later one over the earlier; who takes one closes it. */
    void objects(Dataset dataset, String path, BiConsumer<String, InputStream> each) {
        View.Part part = view.map(v -> v.parts().get(path)).orElse(null);
        if (part != null) {
            each.accept(part.object(), dataset.open(part.object(), part.size(), part.sha256()));
        }
        for (Loose source : loose.getOrDefault(path, List.of())) {
            each.accept(source.name(), source.open().get());
        }
    }

    /** Whether one projection, and nothing else, holds the partition. */
    boolean projectionAlone(String path) {
        List<Loose> sources = loose.getOrDefault(path, List.of());
        boolean inView = view.map(v -> v.parts().containsKey(path)).orElse(false);
        return !inView && sources.size() == 1 && sources.get(0).projection();
    }

    Set<String> paths() {
        Set<String> paths = new TreeSet<>(loose.keySet());
        view.ifPresent(v -> paths.addAll(v.parts().keySet()));
        return paths;
    }

    private static void mustFit(Dataset dataset, View view) {
        Points points = dataset.points();
        boolean fits = view.strategy().equals(points.strategy().toString())
                && view.suffix().equals(points.suffix());
        if (fits) return;
        throw other(dataset, view.strategy() + " with " + view.suffix());
    }

    private static void mustFit(Dataset dataset, String path) {
        if (path.endsWith("data" + dataset.points().suffix())) return;
        throw other(dataset, path);
    }

    private static ConfigurationException other(Dataset dataset, String found) {
        return new ConfigurationException(SettingChecks.sentence(
                        "versions-sink",
                        "the data set " + dataset.names().dataset(),
                        "be published with these settings for format, compression and partitionStrategy",
                        found)
                + "; take the settings it has, or another name for 'dataset'");
    }
}
