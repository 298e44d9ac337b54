package io.caravan.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The files of a dataset as they were got, beside its versions: {@code datasets/<id>/raw/<sha256>.<suffix>}, each once, and {@code
 * raw/index/<time>.json} for each time that one was got, or read again. A version was made of what was got last before its own time, as
 * a run reads before it publishes and runs follow each other; one that a rollback published, of what the version was that it went back to.
 */
final class RawFiles implements CamelContextAware, AutoCloseable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss_SSSSSS").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "index/";
    private static final int MOST_ENTRY = 1 << 20;
    private static final int MOST_ROLLBACKS = 1000;

    private final ObjectStore store;
    private final Published published;
    private final String folder;
    private CamelContext context;

    RawFiles(ObjectStore store, String dataset) {
        this.store = store;
        this.published = new Published(store, dataset);
        this.folder = "datasets/" + dataset + "/raw/";
    }

    /** What was published beside them. */
    Published published() {
        return published;
    }

    /** Keeps a file, if it is not there yet, and that it was got now. */
    void keep(Path file, String sha256, String suffix, String url, Instant got) {
        store.make();
        String name = folder + sha256 + suffix;
        if (find(name).isEmpty()) {
            store.put(name, out -> Files.copy(file, out));
        }
        byte[] entry = JSON.createObjectNode()
                .put("object", name)
                .put("sha256", sha256)
                .put("size", size(file))
                .put("url", url)
                .put("fetched_at", got.toString())
                .toPrettyString()
                .getBytes(StandardCharsets.UTF_8);
        keep(entry, got);
    }

    private void keep(byte[] entry, Instant got) {
        store.put(folder + INDEX + TIME.format(got) + ".json", out -> out.write(entry));
    }

    /** Keeps that what a version was made of was read again now, so that the next version is known to be made of it too. */
    void keepAgain(String version, Instant read) {
        SourceObject entry = indexed(version).orElseThrow();
        try (InputStream in = store.open(entry)) {
            keep(in.readAllBytes(), read);
        } catch (IOException e) {
            throw new UnavailableException("dataset: " + entry.name() + " could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * Deletes what none of these versions was made of, but for what was got last; the index first, so that it names nothing that is gone.
     *
     * @return the names that were deleted, or would be
     */
    List<String> gc(Collection<String> versions, boolean dryRun) {
        if (!store.there()) return List.of();
        NavigableMap<String, String> entries = entries();
        Set<String> kept = new HashSet<>();
        if (!entries.isEmpty()) kept.add(entries.lastEntry().getValue());
        for (String version : versions) {
            Map.Entry<String, String> entry = entries.floorEntry(time(origin(version)));
            if (entry != null) kept.add(entry.getValue());
        }
        Set<String> needed = new HashSet<>();
        for (String entry : kept) needed.add(object(entry));
        List<String> unneeded = new ArrayList<>(entries.values());
        unneeded.removeAll(kept);
        for (Iterator<SourceObject> all = store.list(folder, new Glob("*")); all.hasNext(); ) {
            String name = all.next().name();
            if (!name.startsWith(folder + INDEX) && !needed.contains(name)) unneeded.add(name);
        }
        if (!dryRun) unneeded.forEach(store::delete);
        return unneeded;
    }

    /** The object that an entry of the index names. */
    private String object(String entry) {
        return store.read(entry, MOST_ENTRY)
                .map(stored -> {
                    try {
                        return JSON.readTree(stored.bytes()).path("object").asText();
                    } catch (IOException e) {
                        throw new ConfigurationException("dataset: " + entry + " must be JSON; delete it");
                    }
                })
                .orElse("");
    }

    /** The version itself, or the one that a rollback went back to with it. */
    private String origin(String version) {
        String at = version;
        for (int i = 0; i < MOST_ROLLBACKS; i++) {
            String back = published
                    .find(at)
                    .map(manifest -> manifest.path("rolled_back_to").asText(""))
                    .orElse("");
            if (back.isEmpty()) return at;
            at = back;
        }
        return at;
    }

    private static String time(String version) {
        return version.replaceFirst("^v", "");
    }

    /** By time the names of the index. */
    private NavigableMap<String, String> entries() {
        NavigableMap<String, String> entries = new TreeMap<>();
        for (Iterator<SourceObject> all = store.list(folder + INDEX, new Glob("*.json")); all.hasNext(); ) {
            String name = all.next().name();
            entries.put(name.substring(name.lastIndexOf('/') + 1).replace(".json", ""), name);
        }
        return entries;
    }

    /** Copies what a version was made of into a file of ours. */
    void copy(String version, Path into) {
        SettingChecks settings = new SettingChecks("dataset");
        settings.must(
                        version.matches("v[0-9]{8}_[0-9]{6}_[0-9]{6}"),
                        "--from-raw",
                        "be a version such as v20310305_091012_000007",
                        version)
                .check();
        SourceObject entry = indexed(version)
                .orElseThrow(() -> new ConfigurationException(
                        SettingChecks.sentence("dataset", "--from-raw", "be a version whose file was kept", version)
                                + "; nothing in " + folder + "index was got before it"));
        try (InputStream in = store.open(entry)) {
            JsonNode said = JSON.readTree(in);
            String name = said.path("object").asText();
            SourceObject raw = find(name)
                    .orElseThrow(() -> new ConfigurationException(SettingChecks.sentence(
                            "dataset", "--from-raw", "be a version whose file is still there", name)));
            try (InputStream bytes = store.open(raw)) {
                Files.copy(bytes, into, StandardCopyOption.REPLACE_EXISTING);
            }
            String kept = said.path("sha256").asText();
            if (!Print.sha256(into).equals(kept)) {
                throw new IncompleteSourceException(
                        SettingChecks.sentence("dataset", name, "have the SHA-256 " + kept, "other bytes")
                                + "; restore it, or run without --from-raw");
            }
        } catch (IOException e) {
            throw new UnavailableException(
                    "dataset: what " + version + " was made of could not be read: " + e.getMessage(), e);
        }
    }

    /** The entry of what a version was made of. */
    private Optional<SourceObject> indexed(String version) {
        if (!store.there()) return Optional.empty();
        return Optional.ofNullable(entries().floorEntry(time(origin(version))))
                .flatMap(entry -> find(entry.getValue()));
    }

    private Optional<SourceObject> find(String name) {
        Iterator<SourceObject> objects = store.list(name, new Glob("*"));
        while (objects.hasNext()) {
            SourceObject one = objects.next();
            if (one.name().equals(name)) return Optional.of(one);
        }
        return Optional.empty();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UnavailableException("dataset: " + file + " could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.context = camel;
        CamelContextAware.trySetCamelContext(store, camel);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void close() {
        store.close();
    }
}
