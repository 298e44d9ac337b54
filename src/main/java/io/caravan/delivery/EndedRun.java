package io.caravan.delivery;

import java.time.Instant;

/**
 * A run whose sinks have what it read.
 *
 * @param number of the run in the ledger
 * @param tenant the part of the pipeline that it is of; empty for a pipeline without parts
 */
public record EndedRun(long number, String pipeline, String tenant, Instant began) {}
