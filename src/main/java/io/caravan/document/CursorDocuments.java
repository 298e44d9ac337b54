package io.caravan.document;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.RawBsonDocument;

/** The documents that a cursor passes, one by one; its failures are ours. */
final class CursorDocuments extends Spliterators.AbstractSpliterator<RawBsonDocument> {

    private final MongoCursor<RawBsonDocument> cursor;
    private final MongoFailure failure;
    private final String action;

    private CursorDocuments(MongoCursor<RawBsonDocument> cursor, MongoFailure failure, String action) {
        super(Long.MAX_VALUE, Spliterator.NONNULL);
        this.cursor = cursor;
        this.failure = failure;
        this.action = action;
    }

    /** The caller closes the stream, which closes the cursor; {@code action}: what fails when the cursor does. */
    static Stream<RawBsonDocument> of(MongoCursor<RawBsonDocument> cursor, MongoFailure failure, String action) {
        return StreamSupport.stream(new CursorDocuments(cursor, failure, action), false)
                .onClose(cursor::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super RawBsonDocument> action) {
        RawBsonDocument document;
        try {
            if (!cursor.hasNext()) return false;
            document = cursor.next();
        } catch (MongoException e) {
            throw failure.of(this.action, e);
        }
        action.accept(document);
        return true;
    }
}
