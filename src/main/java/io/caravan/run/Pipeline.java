package io.caravan.run;

import io.caravan.error.Settings;
import io.caravan.record.Cut;
import io.caravan.source.Source;
import java.time.Duration;
import java.util.Map;

/**
 * A pipeline as a run needs it.
 *
 * @param generations by sink: a hash of the steps and settings that shape what it gets
 * @param deleteLimitPercent of the live records; more deletes than that stop the run before it deletes
 * @param leaseTime how long a run that does not renew its lease keeps others out
 * @param cut where batches end
 */
public record Pipeline(
        String name,
        Source source,
        Map<String, String> generations,
        int deleteLimitPercent,
        Duration leaseTime,
        Cut cut) {

    public Pipeline {
        new Settings(name)
                .must(!generations.isEmpty(), "sinks", "be at least one", "none")
                .between("deleteLimitPercent", deleteLimitPercent, 0, 100)
                .between("leaseMillis", leaseTime.toMillis(), 300, 3_600_000)
                .check();
        generations = Map.copyOf(generations);
    }
}
