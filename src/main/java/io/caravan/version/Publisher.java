package io.caravan.version;

import io.caravan.delivery.Fence;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.object.Spool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes changes as the next version: its objects, its view and its manifest, each only if there is none of that name, and last
 * the pointer, only if it is the one that was read. Whoever publishes at the same time makes one of both begin again behind the other.
 *
 * <ul>
 *   <li>a crash before the pointer: objects that nobody reads; behind it: the version is there, and the next run brings view
 *       pointer and projections
 *   <li>changes that change nothing publish nothing
 * </ul>
 *
 * @param volatileFields of which no difference counts
 * @param firstWins whether a point that is there is never revised
 * @param tokens whether the token of a run must not be less than that of the version before
 */
record Publisher(
        Dataset dataset, Set<String> volatileFields, boolean firstWins, boolean tokens, int workers, Clock clock) {

    private static final int TRIES = 20;

    /** Why versions are published, besides news. */
    record Reason(Optional<String> rolledBackTo, Optional<String> onlyBehind) {
        static final Reason NEWS = new Reason(Optional.empty(), Optional.empty());
    }

    /** The version; empty when nothing changed. Projections and view pointer follow in any case, also those of a run that crashed. */
    Optional<Manifest> publish(Spool changes, Fence fence, Reason reason) {
        return publish(changes, fence, reason, new Contested(dataset.points()));
    }

    /** @param contested is told of changes that are for one point, by the attempt that counts */
    Optional<Manifest> publish(Spool changes, Fence fence, Reason reason, Contested contested) {
        dataset.store().make();
        String last = "";
        for (int tries = 1; tries <= TRIES; tries++) {
            Dataset.Pointer pointer = dataset.pointer(dataset.names().pointer());
            mayPublish(pointer, fence);
            reason.onlyBehind().filter(v -> !v.equals(pointer.version())).ifPresent(v -> {
                throw new UnavailableException(
                        "versions: a version was published meanwhile: " + pointer.version(), null);
            });
            String above = pointer.version().compareTo(last) > 0 ? pointer.version() : last;
            contested.begin();
            Attempt attempt = new Attempt(this, pointer, VersionId.after(above, clock), fence, reason, contested);
            last = attempt.version();
            Optional<Manifest> manifest = attempt.publish(changes);
            if (manifest.isPresent() || attempt.nothing()) {
                new Projections(dataset, attempt.version(), workers, clock).bring(fence);
                return manifest;
            }
        }
        throw new UnavailableException(
                "versions-sink: others published " + TRIES + " times at the same time as this run; run it again", null);
    }

    private void mayPublish(Dataset.Pointer pointer, Fence fence) {
        fence.check();
        if (!tokens || pointer.version().isEmpty()) return;
        long published =
                dataset.manifest(pointer.version()).map(Manifest::token).orElse(0L);
        if (fence.token() >= published) return;
        throw new CaravanException(SettingChecks.sentence(
                        "versions-sink",
                        "the run's token",
                        "be at least that of version " + pointer.version() + ", " + published
                                + ": a later run has published",
                        fence.token())
                + "; if tokens begin anew with a new ledger, set 'refuseOlderRun' to false for one run");
    }

    static byte[] text(String version) {
        return version.getBytes(StandardCharsets.UTF_8);
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
