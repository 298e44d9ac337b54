package io.caravan.image;

import io.caravan.error.SettingChecks;
import io.caravan.http.HttpDownload;
import io.caravan.record.Record;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Brings the images of one run into their places, each once; what is there is left as it is. Asked by one thread. */
final class Fetching {

    private final String name;
    private final ImageStores stores;
    private final Downloads downloads;
    private final Executor threads;
    private final Inventory held;
    private final Map<String, Map<Place, String>> listed = new HashMap<>();
    private final Map<Place, Asked> asked = new HashMap<>();
    private final FetchCounts counts;
    private final SilentHosts silent = new SilentHosts();
    private volatile long endNanos;

    Fetching(
            String name,
            ImageStores stores,
            Downloads downloads,
            Executor threads,
            Inventory held,
            FetchCounts counts) {
        this.name = name;
        this.stores = stores;
        this.downloads = downloads;
        this.threads = threads;
        this.held = held;
        this.counts = counts;
    }

    /**
     * What became of an image.
     *
     * @param image that the record has now, perhaps its last one
     * @param problem why that is not the one of its URL
     */
    record Outcome(Optional<Kept.Image> image, Optional<String> problem) {}

    private record Asked(String url, CompletableFuture<Outcome> outcome) {}

    /** From now on images have so long until no more are begun. */
    void within(Duration time) {
        endNanos = System.nanoTime() + time.toNanos();
    }

    /** Begins to bring the image of this rule, which the record has. */
    CompletableFuture<Outcome> ask(Record record, ImageRule rule) {
        String url = rule.url(record).orElseThrow();
        Optional<Kept.Image> before = held.of(record.key()).flatMap(kept -> kept.image(rule.field()));
        Optional<Place> place = rule.place(record);
        if (place.isEmpty()) {
            String fields =
                    rule.names().stream().map(ImageRule.Name::field).toList().toString();
            return now(before, sentence(rule, "be named by one of " + fields + ", which are empty", url));
        }
        Optional<CompletableFuture<Outcome>> shared = shared(record.key(), rule, url, place.get(), before);
        if (shared.isPresent()) return shared.get();
        CompletableFuture<Outcome> outcome = brought(rule, url, place.get(), before);
        asked.put(place.get(), new Asked(url, outcome));
        return outcome;
    }

    /** Two records may have one image, as two of one ISBN; which of two images it is, nobody knows. */
    private Optional<CompletableFuture<Outcome>> shared(
            String key, ImageRule rule, String url, Place place, Optional<Kept.Image> before) {
        Asked other = asked.get(place);
        // the store failed, and the batch comes again
        if (other != null && other.outcome().isCompletedExceptionally()) other = null;
        Optional<Kept.Image> others = held.ofAnother(place, key);
        String othersUrl =
                other != null ? other.url() : others.map(Kept.Image::url).orElse(url);
        if (!othersUrl.equals(url)) {
            return Optional.of(
                    now(before, sentence(rule, "be named as no other, which has another URL", place.path())));
        }
        if (other != null)
            return Optional.of(other.outcome()
                    .thenApply(o -> new Outcome(o.image().map(image -> image.of(rule.field())), o.problem())));
        return others.filter(this::there).map(image -> now(image.of(rule.field())));
    }

    private CompletableFuture<Outcome> brought(ImageRule rule, String url, Place place, Optional<Kept.Image> before) {
        Optional<Kept.Image> whole =
                before.filter(image -> image.url().equals(url) && image.place().equals(place) && there(image));
        if (whole.isPresent()
                && whole.get().etag().isBlank()
                && whole.get().modified().isBlank()) {
            counts.unchanged.increment();
            return now(whole.get());
        }
        return CompletableFuture.supplyAsync(() -> fetched(rule, url, place, before, whole), threads);
    }

    /** Only what the store refuses is thrown. */
    private Outcome fetched(
            ImageRule rule, String url, Place place, Optional<Kept.Image> before, Optional<Kept.Image> whole) {
        try {
            Downloads.Answer answer = answer(url, whole);
            if (answer.image().isEmpty()) {
                counts.unchanged.increment();
                return new Outcome(whole, Optional.empty());
            }
            Downloads.Image image = answer.image().get();
            String md5 = HexFormat.of().formatHex(md5().digest(image.bytes()));
            boolean same = whole.filter(kept -> kept.md5().equals(md5)).isPresent();
            String stored = same ? whole.get().stored() : stores.put(place, image);
            if (same) counts.unchanged.increment();
            else counts.uploaded(image.bytes().length);
            return new Outcome(
                    Optional.of(new Kept.Image(
                            rule.field(),
                            url,
                            place,
                            stored,
                            md5,
                            image.type().contentType(),
                            image.bytes().length,
                            answer.etag(),
                            answer.modified())),
                    Optional.empty());
        } catch (RefusedException e) {
            // what is there is of this very URL
            if (whole.isPresent()) return new Outcome(whole, Optional.empty());
            return new Outcome(before, Optional.of(sentence(rule, e.getMessage(), HttpDownload.shown(url))));
        }
    }

    private Downloads.Answer answer(String url, Optional<Kept.Image> whole) throws RefusedException {
        silent.check(url);
        if (System.nanoTime() - endNanos > 0)
            throw new RefusedException("be begun while there is time for its batch, as others took it all");
        try {
            Downloads.Answer answer = downloads.get(
                    url,
                    whole.map(Kept.Image::etag).orElse(""),
                    whole.map(Kept.Image::modified).orElse(""));
            silent.answered(url);
            return answer;
        } catch (RefusedException e) {
            if (e.silent()) silent.silent(url);
            else silent.answered(url);
            throw e;
        }
    }

    /** Whether the store has it as it was written. */
    private boolean there(Kept.Image image) {
        return image.stored().equals(listed(image.place().container()).get(image.place()));
    }

    private Map<Place, String> listed(String container) {
        return listed.computeIfAbsent(container, stores::list);
    }

    private String sentence(ImageRule rule, String must, String got) {
        return SettingChecks.sentence(name, "the image of " + rule.field(), must, got);
    }

    private static CompletableFuture<Outcome> now(Kept.Image image) {
        return CompletableFuture.completedFuture(new Outcome(Optional.of(image), Optional.empty()));
    }

    private static CompletableFuture<Outcome> now(Optional<Kept.Image> image, String problem) {
        return CompletableFuture.completedFuture(new Outcome(image, Optional.of(problem)));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5"); // what the stores keep
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
