package io.caravan.job;

import java.util.Optional;

/**
 * A job to be put into the table.
 *
 * @param kind what does it: the name of a job's file, or of the pipeline that works on its table
 * @param key what two of one kind have in common that are one
 * @param payload what it is told
 * @param concurrencyKey jobs with the same are not begun side by side
 */
public record NewJob(String kind, String key, Payload payload, Optional<String> concurrencyKey) {}
