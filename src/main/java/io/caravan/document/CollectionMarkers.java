package io.caravan.document;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import io.caravan.delivery.OwnerHash;
import java.util.Optional;
import org.bson.Document;

/**
 * The markers of those who write to a collection: documents of {@code caravan_markers} in its database, where no query of the
 * collection meets them. A collection that holds no document has none.
 */
final class CollectionMarkers {

    static final String MARKERS = "caravan_markers";

    private static final String COLLECTION = "collection";
    private static final String MARKER = "marker";
    private static final String HELD = "held";
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final String collection;

    CollectionMarkers(String collection) {
        this.collection = collection;
    }

    /** What the user must be allowed for there to be markers. */
    static String remedy(String database) {
        return "allow its user to find, insert, update and remove in " + database + "." + MARKERS;
    }

    /** The owner's marker; empty when there is none, or no document that it could speak of. */
    Optional<String> of(MongoDatabase database, String owner) {
        Document held =
                markers(database).find(Filters.eq(Documents.ID, id(owner))).first();
        return held == null || empty(database) ? Optional.empty() : Optional.ofNullable(held.getString(MARKER));
    }

    /** Leaves the marker. When the collection is empty, what others wrote is gone with their markers. */
    void mark(MongoDatabase database, String owner, String marker) {
        if (empty(database)) markers(database).deleteMany(Filters.eq(COLLECTION, collection));
        keep(database, owner, new Document(MARKER, marker));
    }

    /** The same of a collection that may hold no document: others who noted that it held none have lost nothing. */
    void markPerhapsEmpty(MongoDatabase database, String owner, String marker) {
        boolean empty = empty(database);
        if (empty) {
            markers(database).deleteMany(Filters.and(Filters.eq(COLLECTION, collection), Filters.ne(HELD, false)));
        }
        keep(database, owner, new Document(MARKER, marker).append(HELD, !empty));
    }

    private void keep(MongoDatabase database, String owner, Document marker) {
        Document kept = new Document(Documents.ID, id(owner))
                .append(COLLECTION, collection)
                .append("owner", owner);
        kept.putAll(marker);
        markers(database).replaceOne(Filters.eq(Documents.ID, id(owner)), kept, UPSERT);
    }

    /** The owner's marker where the collection may hold no document: empty when it once held some and is empty now. */
    Optional<String> ofPerhapsEmpty(MongoDatabase database, String owner) {
        Document marker =
                markers(database).find(Filters.eq(Documents.ID, id(owner))).first();
        if (marker == null || (marker.getBoolean(HELD, false) && empty(database))) return Optional.empty();
        return Optional.ofNullable(marker.getString(MARKER));
    }

    /** Notes whether the collection holds documents, so that {@link #ofPerhapsEmpty} sees when it was emptied. */
    void noteHeld(MongoDatabase database, String owner) {
        markers(database).updateOne(Filters.eq(Documents.ID, id(owner)), Updates.set(HELD, !empty(database)));
    }

    /** Takes the owner's marker away. */
    void unmark(MongoDatabase database, String owner) {
        markers(database).deleteOne(Filters.eq(Documents.ID, id(owner)));
    }

    private String id(String owner) {
        return OwnerHash.of(collection + "\n" + owner);
    }

    private boolean empty(MongoDatabase database) {
        return database.getCollection(collection)
                        .find()
                        .projection(Projections.include(Documents.ID))
                        .first()
                == null;
    }

    private static MongoCollection<Document> markers(MongoDatabase database) {
        return database.getCollection(MARKERS);
    }
}
