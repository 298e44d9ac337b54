package io.caravan.run;

import io.caravan.record.Fields;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.StoredObject;
import io.caravan.source.BadRow;
import io.caravan.source.Days;
import io.caravan.source.DriftException;
import io.caravan.source.KnownEtags;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceAround;
import io.caravan.source.SourceObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * A source whose records are what a route of steps makes of them. As that may depend on more than the object, each object is read in
 * every run.
 */
final class PreparedSource implements SourceAround {

    private static final int AT_ONCE = 500;

    private final CamelContext context;
    private final Source source;
    private final String uri;
    private final Instant began;
    /** What a plan lays over the stores in which the steps look things up. */
    private final Optional<Overlay> overlay;

    /** {@code uri}: the route's, of which the steps hear when the run {@code began}. */
    PreparedSource(CamelContext context, Source source, String uri, Instant began) {
        this(context, source, uri, began, Optional.empty());
    }

    private PreparedSource(CamelContext context, Source source, String uri, Instant began, Optional<Overlay> overlay) {
        this.context = context;
        this.source = source;
        this.uri = uri;
        this.began = began;
        this.overlay = overlay;
    }

    @Override
    public RecordReader open(SourceObject object) {
        RecordReader reader = source.open(object);
        try {
            return new Prepared(reader, new Preparation(context, uri, began, source.incremental(), overlay));
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public Source inner() {
        return source;
    }

    /** All of them: what is known of an object does not say what the steps make of it now. */
    @Override
    public Iterator<SourceObject> objects(KnownEtags known) {
        return source.objects();
    }

    @Override
    public Optional<StoredObject> stored(SourceObject object, long rows) {
        return Optional.empty();
    }

    @Override
    public boolean readsUnchanged() {
        return true;
    }

    @Override
    public Source on(Days days) {
        return new PreparedSource(context, source.on(days), uri, began, overlay);
    }

    @Override
    public Source since(String position) {
        return new PreparedSource(context, source.since(position), uri, began, overlay);
    }

    @Override
    public Source over(Overlay planned) {
        return new PreparedSource(context, source.over(planned), uri, began, Optional.of(planned));
    }

    /** A batch of rows ahead of whoever reads. */
    private static final class Prepared implements RecordReader {

        private final RecordReader reader;
        private final Preparation preparation;
        private final Deque<Record> ready = new ArrayDeque<>();
        private final Set<String> fields = ConcurrentHashMap.newKeySet();
        private Fields last;
        private boolean ended;

        private Prepared(RecordReader reader, Preparation preparation) {
            this.reader = reader;
            this.preparation = preparation;
        }

        @Override
        public Optional<Record> read(Consumer<BadRow> bad) {
            while (ready.isEmpty() && !ended) {
                List<Record> rows = rows(bad);
                if (!rows.isEmpty()) ready.addAll(preparation.prepare(rows, bad));
            }
            return Optional.ofNullable(ready.poll());
        }

        private List<Record> rows(Consumer<BadRow> bad) {
            List<Record> rows = new ArrayList<>();
            while (rows.size() < AT_ONCE && !ended) {
                Optional<Record> row = row(bad);
                if (row.isEmpty()) ended = true;
                else if (row.get().deleted()) ready.add(row.get()); // it has nothing to prepare
                else rows.add(row.get());
            }
            for (Record row : rows) {
                if (row.fields() == last) continue;
                last = row.fields();
                fields.addAll(last.names());
            }
            return rows;
        }

        private Optional<Record> row(Consumer<BadRow> bad) {
            try {
                return reader.read(kept -> bad.accept(preparation.kept(kept)));
            } catch (DriftException e) {
                throw preparation.seals() ? e.untold() : e;
            }
        }

        @Override
        public Set<String> rowFields() {
            return fields;
        }

        @Override
        public Optional<String> position() {
            return reader.position();
        }

        @Override
        public Set<String> owed() {
            return reader.owed();
        }

        @Override
        public Optional<String> note() {
            List<String> all = Stream.concat(reader.note().stream(), preparation.notes().stream())
                    .toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
        }

        @Override
        public boolean asStored() {
            return false;
        }

        @Override
        public void close() {
            try (preparation) {
                reader.close();
            }
        }
    }
}
