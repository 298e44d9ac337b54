package io.caravan.dataset;

import io.caravan.record.Sha256;
import io.caravan.validate.FileKey;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a dataset file says. {@link DatasetFile} reads one.
 *
 * @param id its name, and that of its pipeline
 * @param said the values of the file as it has them, texts, lists and maps, by the names of {@link DatasetKeys}
 * @param warnings sentences for whoever runs it
 */
public record Dataset(String id, Map<String, Object> said, List<String> warnings) {

    public Dataset {
        said = Map.copyOf(said);
        warnings = List.copyOf(warnings);
    }

    /** The value of a key of the file, or what holds without it; blank for nothing. */
    public String text(String path) {
        return value(path)
                .map(Object::toString)
                .orElseGet(() -> DatasetKeys.at(path).map(FileKey::standard).orElse(""));
    }

    /** What the file itself says. */
    public Optional<Object> value(String path) {
        Object at = said;
        for (String name : path.split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return Optional.ofNullable(at);
    }

    public boolean has(String path) {
        return value(path).isPresent();
    }

    public long whole(String path) {
        return Long.parseLong(text(path));
    }

    public double number(String path) {
        return Double.parseDouble(text(path));
    }

    public boolean truth(String path) {
        return text(path).equalsIgnoreCase("true");
    }

    public ZoneId zone(String path) {
        return ZoneId.of(text(path));
    }

    /** What stands below a key, as it was written; empty when there is nothing. */
    @SuppressWarnings("unchecked") // maps of a file have texts as names
    public Map<String, Object> map(String path) {
        return value(path)
                .filter(Map.class::isInstance)
                .map(v -> (Map<String, Object>) v)
                .orElse(Map.of());
    }

    /** The maps of a list; empty when there is none. */
    @SuppressWarnings("unchecked") // the reader lets only such lists pass
    public List<Map<String, Object>> maps(String path) {
        return value(path)
                .filter(List.class::isInstance)
                .map(v -> (List<Map<String, Object>>) v)
                .orElse(List.of());
    }

    /** What people are told it is. */
    public String description() {
        String said = text("description");
        if (!said.isBlank()) return said;
        String provider = text("provider");
        return "Dataset " + id + (provider.isBlank() ? "" : " of " + provider);
    }

    public boolean parses() {
        return !text("parse.plugin").isBlank();
    }

    public boolean loads() {
        return !text("load.plugin").isBlank();
    }

    /** Whether a file or object keeps the last time of each series. */
    public boolean keepsState() {
        return has("state") && !text("state.kind").equals("ledger");
    }

    /** Whether a run reads only what is newer, so that what it does not see is not gone. */
    public boolean incremental() {
        return keepsState() || has("windowInDays") || has("lookback");
    }

    /** {@code file} or the place of the object, for {@link #keepsState}. */
    public Path stateFile() {
        return Path.of(has("state.path") ? text("state.path") : text("state.state_file"));
    }

    /** Changes when the same bytes could give other observations. */
    public String rules() {
        Map<String, Object> rules = new LinkedHashMap<>();
        for (String key : List.of("parse", "parse_config", "normalize")) {
            rules.put(key, value(key).map(Dataset::sorted).orElse(""));
        }
        return Sha256.hex(rules.toString(), 8);
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new java.util.TreeMap<>();
            map.forEach((name, below) -> sorted.put(name.toString(), sorted(below)));
            return sorted;
        }
        return value instanceof List<?> list
                ? list.stream().map(Dataset::sorted).toList()
                : value;
    }
}
