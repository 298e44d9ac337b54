package io.caravan.image;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Removes images that are gone once every other sink of the pipeline has what it was sent: then no document points to them any more.
 * Of other records than those only what was gone before a document showed it, as a delete that waits for a person leaves the document too.
 */
public final class RemovedImagesSink implements UnverifiableSink, CamelContextAware, AutoCloseable {

    private final String name;
    private final ImageStores stores;
    private final FetchCounts counts = new FetchCounts();
    private final Set<String> keys = new HashSet<>();
    private Overlay planned;
    private CamelContext context;

    RemovedImagesSink(String name, ImageStores stores) {
        new SettingChecks("images-sink").notBlank("sink", name).check();
        this.name = name;
        this.stores = stores;
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

    @Override
    public boolean last() {
        return true;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        batch.forEach(record -> keys.add(record.key()));
        return List.of();
    }

    @Override
    public boolean lays() {
        return true;
    }

    /** Counts what would be gone, by the inventory that the plan would leave. */
    @Override
    public synchronized List<Refusal> lay(List<Record> batch, Overlay overlay) {
        if (planned != overlay) keys.clear();
        planned = overlay;
        batch.forEach(record -> keys.add(record.key()));
        return List.of();
    }

    @Override
    public synchronized List<Refusal> flush() {
        if (keys.isEmpty()) return List.of();
        Inventory before = stores.inventory();
        Set<Place> gone = before.unshown(keys::contains);
        gone.forEach(stores::delete);
        Set<Place> needed = new HashSet<>();
        if (before.published(keys) || !gone.isEmpty()) {
            stores.change(inventory -> {
                needed.clear();
                gone.stream().filter(inventory::needs).forEach(needed::add);
                inventory.published(keys);
                inventory.removed(gone);
            });
        }
        counts.removed.add(gone.size());
        discard();
        if (needed.isEmpty()) return List.of();
        throw new CaravanException(
                SettingChecks.sentence(name, "an image", "not be kept again while it is removed", sorted(needed))
                        + "; run the pipeline that keeps images with --repair");
    }

    private static String sorted(Set<Place> places) {
        return places.stream().map(Place::path).sorted().collect(Collectors.joining(", "));
    }

    @Override
    public synchronized void discard() {
        keys.clear();
    }

    @Override
    public synchronized List<String> notes() {
        if (planned == null) return counts.taken(name);
        long gone = stores.inventory()
                .over(planned, stores.inventoryPlace())
                .unshown(keys::contains)
                .size();
        planned = null;
        keys.clear();
        return gone == 0 ? List.of() : List.of(name + ": " + gone + " images to remove");
    }

    @Override
    public String unverifiable() {
        return name + ": cannot be verified: it removes images; the pipeline that keeps them can";
    }

    @Override
    public Optional<String> check() {
        return stores.check();
    }

    @Override
    public void close() {
        stores.close();
    }
}
