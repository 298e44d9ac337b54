package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.error.StoppedException;
import io.caravan.quality.Quality;
import io.caravan.quality.QualityCheck;
import io.caravan.quality.QualityRun;
import io.caravan.record.Record;
import io.caravan.schema.DataSchema;
import io.caravan.source.RecordReader;
import io.caravan.source.SetAsideException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How good the rows of an object must be, by their schema, before any of them goes on. Thread-safe. */
final class MinimumScore {

    private static final int BEST = 100;
    private static final int WORST_NAMED = 3;
    private static final int STOP_EVERY = 1_000;

    private final QualityCheck check;
    private final int points;

    private MinimumScore(QualityCheck check, int points) {
        this.check = check;
        this.points = points;
    }

    /** {@code said}: 1 to 100, blank for none. */
    static Optional<MinimumScore> of(String unit, String said, Optional<DataSchema> schema) {
        if (said.isBlank()) return Optional.empty();
        new SettingChecks(unit)
                .must(said.strip().matches("[1-9]\\d?|100"), "minimumScore", "be blank or 1 to " + BEST, said)
                .must(schema.isPresent(), "minimumScore", "be blank without schema, by which rows are scored", said)
                .check();
        return Optional.of(new MinimumScore(QualityCheck.of(schema.get()), Integer.parseInt(said.strip())));
    }

    /** The rows that {@code rows} opens, once all that {@code all} opens are known to be good enough. */
    RecordReader before(String object, Supplier<RecordReader> all, Supplier<RecordReader> rows) {
        return new ScoredRows(() -> check(object, all), rows);
    }

    private void check(String object, Supplier<RecordReader> all) {
        QualityRun run = check.begin();
        try (RecordReader reader = all.get()) {
            for (Optional<Record> row = next(reader, run); row.isPresent(); row = next(reader, run)) {
                run.add(row.get());
                if (run.rows() % STOP_EVERY == 0 && Thread.currentThread().isInterrupted())
                    throw new StoppedException(object + ": its score was asked for, and the run was stopped");
            }
        }
        Quality quality = run.end();
        if (quality.score() >= points) return;
        String worst = String.join("; ", quality.worst(WORST_NAMED));
        throw new SetAsideException(
                SettingChecks.sentence(object, "score", "be " + points + " or more", quality.score())
                        + (worst.isEmpty() ? "" : ", as " + worst)
                        + "; it is set aside whole: fix it or the schema, or lower minimumScore",
                List.of());
    }

    private static Optional<Record> next(RecordReader reader, QualityRun run) {
        return reader.read(bad -> run.bad(bad.reason()));
    }
}
