package io.caravan.document;

import com.mongodb.client.MongoCollection;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.Optional;
import org.bson.Document;

/** Makes a collection fit for writes by key before the first one: it keeps keys apart, and what finds a document has an index. */
final class ReadyCollection {

    private final String sink;
    private final StoredCollection collection;
    private final DocumentKeys keys;
    private Optional<MadeIndexes> made = Optional.empty();
    private volatile boolean keepsApart;
    private volatile boolean indexed;

    ReadyCollection(String sink, StoredCollection collection, DocumentKeys keys) {
        this.sink = sink;
        this.collection = collection;
        this.keys = keys;
    }

    /** It gets these indexes too. */
    void making(MadeIndexes indexes) {
        made = Optional.of(indexes);
    }

    /** The same of another collection of the sink. */
    ReadyCollection of(StoredCollection other) {
        ReadyCollection ready = new ReadyCollection(sink, other, keys);
        ready.made = made;
        return ready;
    }

    /** Called before each write; asks the server once. */
    void mustBe() {
        mustKeepKeysApart();
        mustBeIndexed();
        made.ifPresent(indexes -> indexes.make(collection));
    }

    /** A store that is marked anew is another, or was emptied. */
    void again() {
        made.ifPresent(MadeIndexes::again);
    }

    /** What a write would be refused for. */
    Optional<String> fault() {
        Optional<String> folds = foldsKeys();
        if (folds.isPresent() || keys.areIds()) return folds;
        MongoCollection<Document> there = collection.client().getCollection(collection.name());
        return there.find().first() == null ? Optional.empty() : keys.lacksIndex(there);
    }

    private void mustKeepKeysApart() {
        if (keepsApart) return;
        foldsKeys().ifPresent(why -> {
            throw new ConfigurationException(why);
        });
        keepsApart = true;
    }

    /** A write or delete of the key 'a' would meet the document of 'A'; asked otherwise, a server would use no index. */
    private Optional<String> foldsKeys() {
        return collection
                .collation()
                .map(collation -> SettingChecks.sentence(
                                sink,
                                "collection",
                                "compare texts letter by letter, so that two keys are two documents",
                                collection.name() + " with the collation " + collation)
                        + "; create one without a collation, copy the documents to it, and name that one");
    }

    /** Without an index each write would look through the whole collection, and a key could stand for many documents. */
    private void mustBeIndexed() {
        if (indexed || keys.areIds()) return;
        MongoCollection<Document> documentsThere = collection.client().getCollection(collection.name());
        Optional<String> lacking = keys.lacksIndex(documentsThere);
        if (lacking.isPresent() && documentsThere.find().first() != null) {
            throw new ConfigurationException(lacking.get());
        }
        if (lacking.isPresent()) keys.index(documentsThere);
        indexed = true;
    }
}
