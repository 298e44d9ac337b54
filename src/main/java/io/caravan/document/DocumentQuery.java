package io.caravan.document;

import io.caravan.error.Words;
import io.caravan.source.IncompleteSourceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonValue;

/**
 * What is asked of a collection, as it was configured.
 *
 * @param sortField the field in whose order documents come; those with the same value come in the order of {@code _id}
 * @param cursor what tells what is new, of an incremental source
 * @param resumes how often in a row reading goes on after a lost cursor or connection before a document is read
 * @param resumeDelay the pause before the first of them; it doubles with each
 */
record DocumentQuery(
        BsonDocument filter,
        BsonDocument projection,
        List<String> keyFields,
        String sortField,
        Optional<BsonCursor> cursor,
        int batchSize,
        int resumes,
        Duration resumeDelay) {

    private static final BsonInt32 ASCENDING = new BsonInt32(1);

    BsonDocument sort() {
        BsonDocument sort = new BsonDocument(sortField, ASCENDING);
        sort.put(Documents.ID, ASCENDING);
        return sort;
    }

    /** The filter for documents from a position on. */
    BsonDocument since(Optional<BsonValue> position) {
        return position.isEmpty() ? filter : both(filter, cursor.orElseThrow().since(position.get()));
    }

    /**
     * The filter for what comes after a document; {@link IncompleteSourceException} when its sort field is of a kind that
     * no filter can compare.
     */
    BsonDocument after(BsonDocument all, BsonDocument last) {
        BsonDocument after = after(sortField, last);
        if (sortField.equals(Documents.ID)) return both(all, after);
        BsonValue at = last.get(sortField, BsonNull.VALUE);
        BsonDocument tied = both(BsonOrder.at(sortField, at), after(Documents.ID, last));
        return both(all, new BsonDocument("$or", new BsonArray(List.of(after, tied))));
    }

    private static BsonDocument after(String field, BsonDocument last) {
        BsonValue value = last.get(field, BsonNull.VALUE);
        if (!isNaN(value)) {
            Optional<BsonDocument> after = BsonOrder.after(field, value);
            if (after.isPresent()) return after.get();
        }
        throw new IncompleteSourceException(
                "document: reading stopped where '" + field + "' is " + Words.kind(value.getBsonType())
                        + ", after which it cannot go on; sort by a field without such values");
    }

    private static BsonDocument both(BsonDocument a, BsonDocument b) {
        return a.isEmpty() ? b : new BsonDocument("$and", new BsonArray(List.of(a, b)));
    }

    private static boolean isNaN(BsonValue value) {
        return (value.isDouble() && Double.isNaN(value.asDouble().getValue()))
                || (value.isDecimal128() && value.asDecimal128().getValue().isNaN());
    }
}
