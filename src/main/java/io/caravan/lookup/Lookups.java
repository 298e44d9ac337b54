package io.caravan.lookup;

import io.caravan.document.MongoSources;
import io.caravan.error.SettingChecks;
import io.caravan.jdbc.JdbcSource;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSources;
import io.caravan.source.Source;

/** Makes a look-up from the settings of its Kamelet: the reference is read as the source of its kind reads. */
public final class Lookups {

    private static final int FETCH = 1_000;
    private static final int MAX_EXPANSION = 200;
    private static final int RESUMES = 5;
    private static final int RESUME_MILLIS = 200;
    private static final int CONNECT_MILLIS = 5_000;

    private Lookups() {}

    /**
     * @param uri a folder or one file, {@code s3://}, {@code gs://} or {@code azure://} with a bucket; a JDBC URL, with {@code query}; a
     *     MongoDB connection string, with {@code database} and {@code collection}; or {@code laptop} with one of them
     * @param prefix of objects: what their names begin with, and {@code namePattern}, what their last part is like
     * @param access of objects, where they are and who we are there
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no such method
    public static Lookup of(
            String uri,
            Object user,
            Object password,
            String query,
            String database,
            String collection,
            String prefix,
            String namePattern,
            String format,
            String path,
            String keyFields,
            String referenceKey,
            String fields,
            String missing,
            int timeoutMillis,
            ObjectAccess access) {
        boolean rows = !query.isBlank();
        boolean documents = !collection.isBlank();
        boolean jdbc = uri.startsWith("jdbc:") || uri.equals("laptop") && rows;
        boolean mongo = uri.startsWith("mongodb") || uri.equals("laptop") && documents;
        new SettingChecks(Lookup.UNIT)
                .notBlank("uri", uri)
                .must(!keyFields.isBlank(), "keyFields", "name at least one field", keyFields)
                .must(jdbc == rows, "query", jdbc ? "be a statement" : "be blank but for a JDBC URL", query)
                .must(mongo == documents, "collection", mongo ? "be one" : "be blank but for MongoDB", collection)
                .check();
        String key = referenceKey.isBlank() ? keyFields : referenceKey;
        Source source = jdbc
                ? rows(uri, user, password, query, key, timeoutMillis)
                : mongo
                        ? documents(uri, user, password, database, collection, key, timeoutMillis)
                        : objects(uri, prefix, namePattern, format, path, key, access);
        return new Lookup(source, keyFields, key, fields, missing);
    }

    private static Source rows(
            String url, Object user, Object password, String query, String keyFields, int timeoutMillis) {
        return new JdbcSource(
                url, user, password, "reference", query, keyFields, "", "", 0, 0, FETCH, CONNECT_MILLIS, timeoutMillis);
    }

    private static Source documents(
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String keyFields,
            int timeoutMillis) {
        return MongoSources.of(
                uri,
                user,
                password,
                database,
                collection,
                "",
                "",
                "",
                keyFields,
                "_id",
                "",
                "",
                0,
                0,
                FETCH,
                RESUMES,
                RESUME_MILLIS,
                CONNECT_MILLIS,
                timeoutMillis);
    }

    private static Source objects(
            String place,
            String prefix,
            String namePattern,
            String format,
            String path,
            String keyFields,
            ObjectAccess access) {
        return ObjectsSources.of(
                place, prefix, namePattern, format, keyFields, "", ",", path, "1", 1, MAX_EXPANSION, access);
    }
}
