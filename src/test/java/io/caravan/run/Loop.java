package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a route does with a session, without a route: every batch to every sink, and the end whatever happened. */
final class Loop {

    private Loop() {}

    static RunReport run(Supplier<Session> opener, List<Sink> sinks) {
        Session session = opener.get();
        try {
            Iterator<List<Record>> batches = session.batches();
            while (batches.hasNext()) {
                List<Record> batch = batches.next();
                for (Sink sink : sinks) session.deliver(sink, batch);
            }
        } catch (RuntimeException | Error e) {
            return session.close(Optional.of(e));
        }
        return session.close(Optional.empty());
    }
}
