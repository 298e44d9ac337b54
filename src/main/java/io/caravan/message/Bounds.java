package io.caravan.message;

import java.time.Duration;

/**
 * When a run has enough.
 *
 * @param messages so many, or some more where they come in packs
 * @param idle how long none came
 * @param bytes so many in memory
 */
record Bounds(int messages, Duration idle, long bytes) {}
