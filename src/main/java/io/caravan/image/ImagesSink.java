package io.caravan.image;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.SettingChecks;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Keeps the images that records point to in a store of objects. The inventory says that an image is coming before it is uploaded, that it
 * is there after that, and a run counts its record as written only then; so wherever a run dies, the next one knows all that is there.
 */
public final class ImagesSink implements Sink, CamelContextAware, AutoCloseable {

    /** For a batch, so that a call ends well before anybody takes the run for dead. */
    private static final Duration BATCH_TIME = Duration.ofMinutes(4);

    private final String name;
    private final ImageRules rules;
    private final ImageStores stores;
    private final Downloads downloads;
    private final boolean removes;
    private final ExecutorService threads;
    private final FetchCounts counts = new FetchCounts();
    /** Of the run: by key what its records have now, empty for those that are gone. */
    private final Map<String, Optional<List<Kept.Image>>> changed = new LinkedHashMap<>();

    private Inventory held;
    private PlannedImages planned;
    private Fetching fetching;
    private Map<Place, String> seen;
    private CamelContext context;

    /** {@code removes}: whether what is gone is removed at the end of a run, not left to one that knows when nothing points to it. */
    ImagesSink(String name, ImageRules rules, ImageStores stores, Downloads downloads, int atOnce, boolean removes) {
        new SettingChecks("images-sink").notBlank("sink", name).check();
        this.name = name;
        this.rules = rules;
        this.stores = stores;
        this.downloads = downloads;
        this.removes = removes;
        this.threads = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "caravan-images");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void setCamelContext(CamelContext now) {
        context = now;
        stores.in(now);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    /** What could not be downloaded may be there the next time. */
    @Override
    public boolean triesAgain() {
        return true;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        begin();
        announce(batch);
        fetching.within(BATCH_TIME);
        Map<Record, List<CompletableFuture<Fetching.Outcome>>> asked = new LinkedHashMap<>();
        for (Record record : batch) {
            List<CompletableFuture<Fetching.Outcome>> images = new ArrayList<>();
            if (!record.deleted()) {
                for (ImageRule rule : rules.of(record)) {
                    if (rule.url(record).isPresent()) images.add(fetching.ask(record, rule));
                }
            }
            asked.put(record, images);
        }
        List<Refusal> refused = new ArrayList<>();
        asked.forEach((record, images) -> settle(record, images, refused));
        return refused;
    }

    /** Says in the inventory what will be written, so that it is not lost sight of should this run die; nobody removes it from then on. */
    private void announce(List<Record> batch) {
        Map<String, Set<Place>> coming = new HashMap<>();
        for (Record record : batch) {
            if (record.deleted()) continue;
            for (ImageRule rule : rules.of(record)) {
                rule.url(record)
                        .flatMap(url -> rule.place(record))
                        .filter(place -> !held.awaits(record.key(), place))
                        .ifPresent(place -> coming.computeIfAbsent(record.key(), key -> new HashSet<>())
                                .add(place));
            }
        }
        if (coming.isEmpty()) return;
        stores.change(inventory -> inventory.expect(coming));
        held.expect(coming);
    }

    /** Others read the inventory. */
    @Override
    public boolean lays() {
        return true;
    }

    @Override
    public synchronized List<Refusal> lay(List<Record> batch, Overlay overlay) {
        if (planned == null || !planned.isOver(overlay)) planned = new PlannedImages(name, rules, stores, overlay);
        return planned.lay(batch);
    }

    private void settle(Record record, List<CompletableFuture<Fetching.Outcome>> asked, List<Refusal> refused) {
        List<Kept.Image> images = new ArrayList<>();
        Optional<String> problem = Optional.empty();
        for (CompletableFuture<Fetching.Outcome> one : asked) {
            Fetching.Outcome outcome = joined(one);
            outcome.image().ifPresent(images::add);
            if (problem.isEmpty()) problem = outcome.problem();
        }
        if (record.deleted()) held.forget(record.key());
        else held.set(record.key(), images);
        changed.put(record.key(), record.deleted() ? Optional.empty() : Optional.of(images));
        problem.ifPresent(why -> refused.add(new Refusal(record, why)));
    }

    private static Fetching.Outcome joined(CompletableFuture<Fetching.Outcome> one) {
        try {
            return one.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw e;
        }
    }

    private void begin() {
        if (held != null) return;
        stores.make();
        held = stores.inventory();
        if (removes) held = removed(held); // of a run that died
        fetching = new Fetching(name, stores, downloads, threads, held, counts);
    }

    @Override
    public synchronized List<Refusal> flush() {
        if (changed.isEmpty()) return List.of();
        Inventory now = stores.change(inventory -> {
            changed.forEach((key, images) ->
                    images.ifPresentOrElse(all -> inventory.set(key, all), () -> inventory.forget(key)));
            if (removes) inventory.published(changed.keySet()); // nobody else will say so
        });
        if (removes) removed(now);
        discard();
        return List.of();
    }

    private Inventory removed(Inventory now) {
        Set<Place> gone = now.gone();
        if (gone.isEmpty()) return now;
        gone.forEach(stores::delete);
        counts.removed.add(gone.size());
        return stores.change(inventory -> inventory.removed(gone));
    }

    @Override
    public synchronized void discard() {
        changed.clear();
        held = null;
        fetching = null;
        seen = null;
    }

    @Override
    public synchronized List<String> notes() {
        if (planned == null) return counts.taken(name);
        List<String> notes = planned.notes(removes);
        planned = null;
        return notes;
    }

    /** Of records whose images are all there. */
    @Override
    public synchronized Stream<String> keys() {
        look();
        return held.all().stream()
                .filter(kept -> kept.live() && kept.images().stream().allMatch(this::there))
                .map(Kept::key)
                .toList()
                .stream();
    }

    /** Compares with inventory and store as they were at the last {@link #keys} or {@link #flush}. */
    @Override
    public synchronized Set<String> differing(List<Record> batch) {
        if (seen == null) look();
        Set<String> keys = new HashSet<>();
        for (Record record : batch) {
            Optional<Kept> kept = held.of(record.key()).filter(Kept::live);
            boolean right = record.deleted()
                    ? kept.isEmpty()
                    : kept.filter(k -> holds(k, record)).isPresent();
            if (!right) keys.add(record.key());
        }
        return keys;
    }

    private boolean holds(Kept kept, Record record) {
        List<ImageRule> wanted = rules.of(record).stream()
                .filter(rule -> rule.url(record).isPresent())
                .toList();
        return kept.images().size() == wanted.size()
                && wanted.stream().allMatch(rule -> kept.image(rule.field())
                        .filter(image -> rule.url(record).equals(Optional.of(image.url()))
                                && rule.place(record).equals(Optional.of(image.place()))
                                && there(image))
                        .isPresent());
    }

    private boolean there(Kept.Image image) {
        return image.stored().equals(seen.get(image.place()));
    }

    private void look() {
        held = stores.inventory();
        fetching = null;
        seen = new HashMap<>();
        rules.containers().forEach(container -> seen.putAll(stores.list(container)));
    }

    /** Images by our names that the inventory does not know. */
    @Override
    public synchronized Stream<String> strays() {
        return stray().stream().map(place -> "image " + place.path());
    }

    @Override
    public synchronized void removeStrays() {
        stray().forEach(stores::delete);
    }

    private List<Place> stray() {
        look();
        Set<Place> known = held.known();
        List<Place> stray = seen.keySet().stream()
                .filter(place -> !known.contains(place) && rules.ours(place))
                .toList();
        discard();
        return stray;
    }

    @Override
    public boolean marks() {
        return true;
    }

    /** It stands in the inventory; without an image of those it names it is worth nothing. */
    @Override
    public Optional<String> marker(String owner) {
        Inventory now = stores.inventory();
        Set<String> containers = new HashSet<>();
        now.all().forEach(kept -> kept.images()
                .forEach(image -> containers.add(image.place().container())));
        boolean emptied = containers.stream()
                .anyMatch(container -> stores.list(container).keySet().stream().noneMatch(rules::ours));
        return emptied ? Optional.empty() : Optional.ofNullable(now.markers().get(owner));
    }

    @Override
    public void mark(String owner, String marker) {
        stores.make();
        stores.change(inventory -> inventory.markers().put(owner, marker));
    }

    @Override
    public void unmark(String owner) {
        if (stores.inventory().markers().containsKey(owner))
            stores.change(inventory -> inventory.markers().remove(owner));
    }

    @Override
    public Optional<String> check() {
        return stores.check();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        downloads.close();
        stores.close();
    }
}
