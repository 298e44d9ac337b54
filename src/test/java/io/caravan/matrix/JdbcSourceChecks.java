package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code jdbc-source}, wrongly. */
final class JdbcSourceChecks implements Supplier<List<Wrong>> {

    private static final String UNIT = "jdbc-source";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                UNIT,
                "uri",
                "a database",
                at -> "jdbc:postgresql://" + at + "/db",
                at -> parameters(new Endpoint("jdbc:postgresql://" + at + "/db", "me", Wrong.SECRET)),
                Map.of()));
        all.add(new Wrong("wrong password", () -> {
            Endpoint right = TestStores.freshDatabase();
            return new Wrong.Seen(
                    with(parameters(right), "password", Wrong.SECRET),
                    UNIT + ": cannot connect: authentication failed for user '" + right.user() + "' at "
                            + right.uri() + " (FATAL: password authentication failed for user *);"
                            + " correct 'user' and 'password'");
        }));
        all.add(new Wrong("no such database", () -> {
            Endpoint right = TestStores.freshDatabase();
            String uri = right.uri().replaceFirst("[^/]*$", "nowhere");
            return new Wrong.Seen(
                    with(parameters(right), "uri", uri + "?ApplicationName=" + Wrong.SECRET),
                    UNIT + ": uri must name a database that exists, got '" + uri
                            + "' (FATAL: database \"nowhere\" does not exist); create it or correct 'uri'");
        }));
        all.add(new Wrong(
                "no such table",
                () -> new Wrong.Seen(
                        parameters(TestStores.freshDatabase()),
                        UNIT
                                + ": cannot prepare query 'select * from things': ERROR: relation \"things\" does not exist"
                                + " Position: 15 (SQLSTATE 42P01); correct 'query'")));
        all.add(new Wrong(
                "no such column",
                () -> new Wrong.Seen(
                        with(parameters(TestStores.freshDatabase()), "query", "select 1 as one"),
                        UNIT + ": keyFields must *")));
        all.add(new Wrong(
                "no such driver",
                () -> new Wrong.Seen(
                        with(parameters(TestStores.freshDatabase()), "uri", "jdbc:oracle:thin:@host:1521/x"),
                        UNIT + ": uri must be a URL that a JDBC driver on the class path reads, got 'jdbc:oracle...';"
                                + " look at its form, or put the driver's jar beside Caravan's")));
        return all;
    }

    private static Map<String, String> parameters(Endpoint at) {
        return Map.of(
                "uri", at.uri(),
                "user", at.user(),
                "password", at.password(),
                "query", "select * from things",
                "keyFields", "id",
                "connectTimeoutMillis", "1500",
                "timeoutMillis", "1500");
    }
}
