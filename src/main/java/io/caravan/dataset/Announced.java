package io.caravan.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which version of a dataset consumers were told of, beside the pointer to the current one. */
final class Announced {

    private static final int MOST_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final String folder;

    Announced(ObjectStore store, String dataset) {
        this.store = store;
        this.folder = "datasets/" + dataset + "/";
    }

    /** The version that the pointer names, if a partition changed since the one that was announced last. */
    Optional<String> due() {
        Optional<String> current = text(pointer());
        Optional<String> told = text(announced());
        if (current.isEmpty() || current.equals(told)) return Optional.empty();
        JsonNode manifest = manifest(current.get());
        boolean next = told.isPresent()
                && told.get().equals(manifest.path("previous_version").asText());
        boolean changed = !manifest.path("partitions").isEmpty();
        return next && !changed ? Optional.empty() : current;
    }

    /** It was announced; somebody who announced another at the same moment may say so too. */
    void told(String version) {
        byte[] bytes = version.getBytes(StandardCharsets.UTF_8);
        Optional<StoredObject> before = store.read(announced(), MOST_BYTES);
        if (before.isEmpty()) store.create(announced(), out -> out.write(bytes));
        else store.replace(announced(), before.get().etag(), out -> out.write(bytes));
    }

    String manifestPath(String version) {
        return folder + "versions/" + version + "/manifest.json";
    }

    String projectionsPath() {
        return folder + "projections/";
    }

    private String pointer() {
        return folder + "index/current_version.txt";
    }

    private String announced() {
        return folder + "index/announced_version.txt";
    }

    private JsonNode manifest(String version) {
        String name = manifestPath(version);
        StoredObject manifest = store.read(name, MOST_BYTES)
                .orElseThrow(() -> new ConfigurationException("announce: " + pointer()
                        + " must name a version that is there, got '" + version + "'; no " + name));
        try {
            return JSON.readTree(manifest.bytes());
        } catch (IOException e) {
            throw new ConfigurationException("announce: " + name + " must be JSON");
        }
    }

    private Optional<String> text(String name) {
        if (!store.there()) return Optional.empty();
        return store.read(name, MOST_BYTES)
                .map(object -> new String(object.bytes(), StandardCharsets.UTF_8).strip())
                .filter(text -> !text.isEmpty());
    }
}
