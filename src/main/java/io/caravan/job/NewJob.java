package io.caravan.job;

import java.util.Optional;

/** A job to be made; {@code key} is what two jobs for one book have in common. */
public record NewJob(String key, String title, String author, Optional<String> isbn) {}
