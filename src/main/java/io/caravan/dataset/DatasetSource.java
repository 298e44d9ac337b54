package io.caravan.dataset;

import io.caravan.observation.Observations;
import io.caravan.observation.Parser;
import io.caravan.source.KnownEtags;
import io.caravan.source.RecordReader;
import io.caravan.source.RunLock;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observations of a dataset: one object, its file, which is got whole when it is listed and parsed when it is opened.
 *
 * <ul>
 *   <li>a file that is the known one, by what its server says or by its bytes, is not opened
 *   <li>the bytes are kept before they are parsed, where versions are published
 * </ul>
 */
public final class DatasetSource implements Source, CamelContextAware, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatasetSource.class);

    private final Dataset dataset;
    private final Extract extract;
    private final Optional<Parser> parser;
    private final Optional<RawFiles> raw;
    private final String fromRaw;
    private final Optional<SeriesState> state;
    private final Optional<Map<String, LocalDateTime>> since;
    private final Fetches fetches;

    /**
     * @param parser without, the file has no observations
     * @param raw where its bytes are kept, if they are
     * @param fromRaw the version whose bytes are read instead; blank for what is there now
     * @param state where the greatest times are kept that were published; empty where the ledger keeps them
     */
    DatasetSource(
            Dataset dataset,
            Extract extract,
            Optional<Parser> parser,
            Optional<RawFiles> raw,
            String fromRaw,
            Optional<SeriesState> state) {
        this(
                dataset,
                extract,
                parser,
                raw,
                fromRaw,
                state,
                Optional.empty(),
                new Fetches(dataset, extract, raw, fromRaw));
    }

    private DatasetSource(
            Dataset dataset,
            Extract extract,
            Optional<Parser> parser,
            Optional<RawFiles> raw,
            String fromRaw,
            Optional<SeriesState> state,
            Optional<Map<String, LocalDateTime>> since,
            Fetches fetches) {
        this.fetches = fetches;
        this.state = state;
        this.since = since;
        this.dataset = dataset;
        this.extract = extract;
        this.parser = parser;
        this.raw = raw;
        this.fromRaw = fromRaw;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        CamelContextAware.trySetCamelContext(extract, context);
        raw.ifPresent(r -> CamelContextAware.trySetCamelContext(r, context));
    }

    @Override
    public CamelContext getCamelContext() {
        return extract.getCamelContext();
    }

    @Override
    public List<String> keyFields() {
        return Observations.KEY_FIELDS;
    }

    /** Asked when a run begins that may write: the context is known by then. */
    @Override
    public Optional<RunLock> lock() {
        return DatasetLocks.of(dataset, getCamelContext());
    }

    @Override
    public long highestToken() {
        return raw.map(files -> files.published().token()).orElse(0L);
    }

    @Override
    public Iterator<SourceObject> objects() {
        return objects(name -> Optional.empty());
    }

    @Override
    public Iterator<SourceObject> objects(KnownEtags known) {
        dataset.warnings().forEach(warning -> LOG.warn("{}: {}", dataset.id(), warning));
        return new Iterator<>() {

            private SourceObject object;

            @Override
            public boolean hasNext() {
                if (object != null) fetches.forget(object);
                return object == null;
            }

            @Override
            public SourceObject next() {
                if (object != null) throw new NoSuchElementException(extract.name());
                object = fetches.list(known);
                return object;
            }
        };
    }

    @Override
    public RecordReader open(SourceObject object) {
        Fetches.Got got = fetches.take(object);
        try {
            fetches.keep(got);
            RecordReader reader = parser.map(opened(got, object)).orElseGet(Nothing::new);
            FileReader whole = new FileReader(reader, got.file());
            return incremental() ? new NewerReader(dataset.id(), whole, newer()) : whole;
        } catch (RuntimeException e) {
            Fetches.delete(got.file());
            throw e;
        }
    }

    private static Function<Parser, RecordReader> opened(Fetches.Got got, SourceObject object) {
        return p -> p.open(got.file(), object.name());
    }

    private Newer newer() {
        Instant now = Instant.now();
        Optional<Instant> oldest =
                windowed() ? Optional.of(now.minus(Duration.ofDays(dataset.whole("windowInDays")))) : Optional.empty();
        return new Newer(
                since.orElse(Map.of()),
                dataset.has("lookback") ? dataset.whole("lookback") : 0,
                oldest,
                dataset.zone("normalize.timezone"),
                now);
    }

    @Override
    public boolean incremental() {
        return dataset.incremental() && fromRaw.isBlank();
    }

    @Override
    public boolean windowed() {
        return dataset.has("windowInDays") && fromRaw.isBlank();
    }

    @Override
    public boolean standsAlone() {
        return raw.isPresent();
    }

    @Override
    public DatasetSource since(String position) {
        Map<String, LocalDateTime> last = state.map(SeriesState::load).orElseGet(() -> Newer.times(position));
        return new DatasetSource(dataset, extract, parser, raw, fromRaw, state, Optional.of(last), fetches);
    }

    @Override
    public Optional<String> check() {
        Optional<String> locked = lock().flatMap(RunLock::check);
        return locked.isPresent() ? locked : fetches.check();
    }

    @Override
    public void close() {
        fetches.close();
        extract.close();
        raw.ifPresent(RawFiles::close);
        state.ifPresent(SeriesState::close);
    }
}
