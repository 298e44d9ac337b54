package io.caravan.run;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.ByDay;
import io.caravan.source.RecordReader;
import io.caravan.source.RunLock;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A source for tests of the core: objects are lists of rows, their etags follow their content. */
final class MemorySource implements Source {

    /** A row; one with an empty key is bad. */
    record Row(String key, long value) {}

    static final Fields FIELDS = Fields.of("id", "value");

    final Map<String, List<Row>> objects = new TreeMap<>();
    /** By object: how often it was touched, which changes its etag but not its content. */
    final Map<String, Integer> touched = new TreeMap<>();
    /** What is done to each reader that is opened; gets in the way of a true end, for example. */
    volatile BiFunction<SourceObject, RecordReader, RecordReader> meddler = (object, reader) -> reader;
    /** What is said before the objects are listed. */
    volatile Runnable listing = () -> {};

    /** Hears which objects are opened soon, and that nothing is. */
    volatile Consumer<String> soon = name -> {};

    /** What a run takes beside the lease. */
    volatile Optional<RunLock> lock = Optional.empty();
    /** By which token something was published. */
    volatile long highestToken;

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger badRows = new AtomicInteger();

    @Override
    public List<String> keyFields() {
        return List.of("id");
    }

    @Override
    public Optional<RunLock> lock() {
        return lock;
    }

    @Override
    public long highestToken() {
        return highestToken;
    }

    @Override
    public Iterator<SourceObject> objects() {
        listing.run();
        return new ArrayList<>(objects.keySet()).stream().map(this::listed).iterator();
    }

    private SourceObject listed(String name) {
        String etag = objects.get(name).hashCode() + "-" + touched.getOrDefault(name, 0);
        return new SourceObject(name, etag, objects.get(name).size());
    }

    /** Names may begin with their day; the first of them counts. */
    @Override
    public ByDay byDay() {
        return new ByDay() {
            @Override
            public Optional<LocalDate> day(String name) {
                return name.matches("\\d{4}-\\d\\d-\\d\\d.*")
                        ? Optional.of(LocalDate.parse(name.substring(0, 10)))
                        : Optional.empty();
            }

            @Override
            public boolean precedes(String first, String second) {
                return first.compareTo(second) < 0;
            }
        };
    }

    @Override
    public void soon(SourceObject object) {
        soon.accept(object.name());
    }

    @Override
    public void notSoon() {
        soon.accept("nothing");
    }

    @Override
    public RecordReader open(SourceObject object) {
        RecordReader reader = new Reader(object.name(), List.copyOf(objects.get(object.name())));
        reader = meddler.apply(object, reader);
        opened.incrementAndGet();
        return reader;
    }

    /** The records a sink must hold in the end: of each key, the first. */
    Map<String, Record> expected() {
        Map<String, Record> first = new LinkedHashMap<>();
        objects.forEach((name, rows) -> records(name).forEach(r -> first.putIfAbsent(r.key(), r)));
        return first;
    }

    /** The good rows of an object. */
    List<Record> records(String object) {
        List<Record> records = new ArrayList<>();
        Reader reader = new Reader(object, objects.get(object));
        for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) records.add(r.get());
        return records;
    }

    private final class Reader implements RecordReader {

        private final ContentHash hasher = new ContentHash();
        private final String object;
        private final List<Row> rows;
        private int line;

        Reader(String object, List<Row> rows) {
            this.object = object;
            this.rows = rows;
        }

        @Override
        public Optional<Record> read(Consumer<BadRow> bad) {
            while (line < rows.size()) {
                Row row = rows.get(line++);
                Origin origin = new Origin(object, line);
                if (!row.key().isEmpty()) {
                    Object[] values = {row.key(), row.value()};
                    return Optional.of(Record.read(row.key(), FIELDS, values, origin, hasher.of(FIELDS, values)));
                }
                badRows.incrementAndGet();
                bad.accept(new BadRow(origin, "," + row.value(), "things: id must not be blank, got ''"));
            }
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
