package io.caravan.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.delivery.Fence;
import io.caravan.error.UnavailableException;
import io.caravan.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Brings the flat layout, {@code projections/}, and the pointer of the view to the current version. Of the flat layout a reader sees
 * each object whole, but objects of two versions while they are brought; the view is of one version always. Nothing is deleted: a
 * partition without points is an empty one.
 *
 * <ul>
 *   <li>{@code attempt}: the version that this process has just written, published or not
 *   <li>before the first object the manifest says which version is on its way ({@code caravan.unfinished}), so that the next one
 *       repairs what a crash left in between
 *   <li>the manifest is written only if it is the one that was read; who comes too late begins again with the newest version
 * </ul>
 */
record Projections(Dataset dataset, String attempt, int workers, Clock clock) {

    private static final int TRIES = 20;
    private static final String OURS = "caravan";

    /** Does nothing when all is there. */
    void bring(Fence fence) {
        Set<String> touched = new TreeSet<>();
        for (int tries = 1; tries <= TRIES; tries++) {
            String version = dataset.pointer(dataset.names().pointer()).version();
            Optional<View> view = dataset.view(version);
            // none yet, or one that another program published and projects
            if (view.isEmpty()) return;
            if (!pointTo(version)) continue;
            if (project(view.get(), touched, fence)) return;
        }
        throw new UnavailableException("versions-sink: others project at the same time; run it again", null);
    }

    /** False when somebody else moved it meanwhile. */
    private boolean pointTo(String version) {
        String name = dataset.names().viewPointer();
        Dataset.Pointer now = dataset.pointer(name);
        if (now.version().compareTo(version) >= 0) return true;
        byte[] text = Publisher.text(version);
        return now.etag() == null
                ? dataset.store().create(name, out -> out.write(text)).isPresent()
                : dataset.store()
                        .replace(name, now.etag(), out -> out.write(text))
                        .isPresent();
    }

    private boolean project(View view, Set<String> touched, Fence fence) {
        Optional<StoredObject> stored = dataset.projectionManifest();
        ObjectNode manifest = stored.map(s -> Json.read(dataset.names().projectionManifest(), s.bytes()))
                .orElseGet(Json::object);
        JsonNode ours = manifest.path(OURS);
        String projected = ours.path("view").asText("");
        Set<String> unfinished = new LinkedHashSet<>();
        ours.path("unfinished").forEach(v -> unfinished.add(v.asText()));
        if (projected.equals(view.version()) && unfinished.isEmpty() && touched.isEmpty()) return true;
        if (projected.compareTo(view.version()) > 0) return false;
        SortedMap<String, View.Part> before =
                dataset.view(projected).map(View::parts).orElse(Collections.emptySortedMap());
        Set<String> changed = new TreeSet<>(touched);
        changed.addAll(different(before, view.parts()));
        for (String other : unfinished) {
            dataset.view(other).ifPresent(v -> changed.addAll(different(before, v.parts())));
        }
        changed.retainAll(view.parts().keySet());
        String etag = stored.map(StoredObject::etag).orElse(null);
        if (!changed.isEmpty() && !unfinished.contains(view.version())) {
            unfinished.add(view.version());
            Optional<String> marked = write(manifest, projected, unfinished, etag);
            if (marked.isEmpty()) return false;
            etag = marked.get();
        }
        fence.check();
        touched.addAll(changed);
        copy(view, changed);
        append(manifest, view.version());
        return write(manifest, view.version(), Set.of(), etag).isPresent();
    }

    private static Set<String> different(SortedMap<String, View.Part> before, SortedMap<String, View.Part> after) {
        Set<String> paths = new TreeSet<>();
        after.forEach((path, part) -> {
            View.Part old = before.get(path);
            boolean same = old == null ? part.adopted() : old.sha256().equals(part.sha256());
            if (!same) paths.add(path);
        });
        before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(paths::add);
        return paths;
    }

    private void copy(View view, Set<String> paths) {
        try (Uploads uploads = new Uploads(dataset.store(), workers)) {
            for (String path : paths) {
                View.Part part = view.parts().get(path);
                String name = dataset.names().projection(path);
                // what was written a moment ago is what it should be
                boolean fresh = part.object().equals(dataset.names().viewPart(attempt, path));
                uploads.begin(store -> {
                    if (fresh && dataset.store().copyWithin(part.object(), name)) return;
                    store.put(name, out -> checked(part, out));
                });
            }
            uploads.finish();
        }
    }

    /** What was written by others, or in an earlier run, may be damaged since. */
    private void checked(View.Part part, OutputStream out) throws IOException {
        try (InputStream in = dataset.open(part.object(), part.size(), part.sha256())) {
            in.transferTo(out);
        }
    }

    /** All versions up to this one that are not named yet, the oldest first. */
    private void append(ObjectNode manifest, String version) {
        Set<String> named = new LinkedHashSet<>();
        manifest.path("projected_versions").forEach(v -> named.add(v.asText()));
        List<String> chain = new ArrayList<>();
        for (String v = version; !v.isEmpty() && !named.contains(v); ) {
            chain.add(0, v);
            Optional<Manifest> m = dataset.manifest(v);
            v = m.map(Manifest::previous).orElse("");
        }
        named.addAll(chain);
        ArrayNode all = manifest.putArray("projected_versions");
        named.forEach(all::add);
        manifest.put(
                "last_projection_date",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        manifest.put("last_projected_version", version);
    }

    private Optional<String> write(ObjectNode manifest, String view, Set<String> unfinished, String etag) {
        if (!manifest.has("projected_versions")) manifest.putArray("projected_versions");
        if (!manifest.has("last_projection_date")) manifest.putNull("last_projection_date");
        if (!manifest.has("last_projected_version")) manifest.putNull("last_projected_version");
        ObjectNode ours = manifest.putObject(OURS);
        ours.put("view", view);
        ArrayNode marks = ours.putArray("unfinished");
        unfinished.forEach(marks::add);
        // of two manifests none is the same, whoever writes them
        ours.put("write", UUID.randomUUID().toString());
        byte[] bytes = Json.bytes(manifest);
        String name = dataset.names().projectionManifest();
        return etag == null
                ? dataset.store().create(name, out -> out.write(bytes))
                : dataset.store().replace(name, etag, out -> out.write(bytes));
    }
}
