package io.caravan.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which version of a dataset consumers were told of, beside the pointer to the current one. */
final class Announced {

    private static final int MOST_BYTES = 1 << 10;

    private final ObjectStore store;
    private final Published published;
    private final String name;

    Announced(ObjectStore store, Published published) {
        this.store = store;
        this.published = published;
        this.name = published.index("announced_version.txt");
    }

    /** The version that the pointer names, if a partition changed since the one that was announced last. */
    Optional<String> due() {
        Optional<String> current = published.current();
        Optional<String> told = published.text(name);
        if (current.isEmpty() || current.equals(told)) return Optional.empty();
        JsonNode manifest = published.manifest(current.get());
        boolean next = told.isPresent()
                && told.get().equals(manifest.path("previous_version").asText());
        boolean changed = !manifest.path("partitions").isEmpty();
        return next && !changed ? Optional.empty() : current;
    }

    /** It was announced; somebody who announced another at the same moment may say so too. */
    void told(String version) {
        byte[] bytes = version.getBytes(StandardCharsets.UTF_8);
        Optional<StoredObject> before = store.read(name, MOST_BYTES);
        if (before.isEmpty()) store.create(name, out -> out.write(bytes));
        else store.replace(name, before.get().etag(), out -> out.write(bytes));
    }
}
