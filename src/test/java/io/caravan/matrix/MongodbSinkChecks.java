package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code mongodb-sink}, wrongly; it makes the database and the collection itself. */
final class MongodbSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store",
                "uri",
                "a MongoDB",
                at -> at,
                at -> MongodbSourceChecks.parameters("mongodb://" + at),
                Map.of()));
        all.add(new Wrong("wrong password", () -> {
            String host = TestStores.mongo().uri().replaceFirst("^mongodb://", "");
            return new Wrong.Seen(
                    with(MongodbSourceChecks.parameters("mongodb://" + host), "user", "me", "password", Wrong.SECRET),
                    "store: cannot read: authentication failed for user 'me' at " + host
                            + "*; correct 'user' and 'password'");
        }));
        return all;
    }
}
