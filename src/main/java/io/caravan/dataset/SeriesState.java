package io.caravan.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.object.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The greatest time of each series that was published, in the reference system's form: one object of JSON, series code to local time
 * without zone. A file or an object in a bucket; written whole, under the condition that it is as it was read.
 *
 * <ul>
 *   <li>a time with an offset is read without it, not converted
 *   <li>a file that is missing or empty is no state; one that is broken is an error, as a full reading would be taken for news
 *   <li>a time never moves back, whoever else writes at the same moment
 *   <li>a time that is still to come is only that of a series that has no other: it must not hide what comes before it
 * </ul>
 */
public final class SeriesState implements CamelContextAware, AutoCloseable {

    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_TRIES = 100;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ObjectStore store;
    private final String name;
    private final String place;
    private CamelContext context;

    private SeriesState(ObjectStore store, String name, String place) {
        this.store = store;
        this.name = name;
        this.place = place;
    }

    /** In a file. */
    public static SeriesState file(Path file) {
        Path whole = file.toAbsolutePath();
        new SettingChecks("state")
                .must(whole.getFileName() != null, "state_file", "name a file", file)
                .check();
        String folder = whole.getParent().toString();
        return new SeriesState(
                ObjectStores.of("state", "state_file", folder, ObjectAccess.DEFAULT),
                whole.getFileName().toString(),
                file.toString());
    }

    /** In an object of an S3 bucket. */
    public static SeriesState s3(String bucket, String key, ObjectAccess access) {
        new SettingChecks("state")
                .notBlank("bucket", bucket)
                .notBlank("key", key)
                .check();
        return new SeriesState(
                ObjectStores.of("state", "bucket", "s3://" + bucket, access), key, "s3://" + bucket + "/" + key);
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        context = camel;
        CamelContextAware.trySetCamelContext(store, camel);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** By series code the greatest time that was published; empty when there is no state. */
    public Map<String, LocalDateTime> load() {
        Map<String, LocalDateTime> times = new LinkedHashMap<>();
        read().map(StoredObject::bytes)
                .map(this::parsed)
                .orElse(Map.of())
                .forEach((series, text) -> times.put(series, time(series, text)));
        return times;
    }

    /**
     * Makes each of these the time of its series, unless that is greater already; other series stay.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when the store cannot be reached, or others write all the time
     * </ul>
     */
    public void save(Map<String, LocalDateTime> newest) {
        save(newest, Map.of());
    }

    /** The same; {@code ahead}: by series the greatest time that is still to come. */
    void save(Map<String, LocalDateTime> newest, Map<String, LocalDateTime> ahead) {
        if (newest.isEmpty() && ahead.isEmpty()) return;
        store.make();
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<StoredObject> before = read();
            Map<String, String> texts =
                    before.map(StoredObject::bytes).map(this::parsed).orElse(new LinkedHashMap<>());
            boolean moved = moved(texts, newest);
            Map<String, LocalDateTime> others = new TreeMap<>(ahead);
            Instant now = Instant.now();
            others.keySet()
                    .removeIf(series -> texts.containsKey(series) && !isAhead(time(series, texts.get(series)), now));
            if (!moved(texts, others) && !moved) return;
            byte[] bytes = text(texts).getBytes(StandardCharsets.UTF_8);
            Optional<String> written = before.isEmpty()
                    ? store.create(name, out -> out.write(bytes))
                    : store.replace(name, before.get().etag(), out -> out.write(bytes));
            if (written.isPresent()) return;
        }
        throw new UnavailableException(
                "state: " + place + " was written by others at each of " + MOST_TRIES + " tries; run again", null);
    }

    /** Whether no clock anywhere shows it yet. */
    static boolean isAhead(LocalDateTime time, Instant now) {
        return time.toInstant(ZoneOffset.MAX).isAfter(now);
    }

    /** What is wrong with it, with the remedy; empty when it can be used. */
    public Optional<String> check() {
        try {
            if (store.there()) load();
            else store.checkMake();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private boolean moved(Map<String, String> texts, Map<String, LocalDateTime> newest) {
        boolean moved = false;
        for (Map.Entry<String, LocalDateTime> series : new TreeMap<>(newest).entrySet()) {
            String text = texts.get(series.getKey());
            if (text != null && !time(series.getKey(), text).isBefore(series.getValue())) continue;
            texts.put(series.getKey(), LocalTimes.text(series.getValue()));
            moved = true;
        }
        return moved;
    }

    private Optional<StoredObject> read() {
        return store.there() ? store.read(name, MOST_BYTES) : Optional.empty();
    }

    private Map<String, String> parsed(byte[] bytes) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (new String(bytes, StandardCharsets.UTF_8).isBlank()) return texts;
        try {
            JsonNode object = JSON.readTree(bytes);
            if (!object.isObject()) throw broken("it holds no object");
            object.properties().forEach(entry -> {
                if (!entry.getValue().isTextual()) throw broken("the time of '" + entry.getKey() + "' is no text");
                texts.put(entry.getKey(), entry.getValue().textValue());
            });
            return texts;
        } catch (JsonProcessingException e) {
            throw broken("line " + e.getLocation().getLineNr() + " is no JSON");
        } catch (IOException e) {
            throw broken("it is no JSON");
        }
    }

    private LocalDateTime time(String series, String text) {
        try {
            return LocalTimes.parse(text);
        } catch (DateTimeParseException e) {
            throw broken("the time of '" + series + "' is '" + text + "'");
        }
    }

    private ConfigurationException broken(String why) {
        return new ConfigurationException(
                SettingChecks.sentence("state", place, "hold {\"<series>\": \"<yyyy-mm-ddThh:mm:ss>\"}", why)
                        + "; correct it, or delete it to read everything again");
    }

    private static String text(Map<String, String> texts) {
        StringBuilder json = new StringBuilder("{");
        texts.forEach((series, time) -> json.append(json.length() == 1 ? "\n  " : ",\n  ")
                .append(quoted(series))
                .append(": ")
                .append(quoted(time)));
        return json.append("\n}").toString();
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a text can always be written
        }
    }
}
