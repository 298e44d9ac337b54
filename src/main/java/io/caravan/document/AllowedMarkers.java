package io.caravan.document;

import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoDatabase;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The markers of a collection as far as its user has a right to them: without one there are none, which is said once. */
final class AllowedMarkers {

    private static final Logger LOG = LoggerFactory.getLogger(AllowedMarkers.class);

    private final String sink;
    private final StoredCollection collection;
    private final CollectionMarkers markers;
    private volatile boolean allowed = true;

    AllowedMarkers(String sink, StoredCollection collection) {
        this.sink = sink;
        this.collection = collection;
        this.markers = new CollectionMarkers(collection.name());
    }

    /** True until the server refused one. */
    boolean allowed() {
        return allowed;
    }

    /** What is done with them; empty where the user has no right to. */
    Optional<String> with(String action, BiFunction<CollectionMarkers, MongoDatabase, Optional<String>> work) {
        try {
            // a secondary that is behind would make the store look emptied; an endpoint cannot ask for the primary
            return work.apply(markers, collection.client().withReadPreference(ReadPreference.primary()));
        } catch (MongoException e) {
            if (!MongoFailure.noRight(e)) throw collection.failure().of(action, e);
            if (allowed) {
                LOG.warn(
                        "{}: keeps no marker, so no run sees when its collection was emptied: {}",
                        sink,
                        CollectionMarkers.remedy(collection.database()));
            }
            allowed = false;
            return Optional.empty();
        }
    }
}
