package io.caravan.delivery;

import io.caravan.record.Record;

/** A record that a sink refused, and why: it becomes a dead letter. */
public record Refusal(Record record, String reason) {}
