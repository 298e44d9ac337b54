package io.caravan.document;

import io.caravan.delivery.Sink;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.util.List;

/** The sink that the settings of {@code mongodb-sink} ask for: of one collection, or of one for each kind of record. */
// public as a Kamelet names it
public final class MongoSinks {

    private MongoSinks() {}

    /**
     * As {@link MongoSink}, and
     *
     * @param collection the one that holds all documents; blank where {@code collections} are named
     * @param collections those of the kinds, comma separated, each named as its kind
     * @param indexes fields that get an index, comma separated; of several collections {@code <collection>.<field>}
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no such method
    public static Sink of(
            String sink,
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String collections,
            String archive,
            String exclude,
            String matchBy,
            String otherFields,
            String types,
            int connectTimeoutMillis,
            int timeoutMillis,
            String indexes) {
        List<String> kinds = SettingList.of(collections);
        SettingChecks settings = new SettingChecks("mongodb-sink");
        CollectionSettings.check(settings, collection, kinds);
        if (!kinds.isEmpty()) {
            settings.must(
                    matchBy.isBlank(), "matchBy", "be blank where there are collections: _id is the key", matchBy);
            Archive.check(settings, archive, kinds);
        }
        MadeIndexes made = MadeIndexes.of(settings, sink, indexes, collection, kinds);
        settings.check();
        MongoSink one = new MongoSink(
                        sink,
                        uri,
                        user,
                        password,
                        database,
                        kinds.isEmpty() ? collection : kinds.get(0),
                        exclude,
                        matchBy,
                        otherFields,
                        types,
                        archive,
                        connectTimeoutMillis,
                        timeoutMillis)
                .making(made);
        return kinds.isEmpty() ? one : new KindSink(one, kinds);
    }
}
