package io.caravan.job;

import java.util.Optional;

/**
 * A job that a worker has taken for a while.
 *
 * @param attempt how often it was taken, this time included
 * @param token of this claim: who took the job later has a higher one, and this one can do nothing any more
 * @param leaseMillis how long it lasts unless renewed
 */
public record Claim(
        long job,
        String key,
        String title,
        String author,
        Optional<String> isbn,
        int attempt,
        long token,
        long leaseMillis) {}
