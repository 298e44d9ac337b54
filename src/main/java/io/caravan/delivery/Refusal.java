package io.caravan.delivery;

import io.caravan.record.Record;
import io.caravan.record.Sealed;

/** A record that a sink refused, and why: it becomes a dead letter. The reason quotes nothing that was opened for the sink alone. */
public record Refusal(Record record, String reason) {

    public Refusal {
        reason = Sealed.hidden(record, reason);
    }
}
