package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code mongodb-source}, wrongly. */
final class MongodbSourceChecks implements Supplier<List<Wrong>> {

    private static final String UNIT = "mongodb-source";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(
                Wrong.servers(UNIT, "uri", "a MongoDB", at -> at, at -> parameters("mongodb://" + at), Map.of()));
        all.add(new Wrong("wrong password", () -> {
            String host = TestStores.mongo().uri().replaceFirst("^mongodb://", "");
            return new Wrong.Seen(
                    with(parameters("mongodb://" + host), "user", "me", "password", Wrong.SECRET),
                    UNIT + ": cannot read: authentication failed for user 'me' at " + host
                            + "*; correct 'user' and 'password'");
        }));
        all.add(new Wrong("a password in the URI", () -> {
            String host = TestStores.mongo().uri().replaceFirst("^mongodb://", "");
            return new Wrong.Seen(
                    parameters("mongodb://me:" + Wrong.SECRET + "@" + host + "/?authSource=admin"),
                    UNIT + ": cannot read: authentication failed for user 'me' at " + host
                            + "*; correct 'user' and 'password'");
        }));
        all.add(new Wrong("no such collection", () -> {
            String uri = TestStores.mongo().uri();
            return new Wrong.Seen(
                    with(parameters(uri), "collection", "none"),
                    UNIT + ": collection must exist in the database 'checks' at " + uri.replace("mongodb://", "")
                            + ", got 'none'; create it or correct 'database' and 'collection'");
        }));
        return all;
    }

    static Map<String, String> parameters(String uri) {
        return Map.of(
                "uri", uri,
                "database", "checks",
                "collection", "things",
                "connectTimeoutMillis", "1500",
                "timeoutMillis", "1500");
    }
}
