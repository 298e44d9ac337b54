package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Sink;
import io.caravan.ledger.LateWrites;
import io.caravan.ledger.Lease;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import java.util.List;

/** A run may write to its sinks while it holds its lease; what it wrote later is noted, for the next run to mend. */
final class LeasePermit implements BulkDelivery.Permit {

    private final Lease lease;
    private final Transactions unfenced;
    private final long run;

    /** {@code unfenced}: transactions that ask for no lease. */
    LeasePermit(Lease lease, Transactions unfenced, long run) {
        this.lease = lease;
        this.unfenced = unfenced;
        this.run = run;
    }

    @Override
    public void ask() {
        lease.mustBeHeld();
    }

    @Override
    public void used(Sink sink, List<Record> batch) {
        if (lease.held()) return;
        List<String> keys = batch.stream().map(Record::key).toList();
        unfenced.in(c -> {
            LateWrites.note(c, lease.flow(), sink.name(), run, keys);
            return null;
        });
    }
}
