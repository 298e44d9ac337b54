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
import java.util.Iterator;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The files of a dataset as they were got, beside its versions: {@code datasets/<id>/raw/<sha256>.<suffix>}, each once, and {@code
 * raw/index/<time>.json} for each time that one was got. A version was made of what was got last before its own time, as a run reads
 * before it publishes and runs follow each other.
 */
final class RawFiles implements CamelContextAware, AutoCloseable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss_SSSSSS").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

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
        String index = folder + "index/" + TIME.format(got) + ".json";
        byte[] entry = JSON.createObjectNode()
                .put("object", name)
                .put("sha256", sha256)
                .put("size", size(file))
                .put("url", url)
                .put("fetched_at", got.toString())
                .toPrettyString()
                .getBytes(StandardCharsets.UTF_8);
        store.put(index, out -> out.write(entry));
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
        SourceObject entry = indexed(version.substring(1))
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

    private Optional<SourceObject> indexed(String time) {
        SourceObject last = null;
        if (!store.there()) return Optional.empty();
        Iterator<SourceObject> entries = store.list(folder + "index/", new Glob("*.json"));
        while (entries.hasNext()) {
            SourceObject entry = entries.next();
            String at =
                    entry.name().substring(entry.name().lastIndexOf('/') + 1).replace(".json", "");
            if (at.compareTo(time) <= 0) last = entry;
        }
        return Optional.ofNullable(last);
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
