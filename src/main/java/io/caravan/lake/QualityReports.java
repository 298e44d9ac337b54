package io.caravan.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.quality.QualityPage;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** The checks of datasets as files, {@code <dataset>/<run>.json} and {@code .html}: what the next check is compared with. */
final class QualityReports {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 64 << 20;

    private final ObjectStore store;
    private final String folder;

    /** {@code prefix}: where they are, with a {@code /} at its end or blank. */
    QualityReports(ObjectStore store, String prefix, String dataset) {
        this.store = store;
        this.folder = prefix + safe(dataset) + "/";
    }

    /** A name that every store keeps, and that leads nowhere else. */
    private static String safe(String dataset) {
        return dataset.replaceAll("[^\\p{L}\\p{N}._/-]", "_")
                .replaceAll("(^|/)\\.+(?=/|$)", "$1_")
                .replaceAll("/+", "/");
    }

    /** The newest before this run. */
    Optional<JsonNode> before(String run) {
        if (!store.there()) return Optional.empty();
        String own = folder + run + ".json";
        String last = "";
        Iterator<SourceObject> all = store.list(folder, new Glob("*.json"));
        while (all.hasNext()) {
            String name = all.next().name();
            boolean direct = name.indexOf('/', folder.length()) < 0;
            if (direct && name.compareTo(own) < 0 && name.compareTo(last) > 0) last = name;
        }
        if (last.isEmpty()) return Optional.empty();
        return store.read(last, MOST_BYTES).flatMap(found -> json(found.bytes()));
    }

    /** One that is damaged is compared with nothing. */
    private static Optional<JsonNode> json(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return json.path("profile").isObject() ? Optional.of(json) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Writes both; gives back the name of the page. */
    String write(String run, Map<String, Object> report) {
        store.make();
        byte[] json = bytes(report);
        store.put(folder + run + ".json", out -> out.write(json));
        byte[] page = page(report).getBytes(StandardCharsets.UTF_8);
        store.put(folder + run + ".html", out -> out.write(page));
        return folder + run + ".html";
    }

    static String page(Map<String, Object> report) {
        return new QualityPage(JSON.valueToTree(report)).html();
    }

    private static byte[] bytes(Map<String, Object> report) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
