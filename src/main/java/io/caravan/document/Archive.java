package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.WriteModel;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collection that gets each document before it is deleted: the whole document with {@code original_id}, {@code
 * original_collection} and {@code deleted_at}. Fields of the document with these names stand in {@code original_fields}.
 *
 * <p>Its {@code _id} is made of the document and of the run that deleted it, so that a delete that is tried again archives nothing
 * twice; the time stays that of the first try. Until its document is gone it says so in {@code deleting}: where a record comes back
 * before, as a crash came between, it is no document of the archive.
 */
final class Archive {

    private static final String ORIGINAL_ID = "original_id";
    private static final String ORIGINAL_COLLECTION = "original_collection";
    private static final String DELETED_AT = "deleted_at";
    private static final String ORIGINAL_FIELDS = "original_fields";
    /** Until the document is gone: the key of the record for whose sake it goes. */
    private static final String DELETING = "deleting";

    private static final List<String> OURS =
            List.of(ORIGINAL_ID, ORIGINAL_COLLECTION, DELETED_AT, ORIGINAL_FIELDS, DELETING);
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();
    private static final BsonInt32 ONE = new BsonInt32(1);
    private static final BsonDocument NO_MORE =
            new BsonDocument("$unset", new BsonDocument(DELETING, new BsonString("")));

    private final String unit;
    private final StoredCollection kept;
    private volatile boolean indexed;

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
                String key = keys.of(document).orElse("");
                RawBsonDocument archived = archived(from.name(), document, key, runs.getOrDefault(key, 0L));
                inserts.add(new ReplaceOneModel<>(onlyIfAbsent(archived), archived, UPSERT));
            });
        }
        if (inserts.isEmpty()) return;
        mustBeIndexed();
        insert(inserts);
    }

    /** The documents of these records are gone. */
    void gone(StoredCollection from, List<Record> records) {
        if (!records.isEmpty()) change(List.of(new UpdateManyModel<>(deleting(from, records), NO_MORE)));
    }

    /** These records are about to be written: what a crash left of their documents, which were not deleted, leaves the archive. */
    void comeBack(StoredCollection from, List<Record> records) {
        if (records.isEmpty()) return;
        if (!indexed && kept.find(new BsonDocument(), new BsonDocument(), new BsonDocument(), 1).first() != null)
            mustBeIndexed();
        Map<BsonValue, BsonValue> originals = new HashMap<>();
        try (MongoCursor<RawBsonDocument> found = kept.find(
                        deleting(from, records), new BsonDocument(ORIGINAL_ID, ONE), new BsonDocument(), 0)
                .cursor()) {
            found.forEachRemaining(left -> originals.put(left.get(Documents.ID), left.get(ORIGINAL_ID)));
        }
        if (originals.isEmpty()) return;
        Set<BsonValue> there = new HashSet<>();
        try (MongoCursor<RawBsonDocument> found = from.find(
                        DocumentKeys.ofIds(List.copyOf(originals.values())),
                        new BsonDocument(Documents.ID, ONE),
                        new BsonDocument(),
                        0)
                .cursor()) {
            found.forEachRemaining(document -> there.add(document.get(Documents.ID)));
        }
        List<WriteModel<RawBsonDocument>> changes = new ArrayList<>();
        originals.forEach((id, original) -> {
            BsonDocument one = new BsonDocument(Documents.ID, id);
            changes.add(there.contains(original) ? new DeleteOneModel<>(one) : new UpdateManyModel<>(one, NO_MORE));
        });
        change(changes);
    }

    private static BsonDocument deleting(StoredCollection from, List<Record> records) {
        BsonArray keys = new BsonArray(
                records.stream().map(record -> new BsonString(record.key())).toList());
        return new BsonDocument(DELETING, new BsonDocument("$in", keys))
                .append(ORIGINAL_COLLECTION, new BsonString(from.name()));
    }

    private void change(List<WriteModel<RawBsonDocument>> changes) {
        try {
            kept.write(changes);
        } catch (EndpointException e) {
            throw kept.failure().of("archive", e);
        } catch (MongoException e) {
            throw kept.failure().of("archive", e);
        }
    }

    /** Few documents have the field, so that every batch may ask for them. */
    private void mustBeIndexed() {
        if (indexed) return;
        indexed = true;
        try {
            kept.client()
                    .getCollection(kept.name())
                    .createIndex(new BsonDocument(DELETING, ONE), new IndexOptions().sparse(true));
        } catch (MongoException e) {
            LOG.warn("{}: the archive {} has no index of {}, so that each write looks through it: {}",
                    unit, kept.name(), DELETING, e.getMessage());
        }
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
        BsonDocument onlyIds = new BsonDocument(Documents.ID, ONE);
        try (MongoCursor<RawBsonDocument> found = kept.find(DocumentKeys.ofIds(refused), onlyIds, new BsonDocument(), 0)
                .cursor()) {
            for (; found.hasNext(); found.next()) there++;
        }
        if (there < refused.size()) throw kept.failure().of("archive", e);
    }

    private static RawBsonDocument archived(String collection, RawBsonDocument document, String key, long run) {
        BsonDocument archived = new BsonDocument(Documents.ID, new BsonString(id(collection, document, run)));
        BsonDocument hidden = new BsonDocument();
        document.forEach((name, value) -> {
            if (OURS.contains(name)) hidden.put(name, value);
            else if (!name.equals(Documents.ID)) archived.put(name, value);
        });
        archived.put(ORIGINAL_ID, document.get(Documents.ID));
        archived.put(ORIGINAL_COLLECTION, new BsonString(collection));
        archived.put(DELETED_AT, new BsonDateTime(Instant.now().toEpochMilli()));
        archived.put(DELETING, new BsonString(key));
        if (!hidden.isEmpty()) archived.put(ORIGINAL_FIELDS, hidden);
        return new RawBsonDocument(archived, CODEC);
    }

    private static String id(String collection, RawBsonDocument document, long run) {
        return Sha256.hex(collection + '\n' + run + '\n' + document.toJson(), 16);
    }
}
