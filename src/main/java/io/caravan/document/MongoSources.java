package io.caravan.document;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.source.Source;
import java.util.List;

/** The source that the settings of {@code mongodb-source} ask for: one collection, or several, each a kind of record. */
// public as a Kamelet names it
public final class MongoSources {

    private MongoSources() {}

    /**
     * As {@link MongoSource}, and
     *
     * @param collection the one that is read; blank where {@code collections} are named
     * @param collections those that are read, comma separated, each a kind
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no such method
    public static Source of(
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String collections,
            String filter,
            String projection,
            String keyFields,
            String sortField,
            String cursorField,
            String cursorTime,
            long lookbackSeconds,
            long lookbackNumber,
            int batchSize,
            int resumes,
            int resumeDelayMillis,
            int connectTimeoutMillis,
            int timeoutMillis) {
        List<String> kinds = SettingList.of(collections);
        SettingChecks settings = new SettingChecks("mongodb-source");
        CollectionSettings.check(settings, collection, kinds);
        if (!kinds.isEmpty()) {
            settings.must(
                            keyFields.strip().equals(Documents.ID),
                            "keyFields",
                            "be _id where there are collections",
                            keyFields)
                    .must(cursorField.isBlank(), "cursorField", "be blank where there are collections", cursorField);
        }
        settings.check();
        MongoSource one = new MongoSource(
                uri,
                user,
                password,
                database,
                kinds.isEmpty() ? collection : kinds.get(0),
                filter,
                projection,
                keyFields,
                sortField,
                cursorField,
                cursorTime,
                lookbackSeconds,
                lookbackNumber,
                batchSize,
                resumes,
                resumeDelayMillis,
                connectTimeoutMillis,
                timeoutMillis);
        return kinds.isEmpty() ? one : new KindSource(one, kinds);
    }
}
