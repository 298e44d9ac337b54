package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.caravan.delivery.Refusal;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Writes one batch of records to a collection: one unordered bulk write of upserts and deletes, and before it what is deleted into the
 * archive. Records that cannot be documents, and those that the server refuses one by one, are refusals with their reason.
 */
final class DocumentBatch {

    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final UpdateOptions UPSERT_FIELDS = new UpdateOptions().upsert(true);
    private static final BsonDocument NO_EXACT_TIMES = new BsonDocument(Documents.EXACT_TIMES, new BsonString(""));

    private final String sink;
    private final StoredCollection collection;
    private final DocumentKeys keys;
    private final Documents documents;
    private final boolean keepOthers;
    private final Optional<Archive> archive;

    private final List<Refusal> refusals = new ArrayList<>();
    /** The record of each of the first writes, by its place. */
    private final List<Record> sent = new ArrayList<>();

    private final List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
    /** The ids of documents that the records of this batch had before and have no longer. */
    private final List<BsonValue> others = new ArrayList<>();

    DocumentBatch(
            String sink,
            StoredCollection collection,
            DocumentKeys keys,
            Documents documents,
            boolean keepOthers,
            Optional<Archive> archive) {
        this.sink = sink;
        this.collection = collection;
        this.keys = keys;
        this.documents = documents;
        this.keepOthers = keepOthers;
        this.archive = archive;
    }

    /** Those that were refused; returns when the rest is acknowledged. Of a batch without a document nothing is asked. */
    List<Refusal> write(List<Record> batch, ReadyCollection ready) {
        add(batch);
        if (writes.isEmpty()) return refusals;
        try {
            ready.mustBe();
            takeOutAmbiguous();
            if (archive.isPresent()) archive.get().comeBack(collection, written());
            keepDeleted();
            if (!writes.isEmpty()) collection.write(writes);
        } catch (EndpointException e) {
            Optional<MongoBulkWriteException> some = e.cause(MongoBulkWriteException.class);
            if (some.isEmpty()) throw collection.failure().of("write", e);
            refuse(some.get());
        } catch (MongoBulkWriteException e) {
            refuse(e);
        } catch (MongoException e) {
            throw collection.failure().of("write", e);
        }
        if (archive.isPresent()) archive.get().gone(collection, gone());
        return refusals;
    }

    private void add(List<Record> batch) {
        Instant now = Instant.now();
        for (Record record : batch) {
            try {
                writes.add(record.deleted() ? new DeleteManyModel<>(keys.filter(record)) : upsert(record, now));
                sent.add(record);
                if (!record.deleted()) others.addAll(keys.otherIds(record));
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        if (!others.isEmpty()) writes.add(new DeleteManyModel<>(DocumentKeys.ofIds(others)));
    }

    private WriteModel<RawBsonDocument> upsert(Record record, Instant now) {
        keys.mustBeIn(record);
        RawBsonDocument document = documents.of(record, now);
        if (!keepOthers) return new ReplaceOneModel<>(keys.filter(record), document, UPSERT);
        BsonDocument update = new BsonDocument("$set", document);
        if (!document.containsKey(Documents.EXACT_TIMES)) update.put("$unset", NO_EXACT_TIMES);
        return new UpdateOneModel<>(keys.filter(record), update, UPSERT_FIELDS);
    }

    /** Takes out the records whose key is that of two documents, as the number 7 in one and the text 7 in another: neither is theirs. */
    private void takeOutAmbiguous() {
        if (keys.areIds()) return;
        Map<String, Integer> documentsOf = new HashMap<>();
        try (MongoCursor<RawBsonDocument> cursor = collection
                .find(keys.filter(sent), keys.projection(), new BsonDocument(), 0)
                .cursor()) {
            cursor.forEachRemaining(d -> keys.of(d).ifPresent(key -> documentsOf.merge(key, 1, Integer::sum)));
        }
        for (int i = sent.size() - 1; i >= 0; i--) {
            Record record = sent.get(i);
            int found = documentsOf.getOrDefault(record.key(), 0);
            if (found < 2) continue;
            refusals.add(new Refusal(
                    record,
                    SettingChecks.sentence(sink, "matchBy", "find one document by key '" + record.key() + "'", found)
                            + "; give the key one type in all documents, number or text"));
            sent.remove(i);
            writes.remove(i);
        }
    }

    private List<Record> written() {
        return sent.stream().filter(record -> !record.deleted()).toList();
    }

    /** Before anything is deleted: a crash between the two archives the same again, under the same {@code _id}. */
    private void keepDeleted() {
        if (archive.isEmpty()) return;
        List<Record> deleted = sent.stream().filter(Record::deleted).toList();
        if (!deleted.isEmpty()) archive.get().keep(collection, keys, keys.filter(deleted), sent);
        if (!others.isEmpty()) archive.get().keep(collection, keys, DocumentKeys.ofIds(others), sent);
    }

    /** Those whose documents are gone, be it that the record has another one now. */
    private List<Record> gone() {
        Set<String> refused =
                refusals.stream().map(refusal -> refusal.record().key()).collect(Collectors.toSet());
        return sent.stream()
                .filter(record -> record.deleted() || !others.isEmpty())
                .filter(record -> !refused.contains(record.key()))
                .toList();
    }

    private void refuse(MongoBulkWriteException e) {
        if (e.getWriteConcernError() != null) {
            throw new UnavailableException(
                    sink + ": written but not acknowledged as asked: "
                            + e.getWriteConcernError().getMessage(),
                    e);
        }
        if (e.getWriteErrors().stream().anyMatch(error -> error.getIndex() >= sent.size())) {
            throw collection.failure().of("delete", e);
        }
        e.getWriteErrors()
                .forEach(error -> refusals.add(new Refusal(
                        sent.get(error.getIndex()), collection.failure().reason(error, e))));
    }
}
