package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * The collection that gets each document before it is deleted: the whole document with {@code original_id}, {@code
 * original_collection} and {@code deleted_at}. Fields of the document with these names stand in {@code original_fields}.
 *
 * <p>Its {@code _id} is made of the document and of the run that deleted it, so that a delete that is tried again archives nothing
 * twice; the time stays that of the first try.
 */
final class Archive {

    private static final String ORIGINAL_ID = "original_id";
    private static final String ORIGINAL_COLLECTION = "original_collection";
    private static final String DELETED_AT = "deleted_at";
    private static final String ORIGINAL_FIELDS = "original_fields";
    private static final List<String> OURS = List.of(ORIGINAL_ID, ORIGINAL_COLLECTION, DELETED_AT, ORIGINAL_FIELDS);
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    private final String unit;
    private final StoredCollection kept;

    private Archive(String unit, StoredCollection kept) {
        this.unit = unit;
        this.kept = kept;
    }

    /** Adds what is wrong with the setting: it is no collection that the sink writes records to. */
    static void check(SettingChecks settings, String archive, List<String> collections) {
        if (archive.isBlank()) return;
        MongoNames.collection(settings, "archive", archive);
        settings.must(
                !collections.contains(archive) && !archive.equals(CollectionMarkers.MARKERS),
                "archive",
                "name another collection than those of the records",
                archive);
    }

    /** None where the setting is blank. */
    static Optional<Archive> of(String unit, MongoConnection connection, String database, String archive) {
        if (archive.isBlank()) return Optional.empty();
        return Optional.of(new Archive(unit, new StoredCollection(connection, database, archive)));
    }

    void in(CamelContext context) {
        kept.in(context);
    }

    void forget() {
        kept.forget();
    }

    /** Keeps the documents that the filter finds; {@code records} are those for whose sake they go. Returns when they are acknowledged. */
    void keep(StoredCollection from, DocumentKeys keys, BsonDocument filter, List<Record> records) {
        Map<String, Long> runs = new HashMap<>();
        records.forEach(record -> runs.put(record.key(), record.changedRun()));
        List<ReplaceOneModel<RawBsonDocument>> inserts = new ArrayList<>();
        try (MongoCursor<RawBsonDocument> found =
                from.find(filter, new BsonDocument(), new BsonDocument(), 0).cursor()) {
            found.forEachRemaining(document -> {
                long run = keys.of(document).map(runs::get).orElse(0L);
                RawBsonDocument archived = archived(from.name(), document, run);
                inserts.add(new ReplaceOneModel<>(onlyIfAbsent(archived), archived, UPSERT));
            });
        }
        if (!inserts.isEmpty()) insert(inserts);
    }

    /** No document is found by it, so that one that is there is not replaced but refused as a duplicate: its time stays. */
    private static BsonDocument onlyIfAbsent(BsonDocument archived) {
        return new BsonDocument(Documents.ID, archived.get(Documents.ID))
                .append(DELETED_AT, new BsonDocument("$exists", BsonBoolean.FALSE));
    }

    private void insert(List<ReplaceOneModel<RawBsonDocument>> inserts) {
        try {
            kept.write(List.copyOf(inserts));
        } catch (EndpointException e) {
            Optional<MongoBulkWriteException> some = e.cause(MongoBulkWriteException.class);
            if (some.isEmpty()) throw kept.failure().of("archive", e);
            mustBeThere(inserts, some.get());
        } catch (MongoBulkWriteException e) {
            mustBeThere(inserts, e);
        }
    }

    /** What is there already was archived by an earlier try. */
    private void mustBeThere(List<ReplaceOneModel<RawBsonDocument>> inserts, MongoBulkWriteException e) {
        if (e.getWriteConcernError() != null) {
            throw new UnavailableException(
                    unit + ": archived but not acknowledged as asked: "
                            + e.getWriteConcernError().getMessage(),
                    e);
        }
        List<BsonValue> refused = e.getWriteErrors().stream()
                .map(error -> inserts.get(error.getIndex()).getReplacement().get(Documents.ID))
                .toList();
        int there = 0;
        BsonDocument onlyIds = new BsonDocument(Documents.ID, new BsonInt32(1));
        try (MongoCursor<RawBsonDocument> found = kept.find(DocumentKeys.ofIds(refused), onlyIds, new BsonDocument(), 0)
                .cursor()) {
            for (; found.hasNext(); found.next()) there++;
        }
        if (there < refused.size()) throw kept.failure().of("archive", e);
    }

    private static RawBsonDocument archived(String collection, RawBsonDocument document, long run) {
        BsonDocument archived = new BsonDocument(Documents.ID, new BsonString(id(collection, document, run)));
        BsonDocument hidden = new BsonDocument();
        document.forEach((name, value) -> {
            if (OURS.contains(name)) hidden.put(name, value);
            else if (!name.equals(Documents.ID)) archived.put(name, value);
        });
        archived.put(ORIGINAL_ID, document.get(Documents.ID));
        archived.put(ORIGINAL_COLLECTION, new BsonString(collection));
        archived.put(DELETED_AT, new BsonDateTime(Instant.now().toEpochMilli()));
        if (!hidden.isEmpty()) archived.put(ORIGINAL_FIELDS, hidden);
        return new RawBsonDocument(archived, CODEC);
    }

    private static String id(String collection, RawBsonDocument document, long run) {
        return Sha256.hex(collection + '\n' + run + '\n' + document.toJson(), 16);
    }
}
