package io.caravan.document;

import io.caravan.record.Overlay;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A collection as one reader sees it in a plan: what an earlier pipeline of the chain would change there hides what is stored, and follows
 * at the end, as far as it fits what is asked of the collection. The order of documents changes nothing that a plan counts.
 */
final class OverlaidCollection {

    private final Overlay overlay;
    private final String place;
    private final DocumentFilter filter;
    private final DocumentProjection projection;
    private Iterator<String> rest;

    /** {@code filter}, {@code projection}: what the server is asked for. */
    OverlaidCollection(Overlay overlay, String place, BsonDocument filter, BsonDocument projection) {
        this.overlay = overlay;
        this.place = place;
        this.filter = new DocumentFilter(filter);
        this.projection = new DocumentProjection(projection);
    }

    /** Whether a stored document stays as it is. */
    boolean keeps(BsonDocument stored) {
        return !overlay.changes(place, IdText.of(stored.get(Documents.ID)));
    }

    /** What would be written, one after the other. */
    Optional<RawBsonDocument> next() {
        if (rest == null) rest = overlay.ids(place).iterator();
        while (rest.hasNext()) {
            Optional<byte[]> bytes = overlay.document(place, rest.next());
            if (bytes.isEmpty()) continue;
            RawBsonDocument document = new RawBsonDocument(bytes.get());
            if (filter.matches(document)) return Optional.of(projection.of(document));
        }
        return Optional.empty();
    }

    static ByteBuffer bytes(BsonDocument document) {
        RawBsonDocument raw = document instanceof RawBsonDocument there
                ? there
                : new RawBsonDocument(document, new BsonDocumentCodec());
        return raw.getByteBuffer().asNIO();
    }
}
