package io.caravan.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code endpoint-sink}, wrongly: by SFTP, where a secret is in the URI, and without its component. */
final class EndpointSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>();
        all.add(new Wrong("nobody listens", () -> {
            String at = "RAW{sftp://me@127.0.0.1:1/out?maximumReconnectAttempts=0&password=RAW(" + Wrong.SECRET + ")}";
            return new Wrong.Seen(
                    Map.of("uri", at),
                    "store: uri must lead to a server that answers, got 'sftp://127.0.0.1:1/out' (connection refused);"
                            + " start it or correct 'uri'");
        }));
        all.add(new Wrong(
                "no such component",
                () -> new Wrong.Seen(
                        Map.of("uri", "RAW{nats:orders?servers=x&password=" + Wrong.SECRET + "}"),
                        "store: uri must begin with a component that is on the class path, got 'nats:orders'; add"
                                + " org.apache.camel:camel-nats:4.17.0")));
        all.add(
                new Wrong(
                        "no URI",
                        () -> new Wrong.Seen(
                                Map.of("uri", "orders"),
                                "store: uri must be a URI of Camel such as kafka:orders?brokers=localhost:9092, got 'orders'")));
        return all;
    }
}
