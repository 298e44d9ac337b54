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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which image is kept where, for which record: what JSON lines say, the first of which is about them. Not thread-safe. */
final class Inventory {

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final long revision;
    private final Map<String, String> markers = new TreeMap<>();
    private final Map<String, Kept> records = new TreeMap<>();
    /** The records that an image is for, or will be. */
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
        needed(kept).forEach(place -> users.computeIfAbsent(place, any -> new HashSet<>(1))
                .add(kept.key()));
    }

    /** In place of what was said of the record; nothing where there is nothing to remember. */
    private void replace(Kept kept) {
        take(kept.key());
        boolean remembered = kept.live()
                || !kept.gone().isEmpty()
                || !kept.coming().isEmpty()
                || !kept.shown().isEmpty();
        if (remembered) put(kept);
    }

    private static Stream<Place> needed(Kept kept) {
        return Stream.concat(kept.images().stream().map(Kept.Image::place), kept.coming().stream());
    }

    private void take(String key) {
        Kept kept = records.remove(key);
        if (kept == null) return;
        needed(kept).forEach(place -> {
            Set<String> of = users.getOrDefault(place, new HashSet<>());
            of.remove(key);
            if (of.isEmpty()) users.remove(place);
        });
    }

    /** Another record whose image is at this place; empty when there is none. */
    Optional<Kept.Image> ofAnother(Place place, String key) {
        return users.getOrDefault(place, Set.of()).stream()
                .filter(user -> !user.equals(key))
                .flatMap(user -> records.get(user).images().stream())
                .filter(image -> image.place().equals(place))
                .findFirst();
    }

    /** Where something is, or may be, that no record needs. */
    Set<Place> gone() {
        Set<Place> gone = new HashSet<>();
        records.values().forEach(kept -> gone.addAll(kept.gone()));
        gone.removeIf(users::containsKey);
        return gone;
    }

    /** What of that no document points to, once those of the records that were {@code sent} are as their records. */
    Set<Place> unshown(Predicate<String> sent) {
        Set<Place> gone = gone();
        records.values().stream().filter(kept -> !sent.test(kept.key())).forEach(kept -> kept.shown()
                .forEach(gone::remove));
        return gone;
    }

    /** Documents of these records are as their records now; whether that is news. */
    boolean published(Set<String> keys) {
        boolean news = false;
        for (String key : keys) {
            Kept kept = records.get(key);
            if (kept == null) continue;
            List<Place> shown = kept.images().stream().map(Kept.Image::place).toList();
            if (shown.equals(kept.shown())) continue;
            replace(new Kept(key, kept.live(), kept.images(), kept.gone(), kept.coming(), shown));
            news = true;
        }
        return news;
    }

    /** Whether an image of a record is here, or coming. */
    boolean needs(Place place) {
        return users.containsKey(place);
    }

    /** Everything that somebody will look after. */
    Set<Place> known() {
        Set<Place> known = new HashSet<>(users.keySet());
        records.values().forEach(kept -> known.addAll(kept.gone()));
        return known;
    }

    /** Whether this record has an image here, or one is coming. */
    boolean awaits(String key, Place place) {
        return users.getOrDefault(place, Set.of()).contains(key);
    }

    /** Images of these records are about to be written here, whatever was here before: what was to be removed is not any more. */
    void expect(Map<String, Set<Place>> images) {
        Map<String, Kept> before = new HashMap<>();
        images.keySet().forEach(key -> of(key).ifPresent(kept -> before.put(key, kept)));
        removed(images.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
        images.forEach((key, places) -> {
            Kept kept = of(key).orElseGet(() -> new Kept(
                    key,
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    before.containsKey(key) ? before.get(key).shown() : List.of()));
            Set<Place> coming = new HashSet<>(kept.coming());
            coming.addAll(places);
            put(new Kept(key, kept.live(), kept.images(), kept.gone(), sorted(coming), kept.shown()));
        });
    }

    /** A record has these images now; what no record needs any more is gone, and stays known until it is removed. */
    void set(String key, List<Kept.Image> images) {
        replace(key, true, images);
    }

    /** The record is no more; what its document shows is remembered until that went too, as its delete may wait for a person. */
    void forget(String key) {
        replace(key, false, List.of());
    }

    private void replace(String key, boolean live, List<Kept.Image> images) {
        Set<Place> gone = new HashSet<>();
        List<Place> shown = of(key).map(Kept::shown).orElse(List.of());
        of(key).ifPresent(kept -> {
            gone.addAll(kept.gone());
            needed(kept).forEach(gone::add);
        });
        take(key);
        images.forEach(image -> gone.remove(image.place()));
        gone.removeIf(users::containsKey);
        replace(new Kept(key, live, images, sorted(gone), List.of(), shown));
    }

    /** These places hold nothing any more. */
    void removed(Set<Place> places) {
        for (Kept kept : List.copyOf(records.values())) {
            if (kept.gone().stream().noneMatch(places::contains)) continue;
            List<Place> left = kept.gone().stream()
                    .filter(place -> !places.contains(place))
                    .toList();
            replace(new Kept(kept.key(), kept.live(), kept.images(), left, kept.coming(), kept.shown()));
        }
    }

    private static List<Place> sorted(Set<Place> places) {
        return places.stream().sorted(Comparator.comparing(Place::path)).toList();
    }
}
