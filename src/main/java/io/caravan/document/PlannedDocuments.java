package io.caravan.document;

import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonObjectId;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** What a sink would leave of records in a collection, laid over it by the {@code _id} that each document has or would get. */
final class PlannedDocuments {

    private final Overlay overlay;
    private final String place;
    private final DocumentKeys keys;
    private final boolean keepOthers;

    PlannedDocuments(Overlay overlay, String place, DocumentKeys keys, boolean keepOthers) {
        this.overlay = overlay;
        this.place = place;
        this.keys = keys;
        this.keepOthers = keepOthers;
        overlay.open(place);
    }

    /** {@code stored}: what is the record's now, where its key is not the {@code _id}. */
    void delete(Record record, List<BsonDocument> stored) {
        if (keys.areIds()) overlay.delete(place, record.key());
        stored.forEach(document -> overlay.delete(place, IdText.of(document.get(Documents.ID))));
    }

    void put(Record record, RawBsonDocument document, List<BsonDocument> stored) {
        if (keys.areIds() && !keepOthers) {
            overlay.put(place, IdText.of(document.get(Documents.ID)), OverlaidCollection.bytes(document));
            return;
        }
        BsonDocument merged = new BsonDocument(Documents.ID, id(record, stored));
        if (keepOthers && !stored.isEmpty()) merged.putAll(stored.get(0));
        if (!document.containsKey(Documents.EXACT_TIMES)) merged.remove(Documents.EXACT_TIMES);
        document.forEach((name, value) -> {
            if (!name.equals(Documents.ID)) merged.put(name, value);
        });
        overlay.put(place, IdText.of(merged.get(Documents.ID)), OverlaidCollection.bytes(merged));
    }

    private BsonValue id(Record record, List<BsonDocument> stored) {
        if (!stored.isEmpty()) return stored.get(0).get(Documents.ID);
        return keys.areIds() ? keys.id(record) : new BsonObjectId();
    }
}
