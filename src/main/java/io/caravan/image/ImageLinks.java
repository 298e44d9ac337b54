package io.caravan.image;

import io.caravan.error.BadRecordException;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Puts in the place of an image's URL that of where it is kept, as the inventory says, which is read once a run, and says what state it is
 * in: {@code ready}; {@code old}, the image of the record's last URL, as the present one's is not there; {@code missing}, with no URL.
 * A record without an image has neither.
 */
public final class ImageLinks implements Step, CamelContextAware, AutoCloseable {

    private final ImageRules rules;
    private final ImageStores stores;
    private final String publicUrl;
    private CamelContext context;
    private Instant run;
    private Inventory known;
    /** What a plan lays over the inventory, for those links that see it. */
    private Optional<Overlay> over = Optional.empty();

    private ImageLinks overlaid;

    ImageLinks(ImageRules rules, ImageStores stores, String publicUrl) {
        this.rules = rules;
        this.stores = stores;
        this.publicUrl = publicUrl.isEmpty() || publicUrl.endsWith("/") ? publicUrl : publicUrl + "/";
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
    public synchronized Step at(Instant began) {
        if (!began.equals(run)) known = null;
        run = began;
        return this;
    }

    @Override
    public synchronized Step over(Overlay overlay) {
        if (overlaid == null || !overlaid.over.equals(Optional.of(overlay))) {
            overlaid = new ImageLinks(rules, stores, publicUrl);
            overlaid.over = Optional.of(overlay);
        }
        return overlaid;
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        if (batch.isEmpty()) return batch;
        Inventory inventory = inventory();
        List<Record> linked = new ArrayList<>(batch.size());
        for (Record record : batch) {
            Record now = record;
            if (!record.deleted()) {
                for (ImageRule rule : rules.of(record)) now = linked(inventory, rule, record, now);
            }
            linked.add(now);
        }
        return linked;
    }

    private Record linked(Inventory inventory, ImageRule rule, Record asRead, Record record) {
        if (rule.url(asRead).isEmpty()) {
            return asRead.fields().indexOf(rule.field()) < 0 ? record : record.with(rule.state(), null);
        }
        Optional<Kept.Image> image = inventory.of(asRead.key()).flatMap(kept -> kept.image(rule.field()));
        if (image.isEmpty()) return record.with(rule.field(), null).with(rule.state(), "missing");
        boolean its = rule.url(asRead).get().equals(image.get().url())
                && rule.place(asRead).equals(Optional.of(image.get().place()));
        return record.with(rule.field(), publicUrl + image.get().place().path())
                .with(rule.state(), its ? "ready" : "old");
    }

    private synchronized Inventory inventory() {
        if (known == null) {
            known = stores.inventory();
            over.ifPresent(overlay -> known.over(overlay, stores.inventoryPlace()));
        }
        return known;
    }

    @Override
    public void close() {
        stores.close();
    }
}
