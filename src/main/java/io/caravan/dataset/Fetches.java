package io.caravan.dataset;

import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import io.caravan.http.HttpDownload;
import io.caravan.source.KnownEtags;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a dataset as it was got, in a file of ours from its listing until it is opened. */
final class Fetches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);

    private final Dataset dataset;
    private final Extract extract;
    private final Optional<RawFiles> raw;
    private final String fromRaw;
    /** What was got and not opened yet, by the instance that was listed. */
    private final Map<SourceObject, Got> listed = Collections.synchronizedMap(new IdentityHashMap<>());

    record Got(Path file, Print print, String url) {}

    /** {@code fromRaw}: the version whose bytes are read instead; blank for what is there now. */
    Fetches(Dataset dataset, Extract extract, Optional<RawFiles> raw, String fromRaw) {
        this.dataset = dataset;
        this.extract = extract;
        this.raw = raw;
        this.fromRaw = fromRaw;
    }

    /**
     * Gets the file, unless it is the known one, by what its server says or by its bytes.
     *
     * <ul>
     *   <li>errors: as {@link Extract#get}
     * </ul>
     */
    SourceObject list(KnownEtags known) {
        Path file = temporary();
        try {
            if (!fromRaw.isBlank()) {
                raw.orElseThrow().copy(fromRaw, file);
                // without a tag: what the source says now is read again in the next run
                return listed(file, "", new Print("", "", "", ""), fromRaw);
            }
            Optional<String> etag = known.of(extract.name());
            Optional<Print> before =
                    etag.flatMap(Print::parse).filter(p -> p.rules().equals(dataset.rules()));
            Optional<Extract.Known> got = extract.get(
                    place -> before.filter(p -> p.place().equals(Print.place(place)))
                            .map(Print::validator)
                            .orElse(""),
                    file);
            String sha256 = got.isEmpty() ? "" : Print.sha256(file);
            if (got.isEmpty() || before.filter(p -> p.sha256().equals(sha256)).isPresent()) {
                Files.delete(file);
                return new SourceObject(extract.name(), etag.orElseThrow(), -1);
            }
            Print print = Print.of(dataset.rules(), got.get(), sha256);
            return listed(file, print.toString(), print, got.get().place());
        } catch (IOException e) {
            delete(file);
            throw new UnavailableException(dataset.id() + ": a temporary file could not be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private SourceObject listed(Path file, String etag, Print print, String url) throws IOException {
        SourceObject object = new SourceObject(extract.name(), etag, Files.size(file));
        listed.put(object, new Got(file, print, url));
        return object;
    }

    /** What was listed, which is the caller's from now on; got again if it was taken before. */
    Got take(SourceObject object) {
        Got got = listed.remove(object);
        return got != null ? got : listed.remove(list(name -> Optional.empty()));
    }

    /** Keeps the bytes beside the versions, or that they were read again. */
    void keep(Got got) {
        if (raw.isEmpty()) return;
        if (fromRaw.isBlank()) {
            raw.get().keep(got.file(), got.print().sha256(), suffix(), HttpDownload.shown(got.url()), Instant.now());
        } else {
            raw.get().keepAgain(fromRaw, Instant.now());
        }
    }

    /** What is wrong with where the file is; empty when it can be got. */
    Optional<String> check() {
        Path file = temporary();
        try (Extract once = extract.once()) {
            once.get(place -> "", file);
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        } finally {
            delete(file);
        }
    }

    void forget(SourceObject object) {
        Got got = listed.remove(object);
        if (got != null) delete(got.file());
    }

    @Override
    public void close() {
        synchronized (listed) {
            listed.values().forEach(got -> delete(got.file()));
            listed.clear();
        }
    }

    private String suffix() {
        return "." + dataset.text("source.format");
    }

    private Path temporary() {
        try {
            // its suffix says how it is packed
            return Files.createTempFile("caravan-" + dataset.id() + "-", suffix());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} stays", file, e);
        }
    }
}
