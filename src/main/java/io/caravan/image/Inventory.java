package io.caravan.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.record.Overlay;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which image is kept where, for which record: what JSON lines say, the first of which is about them. Not thread-safe. */
final class Inventory {

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final long revision;
    private final Map<String, String> markers = new TreeMap<>();
    private final Map<String, Kept> records = new TreeMap<>();
    /** The records that an image is for. */
    private final Map<Place, Set<String>> users = new HashMap<>();

    private Inventory(long revision) {
        this.revision = revision;
    }

    static Inventory empty() {
        return new Inventory(0);
    }

    static Inventory read(byte[] lines) throws IOException {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(lines), StandardCharsets.UTF_8))) {
            JsonNode head = JSON.readTree(in.readLine());
            if (head.path("format").asInt() != FORMAT) throw new IOException("format must be " + FORMAT);
            Inventory inventory = new Inventory(head.path("revision").asLong());
            head.path("markers")
                    .properties()
                    .forEach(m -> inventory.markers.put(m.getKey(), m.getValue().asText()));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                inventory.put(JSON.readValue(line, Kept.class));
            }
            return inventory;
        }
    }

    /** As its next revision, so that no two are of the same bytes. */
    void writeTo(OutputStream out) throws IOException {
        ObjectNode head = JSON.createObjectNode().put("format", FORMAT).put("revision", revision + 1);
        head.set("markers", JSON.valueToTree(markers));
        line(out, head);
        for (Kept kept : records.values()) line(out, kept);
    }

    private static void line(OutputStream out, Object value) throws IOException {
        out.write(JSON.writeValueAsBytes(value));
        out.write('\n');
    }

    /** One line, as a plan keeps it. */
    static ByteBuffer line(Kept kept) {
        try {
            return ByteBuffer.wrap(JSON.writeValueAsBytes(kept));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // it is plain values
        }
    }

    /** This with what a plan would leave of records. */
    Inventory over(Overlay overlay, String place) {
        for (String key : overlay.ids(place)) {
            take(key);
            overlay.document(place, key).ifPresent(line -> {
                try {
                    put(JSON.readValue(line, Kept.class));
                } catch (IOException e) {
                    throw new IllegalStateException(e); // we wrote it
                }
            });
        }
        return this;
    }

    Map<String, String> markers() {
        return markers;
    }

    Optional<Kept> of(String key) {
        return Optional.ofNullable(records.get(key));
    }

    Collection<Kept> all() {
        return records.values();
    }

    private void put(Kept kept) {
        records.put(kept.key(), kept);
        kept.images().forEach(image -> users.computeIfAbsent(image.place(), place -> new HashSet<>(1))
                .add(kept.key()));
    }

    private void take(String key) {
        Kept kept = records.remove(key);
        if (kept == null) return;
        for (Kept.Image image : kept.images()) {
            Set<String> of = users.getOrDefault(image.place(), new HashSet<>());
            of.remove(key);
            if (of.isEmpty()) users.remove(image.place());
        }
    }

    /** Another record whose image is at this place; empty when there is none. */
    Optional<Kept.Image> ofAnother(Place place, String key) {
        return users.getOrDefault(place, Set.of()).stream()
                .filter(user -> !user.equals(key))
                .findFirst()
                .flatMap(user -> records.get(user).images().stream()
                        .filter(image -> image.place().equals(place))
                        .findFirst());
    }

    /** Of records that are as {@code which} says: the places of images that no record needs and that are still there. */
    Set<Place> gone(Predicate<String> which) {
        Set<Place> gone = new HashSet<>();
        records.values().stream().filter(kept -> which.test(kept.key())).forEach(kept -> gone.addAll(kept.gone()));
        gone.removeIf(users::containsKey);
        return gone;
    }

    /** A record has these images now; what no record needs any more is gone, and stays known until it is removed. */
    void set(String key, List<Kept.Image> images) {
        replace(key, true, images);
    }

    /** The record is no more. */
    void forget(String key) {
        replace(key, false, List.of());
    }

    private void replace(String key, boolean live, List<Kept.Image> images) {
        Set<Place> gone = new HashSet<>();
        of(key).ifPresent(kept -> {
            gone.addAll(kept.gone());
            kept.images().forEach(image -> gone.add(image.place()));
        });
        take(key);
        images.forEach(image -> gone.remove(image.place()));
        gone.removeIf(users::containsKey);
        if (live || !gone.isEmpty()) put(new Kept(key, live, images, sorted(gone)));
    }

    /** These places hold nothing any more. */
    void removed(Set<Place> places) {
        for (Kept kept : List.copyOf(records.values())) {
            if (kept.gone().stream().noneMatch(places::contains)) continue;
            List<Place> left = kept.gone().stream()
                    .filter(place -> !places.contains(place))
                    .toList();
            take(kept.key());
            if (kept.live() || !left.isEmpty()) put(new Kept(kept.key(), kept.live(), kept.images(), left));
        }
    }

    private static List<Place> sorted(Set<Place> places) {
        return places.stream().sorted(Comparator.comparing(Place::path)).toList();
    }
}
