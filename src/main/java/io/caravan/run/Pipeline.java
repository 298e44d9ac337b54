package io.caravan.run;

import io.caravan.error.SettingChecks;
import io.caravan.record.Cut;
import io.caravan.record.Overlay;
import io.caravan.source.Source;
import java.time.Duration;

/**
 * A pipeline as a run needs it.
 *
 * @param wiring its blocks, as the route says
 * @param limits how much may go wrong
 * @param leaseTime how long a run that does not renew its lease keeps others out
 * @param cut where batches end
 */
public record Pipeline(String name, Source source, Wiring wiring, Limits limits, Duration leaseTime, Cut cut) {

    public Pipeline {
        new SettingChecks(name)
                .must(!wiring.generations().isEmpty() || source.standsAlone(), "sinks", "be at least one", "none")
                .between("leaseMillis", leaseTime.toMillis(), 300, 3_600_000)
                .check();
    }

    /** How many whole readings in a row must lack a record before it is deleted. */
    int deletesAfter(RunRequest request) {
        if (request.allowDeletes() || request.mode() == Mode.REMOVE) return 1;
        if (limits.deletesAfter() > 0) return limits.deletesAfter();
        return source.moves() ? 2 : 1;
    }

    /** The same with a source that shows what a plan lays over its store. */
    Pipeline over(Overlay overlay) {
        return new Pipeline(name, source.over(overlay), wiring, limits, leaseTime, cut);
    }

    /** The same when its source has nothing any more. */
    Pipeline withNothingLeft() {
        Source nothing = new NothingLeft(source.keyFields(), source.quarantine());
        return new Pipeline(name, nothing, wiring, limits, leaseTime, cut);
    }
}
