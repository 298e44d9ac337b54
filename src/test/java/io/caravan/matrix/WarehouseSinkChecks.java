package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code warehouse-sink}, wrongly. */
final class WarehouseSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store",
                "uri",
                "a PostgreSQL",
                at -> "jdbc:postgresql://" + at + "/db",
                at -> parameters(new Endpoint("jdbc:postgresql://" + at + "/db", "me", Wrong.SECRET)),
                Map.of()));
        all.add(new Wrong("wrong password", () -> {
            Endpoint right = TestStores.freshDatabase();
            return new Wrong.Seen(
                    with(parameters(right), "password", Wrong.SECRET),
                    "store: cannot connect: authentication failed for user '" + right.user() + "' at "
                            + right.uri() + " (FATAL: password authentication failed for user *);"
                            + " correct 'user' and 'password'");
        }));
        all.add(new Wrong("no such database", () -> {
            Endpoint right = TestStores.freshDatabase();
            String uri = right.uri().replaceFirst("[^/]*$", "nowhere");
            return new Wrong.Seen(
                    with(parameters(right), "uri", uri),
                    "store: uri must name a database that exists, got '" + uri
                            + "' (FATAL: database \"nowhere\" does not exist); create it or correct 'uri'");
        }));
        all.add(new Wrong("no such schema", () -> {
            Endpoint right = TestStores.freshDatabase();
            return new Wrong.Seen(
                    with(parameters(right), "schema", "nowhere"),
                    "store: schema must exist at " + right.uri() + ", got 'nowhere'; create it or correct 'schema'");
        }));
        all.add(new Wrong("a table of another key", () -> {
            Endpoint right = TestStores.freshDatabase();
            try (Connection c = TestStores.dataSource(right).getConnection()) {
                c.createStatement().execute("create table user_data (record_id text)");
            }
            return new Wrong.Seen(
                    parameters(right),
                    "store: table \"public\".\"user_data\" must have a primary key or unique index on exactly"
                            + " (\"record_id\"), got 'none': alter table \"public\".\"user_data\" add primary key (\"record_id\")");
        }));
        return all;
    }

    private static Map<String, String> parameters(Endpoint at) {
        return Map.of(
                "uri",
                at.uri(),
                "user",
                at.user(),
                "password",
                at.password(),
                "table",
                "classpath:routes/personalization/warehouse.yaml",
                "connectTimeoutMillis",
                "1500",
                "timeoutMillis",
                "1500");
    }
}
