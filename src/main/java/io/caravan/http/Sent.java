package io.caravan.http;

import io.caravan.delivery.Refusal;
import io.caravan.record.Record;

/** A record that was sent, and what the API said to it; {@code reason}: in words, empty when it was taken. */
record Sent(Record record, Statuses.Meaning meaning, String reason) {

    boolean taken() {
        return meaning == Statuses.Meaning.TAKEN;
    }

    boolean refused() {
        return meaning == Statuses.Meaning.REFUSED;
    }

    boolean doubtful() {
        return meaning == Statuses.Meaning.DOUBTFUL;
    }

    Refusal refusal() {
        return new Refusal(record, reason);
    }
}
