package io.caravan.lake;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.StoppedException;
import io.caravan.error.Words;
import io.caravan.format.Format;
import io.caravan.format.FormatGuess;
import io.caravan.format.Formats;
import io.caravan.job.JobCall;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.quality.Quality;
import io.caravan.quality.QualityCheck;
import io.caravan.quality.QualityRun;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads one object to its end, whatever it is, and says how good it is. What cannot be read is a bad object, not a failure of ours. */
final class CheckedObject {

    private static final Glob EVERY = new Glob("*");
    private static final int MAX_EXPANSION = 200;
    private static final int STOP_EVERY = 1_000;

    /** What was found. */
    record Found(SourceObject object, String format, Quality quality) {}

    private final JobCall call;
    private final ObjectStore store;
    private final String name;

    CheckedObject(JobCall call, ObjectStore store, String name) {
        this.call = call;
        this.store = store;
        this.name = name;
    }

    Found check(QualityCheck by) throws IOException {
        SourceObject object = listed().orElseThrow(() -> new ConfigurationException(SettingChecks.sentence(
                call.job(), "--object", "be there", call.arguments().text("object"))));
        QualityRun run = by.begin();
        if (object.size() == 0) return new Found(object, "empty", run.end());
        try {
            Optional<FormatGuess> guess = guess(object);
            if (guess.isEmpty())
                return new Found(
                        object,
                        "unknown",
                        run.unreadable(name + " is no CSV, JSON, Parquet or workbook: bytes of 0 in a text"));
            try (RecordReader reader = format(guess.get()).open(store.open(object), name, List.of())) {
                return new Found(object, guess.get().format(), all(reader, run, call));
            } catch (IncompleteSourceException e) {
                mustBeTheSame(object, e);
                return new Found(object, guess.get().format(), run.unreadable(Words.of(e)));
            }
        } catch (IOException e) {
            mustBeTheSame(object, new IncompleteSourceException(Words.of(e)));
            return new Found(object, "unknown", run.unreadable(name + ": " + Words.of(e)));
        }
    }

    /** All rows, until somebody asks to stop. */
    static Quality all(RecordReader reader, QualityRun run, JobCall call) {
        while (true) {
            Optional<Record> row = reader.read(bad -> run.bad(bad.reason()));
            if (row.isEmpty()) return run.end();
            run.add(row.get());
            if (run.rows() % STOP_EVERY == 0 && call.stopped().getAsBoolean())
                throw new StoppedException(
                        call.job() + ": it was stopped after " + run.rows() + " rows; nothing was written");
        }
    }

    private Optional<SourceObject> listed() {
        Iterator<SourceObject> all = store.list(name, EVERY);
        while (all.hasNext()) {
            SourceObject one = all.next();
            if (one.name().equals(name)) return Optional.of(one);
        }
        return Optional.empty();
    }

    private Optional<FormatGuess> guess(SourceObject object) throws IOException {
        String said = call.arguments().text("format");
        try (InputStream bytes = store.open(object)) {
            Optional<FormatGuess> guess = FormatGuess.of(name, bytes);
            if (said.isEmpty() || said.equals("auto")) return guess;
            return Optional.of(new FormatGuess(
                    said,
                    guess.map(FormatGuess::delimiter).orElse(","),
                    guess.map(FormatGuess::path).orElse("")));
        }
    }

    private Format format(FormatGuess guess) {
        return Formats.of(
                call.job(),
                guess.format(),
                new Formats.Options(List.of(), guess.delimiter(), guess.path(), "1", 1, MAX_EXPANSION));
    }

    /** One that changed while it was read is to be read again, and says nothing of its quality. */
    private void mustBeTheSame(SourceObject object, IncompleteSourceException e) {
        if (listed().filter(now -> now.equals(object)).isEmpty()) throw e;
    }
}
