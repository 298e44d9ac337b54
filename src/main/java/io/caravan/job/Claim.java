package io.caravan.job;

/**
 * A job that a worker has taken for a while.
 *
 * @param kind what does it
 * @param payload what it is told
 * @param attempt how often it was taken, this time included
 * @param token of this claim: who took the job later has a higher one, and this one can do nothing any more
 * @param leaseMillis how long it lasts unless renewed
 */
public record Claim(long job, String kind, String key, Payload payload, int attempt, long token, long leaseMillis) {}
