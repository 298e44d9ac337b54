package io.caravan.image;

import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run would do with the images of records, by the inventory alone: nothing is downloaded. An image that would be asked for is taken
 * for one that its server gives, and is laid over the inventory so, for whoever reads it next in the plan. Not thread-safe.
 */
final class PlannedImages {

    private final String name;
    private final ImageRules rules;
    private final Overlay overlay;
    private final String place;
    private final Inventory held;
    private long downloads;

    PlannedImages(String name, ImageRules rules, ImageStores stores, Overlay overlay) {
        this.name = name;
        this.rules = rules;
        this.overlay = overlay;
        this.place = stores.inventoryPlace();
        this.held = stores.inventory().over(overlay, place);
        overlay.open(place);
    }

    boolean isOver(Overlay other) {
        return overlay == other;
    }

    /** Those whose image a run would refuse without asking for it. */
    List<Refusal> lay(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        for (Record record : batch) {
            if (record.deleted()) held.forget(record.key());
            else set(record, refused);
            Optional<Kept> kept = held.of(record.key());
            if (kept.isPresent()) overlay.put(place, record.key(), Inventory.line(kept.get()));
            else overlay.delete(place, record.key());
        }
        return refused;
    }

    private void set(Record record, List<Refusal> refused) {
        List<Kept.Image> images = new ArrayList<>();
        Optional<String> problem = Optional.empty();
        for (ImageRule rule : rules.of(record)) {
            if (rule.url(record).isEmpty()) continue;
            Optional<Kept.Image> before = held.of(record.key()).flatMap(kept -> kept.image(rule.field()));
            String url = rule.url(record).get();
            Optional<String> wrong = wrong(record, rule, url);
            if (problem.isEmpty()) problem = wrong;
            if (wrong.isPresent()) before.ifPresent(images::add);
            else images.add(image(record, rule, url, before));
        }
        held.set(record.key(), images);
        problem.ifPresent(why -> refused.add(new Refusal(record, why)));
    }

    private Optional<String> wrong(Record record, ImageRule rule, String url) {
        Optional<Place> at = rule.place(record);
        if (at.isEmpty()) return Optional.of(sentence(rule, "have a field to be named by", url));
        boolean anothers = held.ofAnother(at.get(), record.key())
                .filter(other -> !other.url().equals(url))
                .isPresent();
        return anothers
                ? Optional.of(sentence(
                        rule,
                        "be named as no other, which has another URL",
                        at.get().path()))
                : Optional.empty();
    }

    private Kept.Image image(Record record, ImageRule rule, String url, Optional<Kept.Image> before) {
        Place at = rule.place(record).orElseThrow();
        Optional<Kept.Image> there = before.filter(
                        image -> image.url().equals(url) && image.place().equals(at))
                .or(() -> held.ofAnother(at, record.key()).map(image -> image.of(rule.field())));
        if (there.isPresent()) return there.get();
        downloads++;
        return new Kept.Image(rule.field(), url, at, "", "", "", 0, "", "");
    }

    private String sentence(ImageRule rule, String must, String got) {
        return SettingChecks.sentence(name, "the image of " + rule.field(), must, got);
    }

    /** In one sentence, or none. {@code removes}: whether the run removes what nobody needs any more. */
    List<String> notes(boolean removes) {
        long gone = held.gone().size();
        if (downloads + gone == 0) return List.of();
        return List.of(name + ": " + downloads + " images to download, " + gone
                + (removes ? " to remove" : " that no record needs any more"));
    }
}
