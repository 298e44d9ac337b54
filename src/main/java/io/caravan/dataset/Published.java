package io.caravan.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.object.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the pointer and the manifests of a dataset say, whoever published it. */
final class Published {

    private static final int MOST_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final String folder;

    Published(ObjectStore store, String dataset) {
        this.store = store;
        this.folder = "datasets/" + dataset + "/";
    }

    /** The version that the pointer names; empty when nothing was published. */
    Optional<String> current() {
        return text(pointer());
    }

    /** The token of the run that published it; 0 when it had none, as with the reference's writers, or nothing was published. */
    long token() {
        return current()
                .map(version -> manifest(version).path("token").asLong())
                .orElse(0L);
    }

    /** The manifest of a version that the pointer named. */
    JsonNode manifest(String version) {
        return find(version)
                .orElseThrow(() -> new ConfigurationException("dataset: " + pointer()
                        + " must name a version that is there, got '" + version + "'; no " + manifestPath(version)));
    }

    /** The manifest of a version; empty when it is not there any more. */
    Optional<JsonNode> find(String version) {
        String name = manifestPath(version);
        return store.read(name, MOST_BYTES).map(manifest -> {
            try {
                return JSON.readTree(manifest.bytes());
            } catch (IOException e) {
                throw new ConfigurationException("dataset: " + name + " must be JSON; restore it");
            }
        });
    }

    String manifestPath(String version) {
        return folder + "versions/" + version + "/manifest.json";
    }

    String projectionsPath() {
        return folder + "projections/";
    }

    /** The text of a small object of the dataset, without blanks around it; empty when there is none. */
    Optional<String> text(String name) {
        if (!store.there()) return Optional.empty();
        return store.read(name, MOST_BYTES)
                .map(object -> new String(object.bytes(), StandardCharsets.UTF_8).strip())
                .filter(text -> !text.isEmpty());
    }

    String index(String name) {
        return folder + "index/" + name;
    }

    private String pointer() {
        return index("current_version.txt");
    }
}
