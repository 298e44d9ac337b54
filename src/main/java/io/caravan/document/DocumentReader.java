package io.caravan.document;

import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoIterable;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.format.RecordMaker;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.StoredForm;
import io.caravan.source.BadRow;
import io.caravan.source.CountedTimes;
import io.caravan.source.RecordReader;
import io.caravan.source.StoreClock;
import io.caravan.source.Unplaced;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonNull;
import org.bson.BsonSerializationException;
import org.bson.BsonValue;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Reads documents in the order of their sort field; when the cursor or the connection is lost, on after the last one. */
final class DocumentReader implements RecordReader {

    /** CursorNotFound, QueryPlanKilled, CursorKilled: the cursor is gone, the documents are not. */
    private static final Set<Integer> CURSOR_GONE = Set.of(43, 175, 237);

    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final int SHAPES = 200;
    private static final int LONGEST_RAW = 64 << 10;

    private final Function<BsonDocument, MongoIterable<RawBsonDocument>> collection;
    private final Supplier<StoreClock> time;
    private final MongoFailure failure;
    private final DocumentQuery query;
    private final BsonDocument filter;
    private final String object;
    private final boolean storedForms;
    private final Optional<OverlaidCollection> overlaid;

    private final Map<List<String>, Shape> shapes = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Shape> eldest) {
            return size() > SHAPES;
        }
    };
    private MongoCursor<RawBsonDocument> cursor;
    private Optional<RawBsonDocument> last = Optional.empty();
    private Optional<BsonValue> greatest;
    /** A value of the kind that all are of. */
    private Optional<BsonValue> kind;

    private final Unplaced unplaced = new Unplaced();
    private final CountedTimes counted = new CountedTimes();
    private StoreClock clock;
    private Shape shape;
    private long read;
    private int failed;

    /** The fields that documents have in common, and who makes records of them. */
    private record Shape(Fields fields, RecordMaker maker) {}

    /**
     * @param collection finds the documents of a filter, as {@code query} wants them
     * @param storedForms whether records have the documents they are of
     * @param overlaid what a plan lays over the collection
     * @param time asks for the server's time; asked before the first document of an incremental source
     */
    DocumentReader(
            Function<BsonDocument, MongoIterable<RawBsonDocument>> collection,
            Supplier<StoreClock> time,
            MongoFailure failure,
            DocumentQuery query,
            Optional<BsonValue> position,
            String object,
            boolean storedForms,
            Optional<OverlaidCollection> overlaid) {
        this.collection = collection;
        this.time = time;
        this.failure = failure;
        this.query = query;
        this.filter = query.since(position);
        this.greatest = position;
        this.kind = position;
        this.object = object;
        this.storedForms = storedForms;
        this.overlaid = overlaid;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<RawBsonDocument> next = next(); next.isPresent(); next = next()) {
            RawBsonDocument document = next.get();
            Origin origin = new Origin(object, ++read);
            try {
                return Optional.of(record(document, origin));
            } catch (BadRecordException e) {
                String reason =
                        e.getMessage().startsWith(origin + ": ") ? e.getMessage() : origin + ": " + e.getMessage();
                bad.accept(bad(document, origin, reason));
            }
        }
        return Optional.empty();
    }

    private Record record(RawBsonDocument document, Origin origin) {
        if (query.cursor().isEmpty()) return made(document, origin);
        BsonCursor by = query.cursor().get();
        BsonValue value = by.of(document, kind);
        kind = kind.or(() -> Optional.of(value));
        Object at = by.time(value);
        if (at instanceof Number number && !by.moment().counts()) counted.saw(number, clock);
        if (clock.reached(at)) {
            greatest = Optional.of(greatest.map(g -> by.greater(g, value)).orElse(value));
        }
        Record record = made(document, origin);
        if (clock.ahead(at)) unplaced.ahead(record.key(), by.shown(value));
        return record;
    }

    private BadRow bad(RawBsonDocument document, Origin origin, String reason) {
        Optional<String> key = query.cursor().isEmpty() ? Optional.empty() : key(document, origin);
        if (key.isPresent() && !hasCursor(document)) unplaced.without(key.get());
        return new BadRow(origin, raw(document), reason, key);
    }

    private boolean hasCursor(RawBsonDocument document) {
        try {
            query.cursor().orElseThrow().of(document, kind);
            return true;
        } catch (BadRecordException e) {
            return false;
        }
    }

    /** The key of a document that is no record; empty when it has none. */
    private Optional<String> key(RawBsonDocument document, Origin origin) {
        try {
            BsonDocument part = new BsonDocument();
            query.keyFields().forEach(field -> part.append(field, document.get(field, BsonNull.VALUE)));
            BsonRow row = new BsonRow(new RawBsonDocument(part, new BsonDocumentCodec()), query.keyFields());
            RecordMaker maker = new RecordMaker(new Fields(row.names()), query.keyFields());
            return Optional.of(maker.key(row.values(), origin));
        } catch (BadRecordException | BsonSerializationException | BsonInvalidOperationException e) {
            return Optional.empty();
        }
    }

    private Record made(RawBsonDocument document, Origin origin) {
        BsonRow row =
                new BsonRow(document, shape == null ? List.of() : shape.fields().names());
        if (shape == null || !shape.fields().names().equals(row.names())) {
            shape = shapes.computeIfAbsent(row.names(), this::shape);
        }
        Record record = shape.maker().make(row.values(), origin);
        return storedForms ? record.storedAs(new StoredForm(CopiedDocument.KIND, bytes(document))) : record;
    }

    private static byte[] bytes(RawBsonDocument document) {
        ByteBuf buffer = document.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private Shape shape(List<String> written) {
        List<String> names = FieldNames.of(written);
        if (Set.copyOf(names).size() < names.size()) {
            throw new BadRecordException(SettingChecks.sentence("document", "names of fields", "differ", names));
        }
        for (String key : query.keyFields()) {
            if (names.contains(key)) continue;
            throw new BadRecordException(
                    SettingChecks.sentence("document", "field '" + key + "'", "exist, as it is a key", "none"));
        }
        Fields fields = new Fields(names);
        return new Shape(fields, new RecordMaker(fields, query.keyFields()));
    }

    private Optional<RawBsonDocument> next() {
        Optional<RawBsonDocument> stored = stored();
        if (overlaid.isEmpty()) return stored;
        while (stored.isPresent() && !overlaid.get().keeps(stored.get())) stored = stored();
        return stored.or(() -> overlaid.get().next());
    }

    /** The next document that is stored, with as many new beginnings as are allowed. */
    private Optional<RawBsonDocument> stored() {
        while (true) {
            try {
                if (clock == null && query.cursor().isPresent()) clock = time.get();
                if (cursor == null) {
                    cursor = collection
                            .apply(last.map(document -> query.after(filter, document))
                                    .orElse(filter))
                            .cursor();
                }
                if (!cursor.hasNext()) return Optional.empty();
                RawBsonDocument document = cursor.next();
                last = Optional.of(document);
                failed = 0;
                return Optional.of(document);
            } catch (MongoException e) {
                CaravanException meaning = failure.of("read on after document " + read, e);
                boolean passing = meaning instanceof UnavailableException || CURSOR_GONE.contains(e.getCode());
                if (!passing || e instanceof MongoInterruptedException) throw meaning;
                if (failed == query.resumes()) throw new UnavailableException(meaning.getMessage(), e);
                forget();
                pause(meaning);
            }
        }
    }

    private void pause(CaravanException why) {
        try {
            Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, query.resumeDelay().toMillis() << Math.min(failed++, 10)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    private static String raw(RawBsonDocument document) {
        try {
            String json = document.toJson();
            return json.length() <= LONGEST_RAW ? json : json.substring(0, LONGEST_RAW);
        } catch (RuntimeException e) {
            // bytes that are no BSON
            return "document of " + document.getByteBuffer().remaining() + " bytes";
        }
    }

    @Override
    public Optional<String> position() {
        return greatest.map(value -> query.cursor().orElseThrow().text(value));
    }

    @Override
    public Set<String> owed() {
        return unplaced.keys();
    }

    @Override
    public Optional<String> note() {
        return query.cursor().flatMap(by -> unplaced.note(object, by.field(), clock)
                .or(() -> counted.note(object, by.field(), clock)));
    }

    @Override
    public void close() {
        forget();
    }

    private void forget() {
        if (cursor == null) return;
        try {
            cursor.close();
        } catch (MongoException e) {
            // the server forgets it by itself
        }
        cursor = null;
    }
}
