package io.caravan.lake;

import io.caravan.error.ConfigurationException;
import io.caravan.error.StoppedException;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.lake.Manifest.Row;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Copies what is new of an agency's files under the keys that they have: what the newest manifest says was copied with that
 * etag, or the destination has with it, and is still there, is left alone.
 */
final class AgencyCopy {

    /** So many copies go on at once. */
    private static final int AT_ONCE = 5;

    private static final Glob EVERY = new Glob("*");

    /**
     * What there is to do.
     *
     * @param news what is to be copied
     * @param kept rows of the next manifest for what is there
     */
    record Wanted(List<SourceObject> news, List<Row> kept) {}

    /**
     * What was done.
     *
     * @param rows for what was to be copied
     * @param manifest its key; empty where there was nothing to write
     */
    record Done(List<Row> rows, String manifest) {}

    private final ObjectStore source;
    private final ObjectStore destination;
    private final String files;
    private final Manifest manifest;
    private final InstantSource clock;

    AgencyCopy(ObjectStore source, ObjectStore destination, String slug, InstantSource clock) {
        this.source = source;
        this.destination = destination;
        this.files = "agency/" + slug + "/files/";
        this.manifest = new Manifest(destination, "agency/" + slug + "/manifests/");
        this.clock = clock;
    }

    /** Where the files are. */
    String files() {
        return files;
    }

    Wanted wanted() {
        boolean there = destination.there();
        Map<String, Row> before = there ? manifest.newest() : Map.of();
        Map<String, SourceObject> copies = new HashMap<>();
        if (there) destination.list(files, EVERY).forEachRemaining(copy -> copies.put(copy.name(), copy));
        List<SourceObject> news = new ArrayList<>();
        List<Row> kept = new ArrayList<>();
        source.list(files, EVERY).forEachRemaining(file -> {
            Row last = before.get(file.name());
            SourceObject copy = copies.get(file.name());
            boolean copied = last != null
                    && last.status().equals(Manifest.SUCCESS)
                    && last.etag().equals(file.etag());
            boolean same = copy != null && copy.etag().equals(file.etag()) && copy.size() == file.size();
            if (file.etag().isEmpty() || copy == null || !copied && !same) news.add(file);
            else kept.add(copied ? last : row(file, Manifest.SUCCESS, ""));
        });
        return new Wanted(news, kept);
    }

    /** Copies; what was copied stands in a manifest, also when that is not all. */
    Done copy(Wanted wanted, BooleanSupplier stopped) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        if (wanted.news().isEmpty()) return new Done(rows, "");
        destination.make();
        AtomicReference<RuntimeException> broken = new AtomicReference<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Row>> copies = wanted.news().stream()
                    .map(file -> threads.submit(
                            () -> broken.get() != null || stopped.getAsBoolean() ? null : copied(file, broken)))
                    .toList();
            for (Future<Row> copy : copies) {
                Row row = copy.get();
                if (row != null) rows.add(row);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        if (rows.isEmpty() && broken.get() != null) throw broken.get();
        List<Row> all = new ArrayList<>(wanted.kept());
        all.addAll(rows);
        String written = manifest.write(all, clock.instant());
        if (broken.get() != null) throw broken.get();
        if (rows.size() < wanted.news().size())
            throw new StoppedException(files + ": " + rows.size() + " of "
                    + wanted.news().size() + " files were copied before it was stopped; run it again for the others");
        return new Done(rows, written);
    }

    /** What no other file would fare better with goes to {@code broken}. */
    private Row copied(SourceObject file, AtomicReference<RuntimeException> broken) {
        try {
            destination.copy(source, file, file.name());
            return row(file, Manifest.SUCCESS, "");
        } catch (IncompleteSourceException e) {
            return row(file, Manifest.NOT_FOUND, Words.of(e));
        } catch (UnavailableException | IllegalArgumentException e) {
            return row(file, Manifest.ERROR, Words.of(e));
        } catch (ConfigurationException e) {
            broken.compareAndSet(null, e);
            return null;
        }
    }

    private Row row(SourceObject file, String status, String message) {
        Instant now = clock.instant();
        return new Row(file.name(), file.etag(), status, message, file.size(), now.toString());
    }
}
