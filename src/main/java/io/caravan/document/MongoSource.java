package io.caravan.document;

import com.mongodb.MongoException;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.error.Words;
import io.caravan.record.FieldNames;
import io.caravan.record.Overlay;
import io.caravan.source.CursorTime;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import io.caravan.source.StoreClock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonSerializationException;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;

/**
 * The documents of one collection as one object without an etag, read in every run, in the order of a sort field.
 *
 * <ul>
 *   <li>a lost cursor or connection is not the end: reading goes on after the last document, a bounded number of times
 *   <li>MongoDB shows no one moment: what is inserted behind the place of reading is seen by the next run; a document whose
 *       sort field changes meanwhile can be missed or met twice, so sort by a field that never changes
 *   <li>with a {@code cursorField} also incrementally: documents at or after the greatest value seen, less a lookback
 *   <li>a document without key or cursor, or with a type that no record can hold, is a bad row, see {@link BsonRow}
 *   <li>the client is the Camel context's, shared by all with the same settings; the context must be known before the first use
 * </ul>
 */
public final class MongoSource implements Source, UsesCollection {

    private static final String UNIT = "mongodb-source";
    private static final long MAX_LOOKBACK_SECONDS = 315_360_000;

    private final StoredCollection collection;
    private final DocumentQuery query;
    private final Optional<BsonValue> position;
    private final boolean storedForms;
    private final Optional<Overlay> overlay;

    /**
     * @param uri {@code laptop}, or a MongoDB connection string
     * @param user of the database {@code admin}, empty when the URI says who or nobody needs to
     * @param filter which documents, as Extended JSON; blank for all
     * @param projection what of them, as Extended JSON; blank for all
     * @param keyFields the fields that identify a record, comma separated; each holds one value
     * @param sortField an indexed field that never changes
     * @param cursorField the field that grows with every change; blank to read in full only
     * @param cursorTime what its numbers count, or of which zone its texts without one are, see {@link CursorTime}; blank when nobody says
     * @param lookbackSeconds how far before the position to read again, for a cursor that is a date
     * @param lookbackNumber the same for a cursor that is a number
     * @param batchSize how many documents are fetched at a time
     * @param resumes how often in a row to go on without having read a document
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public MongoSource(
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String filter,
            String projection,
            String keyFields,
            String sortField,
            String cursorField,
            String cursorTime,
            long lookbackSeconds,
            long lookbackNumber,
            int batchSize,
            int resumes,
            int resumeDelayMillis,
            int connectTimeoutMillis,
            int timeoutMillis) {
        List<String> keys = FieldNames.of(SettingList.of(keyFields));
        SettingChecks settings = new SettingChecks(UNIT)
                .must(!keys.isEmpty(), "keyFields", "name at least one field", keyFields)
                .must(keys.stream().distinct().count() == keys.size(), "keyFields", "differ", keys)
                .between("lookbackSeconds", lookbackSeconds, 0, MAX_LOOKBACK_SECONDS)
                .between("lookbackNumber", lookbackNumber, 0, Long.MAX_VALUE)
                .between("batchSize", batchSize, 1, 100_000)
                .between("resumes", resumes, 0, 1_000)
                .between("resumeDelayMillis", resumeDelayMillis, 0, 60_000);
        MongoNames.check(settings, database, collection);
        MongoNames.field(settings, "sortField", sortField);
        String by = cursorField.strip();
        if (!by.isEmpty()) MongoNames.field(settings, "cursorField", by);
        boolean lookback = lookbackSeconds != 0 || lookbackNumber != 0;
        settings.must(!lookback || !by.isEmpty(), "cursorField", "be set when there is a lookback", by);
        settings.must(cursorTime.isBlank() || !by.isEmpty(), "cursorField", "be set when there is a cursorTime", by);
        CursorTime moment = CursorTime.of(settings, cursorTime);
        BsonDocument shown = json(settings, "projection", projection);
        Set<String> needed = new LinkedHashSet<>(keys);
        needed.add(sortField);
        needed.add(Documents.ID);
        if (!by.isEmpty()) needed.add(by);
        for (String field : needed) {
            settings.must(shows(shown, field), "projection", "leave " + field + ", which is needed", projection);
        }
        BsonDocument chosen = json(settings, "filter", filter);
        MongoConnection connection = new MongoConnection(
                settings, UNIT, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.collection = new StoredCollection(connection, database, collection);
        this.query = new DocumentQuery(
                chosen,
                shown,
                keys,
                sortField,
                by.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new BsonCursor(UNIT, by, moment, lookbackSeconds, lookbackNumber)),
                batchSize,
                resumes,
                Duration.ofMillis(resumeDelayMillis));
        this.position = Optional.empty();
        this.storedForms = false;
        this.overlay = Optional.empty();
    }

    private MongoSource(
            MongoSource other,
            StoredCollection collection,
            Optional<BsonValue> position,
            boolean storedForms,
            Optional<Overlay> overlay) {
        this.collection = collection;
        this.query = other.query;
        this.position = position;
        this.storedForms = storedForms;
        this.overlay = overlay;
    }

    @Override
    public List<String> keyFields() {
        return query.keyFields();
    }

    /** The collection, once the server has said that it exists and has understood what is asked of it. */
    @Override
    public Iterator<SourceObject> objects() {
        try {
            if (!collection.mayExist()
                    && !overlay.filter(o -> o.has(collection.place())).isPresent()) {
                throw noCollection();
            }
            collection.tryToRead(query.since(position), query.projection());
        } catch (EndpointException e) {
            throw collection.failure().of("read", e);
        } catch (MongoException e) {
            throw collection.failure().of("read", e);
        }
        return List.of(new SourceObject(collection.name(), "", -1)).iterator();
    }

    /** One that does not exist reads as an empty one, and then a full run would delete all. */
    private ConfigurationException noCollection() {
        return new ConfigurationException(SettingChecks.sentence(
                        UNIT,
                        "collection",
                        "exist in the database '" + collection.database() + "' at "
                                + collection.failure().server().address(),
                        collection.name())
                + "; create it or correct 'database' and 'collection'");
    }

    @Override
    public RecordReader open(SourceObject object) {
        return new DocumentReader(
                filter -> collection.find(filter, query.projection(), query.sort(), query.batchSize()),
                this::clock,
                collection.failure(),
                query,
                position,
                object.name(),
                storedForms,
                overlay.filter(o -> o.has(collection.place()))
                        .map(o -> new OverlaidCollection(
                                o, collection.place(), query.since(position), query.projection())));
    }

    private StoreClock clock() {
        try {
            return new StoreClock(collection.now())
                    .of(query.cursor().map(BsonCursor::moment).orElse(CursorTime.UNKNOWN));
        } catch (EndpointException e) {
            throw collection.failure().of("ask for the time", e);
        } catch (MongoException e) {
            throw collection.failure().of("ask for the time", e);
        }
    }

    @Override
    public Optional<String> distrusts(String kept) {
        return query.cursor().flatMap(by -> by.distrusts(kept, clock()));
    }

    @Override
    public boolean incremental() {
        return query.cursor().isPresent();
    }

    @Override
    public Source since(String newPosition) {
        if (!incremental()) throw new UnsupportedOperationException(UNIT + ": read in full only");
        return new MongoSource(
                this, collection, Optional.of(query.cursor().orElseThrow().value(newPosition)), storedForms, overlay);
    }

    @Override
    public Source withStoredForms() {
        return storing();
    }

    MongoSource storing() {
        return new MongoSource(this, collection, position, true, overlay);
    }

    /** The same of another collection of its database. */
    MongoSource of(String otherCollection) {
        return new MongoSource(this, collection.other(otherCollection), position, storedForms, overlay);
    }

    @Override
    public Source over(Overlay planned) {
        return laid(planned);
    }

    MongoSource laid(Overlay planned) {
        return new MongoSource(this, collection, position, storedForms, Optional.of(planned));
    }

    @Override
    public Map<String, Long> facts() {
        return collection.statistics();
    }

    @Override
    public StoredCollection collection() {
        return collection;
    }

    private static BsonDocument json(SettingChecks settings, String field, String text) {
        if (text.isBlank()) return new BsonDocument();
        try {
            return BsonDocument.parse(text);
        } catch (JsonParseException | BsonInvalidOperationException | BsonSerializationException e) {
            settings.must(false, field, "be one document of Extended JSON (" + Words.other(e) + ")", text);
            return new BsonDocument();
        }
    }

    /** Whether a projection leaves this field: it names it, or only names others that it leaves out. */
    private static boolean shows(BsonDocument projection, String field) {
        BsonValue named = projection.get(field);
        if (named != null) return !leavesOut(named);
        return field.equals(Documents.ID)
                || projection.entrySet().stream()
                        .filter(e -> !e.getKey().equals(Documents.ID))
                        .allMatch(e -> leavesOut(e.getValue()));
    }

    private static boolean leavesOut(BsonValue value) {
        return value.isBoolean()
                ? !value.asBoolean().getValue()
                : value.isNumber() && value.asNumber().intValue() == 0;
    }
}
