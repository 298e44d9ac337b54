package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code neo4j-sink}, wrongly. */
final class Neo4jSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>();
        for (String scheme : List.of("bolt", "neo4j")) {
            Wrong.servers(
                            "store",
                            "uri",
                            "a Neo4j",
                            at -> scheme + "://" + at,
                            at -> parameters(new Endpoint(scheme + "://" + at, "neo4j", Wrong.SECRET)),
                            Map.of())
                    .forEach(wrong -> all.add(wrong.of(scheme)));
        }
        all.add(new Wrong("wrong password", () -> {
            Endpoint right = TestNeo4j.endpoint();
            return new Wrong.Seen(
                    with(parameters(right), "password", Wrong.SECRET),
                    "store: authentication failed for user 'neo4j' at " + right.uri()
                            + " (*); correct 'user' and 'password'");
        }));
        all.add(new Wrong("no such database", () -> {
            Endpoint right = TestNeo4j.endpoint();
            return new Wrong.Seen(
                    with(parameters(right), "database", "nowhere"),
                    "store: database must exist at " + right.uri()
                            + ", got 'nowhere' (*); create it or correct 'database'");
        }));
        return all;
    }

    private static Map<String, String> parameters(Endpoint at) {
        return Map.of(
                "uri", at.uri(),
                "user", at.user(),
                "password", at.password(),
                "mapping", "classpath:routes/personalization/graph.yaml",
                "connectTimeoutMillis", "1500");
    }
}
