package io.caravan.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What {@code versions/<version>/manifest.json} says of a version: the reference's fields, and ours. Of one that another program
 * wrote, ours are empty or 0.
 *
 * @param createdAt UTC; another program may have written its own clock with a Z
 * @param points how many points the version brought
 * @param minTime the earliest of them, blank for none
 * @param files the objects of the points, below {@code data/}
 * @param previous the version before; blank for the first one
 * @param token of the run that published it
 * @param ours whether Caravan wrote it, so that it has a view
 */
public record Manifest(
        String version,
        String dataset,
        String createdAt,
        String collectionDate,
        long points,
        List<String> seriesCodes,
        String minTime,
        String maxTime,
        List<Part> files,
        String strategy,
        String previous,
        long token,
        long added,
        long revised,
        long removed,
        Optional<String> rolledBackTo,
        boolean ours) {

    /** An object of points; of another program's, size and points are -1 and the hash is blank. */
    public record Part(String path, long points, long size, String sha256) {}

    byte[] json() {
        ObjectNode json = Json.object();
        json.put("version_id", version).put("dataset_id", dataset).put("created_at", createdAt);
        json.put("collection_date", collectionDate.isEmpty() ? createdAt : collectionDate);
        json.put("data_points_count", points).put("series_count", seriesCodes.size());
        ArrayNode codes = json.putArray("series_codes");
        seriesCodes.forEach(codes::add);
        ObjectNode range = json.putObject("date_range");
        range.put("min_obs_time", minTime.isEmpty() ? null : minTime);
        range.put("max_obs_time", maxTime.isEmpty() ? null : maxTime);
        ArrayNode paths = json.putArray("json_files");
        ArrayNode folders = json.putArray("partitions");
        files.forEach(file -> paths.add(file.path()));
        TreeSet<String> sorted = new TreeSet<>();
        files.forEach(file -> sorted.add(file.path().substring(0, file.path().lastIndexOf('/') + 1)));
        sorted.forEach(folders::add);
        json.put("partition_strategy", strategy);
        json.put("previous_version", previous.isEmpty() ? null : previous).put("token", token);
        json.put("added", added).put("revised", revised).put("removed", removed);
        rolledBackTo.ifPresent(to -> json.put("rolled_back_to", to));
        ArrayNode objects = json.putArray("objects");
        for (Part file : files) {
            objects.addObject()
                    .put("path", file.path())
                    .put("points", file.points())
                    .put("size", file.size())
                    .put("sha256", file.sha256());
        }
        return Json.bytes(json);
    }

    static Manifest read(String name, byte[] bytes) {
        ObjectNode json = Json.read(name, bytes);
        List<Part> files = new ArrayList<>();
        for (JsonNode file : json.path("json_files")) files.add(new Part(path(name, file.asText()), -1, -1, ""));
        if (json.has("objects")) {
            files.clear();
            for (JsonNode o : json.get("objects")) {
                files.add(new Part(
                        path(name, o.path("path").asText()),
                        o.path("points").asLong(-1),
                        o.path("size").asLong(-1),
                        o.path("sha256").asText("")));
            }
        }
        List<String> codes = new ArrayList<>();
        json.path("series_codes").forEach(code -> codes.add(code.asText()));
        JsonNode range = json.path("date_range");
        return new Manifest(
                text(json, "version_id"),
                text(json, "dataset_id"),
                text(json, "created_at"),
                text(json, "collection_date"),
                json.path("data_points_count")
                        .asLong(json.path("total_data_points").asLong()),
                codes,
                text(range, "min_obs_time"),
                text(range, "max_obs_time"),
                files,
                text(json, "partition_strategy"),
                text(json, "previous_version"),
                json.path("token").asLong(),
                json.path("added").asLong(),
                json.path("revised").asLong(),
                json.path("removed").asLong(),
                Optional.of(text(json, "rolled_back_to")).filter(to -> !to.isEmpty()),
                json.has("token"));
    }

    /** Some say where a file is from the manifest on, with {@code data/} in front. */
    private static String path(String name, String path) {
        String below = path.startsWith("data/") ? path.substring("data/".length()) : path;
        for (String part : below.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw Damaged.object(name, "name files by paths without . and ..", path);
            }
        }
        return below;
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).isNull() ? "" : json.path(field).asText("");
    }
}
