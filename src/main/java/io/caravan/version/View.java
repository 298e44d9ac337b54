package io.caravan.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.format.Columns;
import io.caravan.format.ColumnsText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The whole history at a version: which objects hold it, by the path of their partition. The objects never change; one that no
 * later version changed stands below the version that wrote it.
 *
 * @param columns those of all objects; empty of formats without columns, and of views of earlier versions of ours
 */
record View(String version, String strategy, String suffix, SortedMap<String, Part> parts, Optional<Columns> columns) {

    /**
     * @param object its name in the store
     * @param adopted whether another program's projection held exactly these points when the view was made
     */
    record Part(String object, long points, long size, String sha256, boolean adopted) {}

    byte[] json(String dataset) {
        ObjectNode json = Json.object();
        json.put("version_id", version).put("dataset_id", dataset).put("partition_strategy", strategy);
        json.put("suffix", suffix);
        json.put(
                "data_points_count",
                parts.values().stream().mapToLong(Part::points).sum());
        ObjectNode each = json.putObject("parts");
        parts.forEach((path, part) -> {
            ObjectNode p = each.putObject(path);
            p.put("object", part.object()).put("points", part.points());
            p.put("size", part.size()).put("sha256", part.sha256());
            if (part.adopted()) p.put("adopted", true);
        });
        columns.ifPresent(all -> json.set("schema", Json.read("schema", ColumnsText.of(all, true))));
        return Json.bytes(json);
    }

    static View read(String name, byte[] bytes) {
        ObjectNode json = Json.read(name, bytes);
        SortedMap<String, Part> parts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> p : json.path("parts").properties()) {
            JsonNode part = p.getValue();
            parts.put(
                    p.getKey(),
                    new Part(
                            part.path("object").asText(),
                            part.path("points").asLong(),
                            part.path("size").asLong(),
                            part.path("sha256").asText(),
                            part.path("adopted").asBoolean()));
        }
        return new View(
                json.path("version_id").asText(),
                json.path("partition_strategy").asText(),
                json.path("suffix").asText(),
                parts,
                ColumnsText.columns(json.path("schema").toString().getBytes(StandardCharsets.UTF_8)));
    }
}
