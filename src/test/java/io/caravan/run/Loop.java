package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What a route does with a session, without a route: every batch through every step to every sink, and the end whatever happened. */
final class Loop {

    private Loop() {}

    static RunReport run(Session session, List<Step> steps, List<? extends Sink> sinks) {
        try {
            Iterator<List<Record>> batches = session.batches();
            while (batches.hasNext()) {
                List<Record> batch = batches.next();
                for (Step step : steps) batch = step.apply(batch, (r, why) -> session.reject("step", r, why));
                for (Sink sink : sinks) session.deliver(sink, batch);
            }
        } catch (RuntimeException | Error e) {
            return session.close(Optional.of(e));
        }
        return session.close(Optional.empty());
    }
}
