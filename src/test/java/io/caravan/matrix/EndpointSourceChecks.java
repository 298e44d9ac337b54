package io.caravan.matrix;

import io.caravan.message.Mailboxes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code endpoint-source}, wrongly. */
final class EndpointSourceChecks implements Supplier<List<Wrong>> {

    private static final String UNIT = "endpoint-source";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>();
        all.add(new Wrong(
                "no group",
                () -> seen(
                        "kafka:orders?brokers=127.0.0.1:1",
                        "uri must say a groupId, which remembers what was acknowledged, got ''; add"
                                + " groupId=<name> to it")));
        for (String option : List.of(
                "file:target/none?moveFailed=bad | moveFailed must not be there, as files are given back while a sink"
                        + " is away, and must stay, got 'one'; take it out of 'uri'",
                "imap://127.0.0.1:1?username=me&password=" + Wrong.SECRET
                        + "&peek=false | peek must be true, or a mail is seen before it is delivered, got 'false';"
                        + " take it out of 'uri'",
                "pop3://127.0.0.1:1?username=me&password=" + Wrong.SECRET
                        + " | delete must be true, or each mail comes again, got 'false'; add delete=true to 'uri'",
                "jms:topic:orders | uri must name a durable subscription of the topic, which remembers what was"
                        + " acknowledged, got 'jms:topic:orders'; add durableSubscriptionName=<name> and clientId=<name>"
                        + " to it")) {
            String[] parts = option.split(" \\| ", 2);
            all.add(new Wrong(
                    "an option that loses messages: " + parts[0].split("[?&].*", 2)[0],
                    () -> seen(parts[0], parts[1])));
        }
        all.add(new Wrong(
                "a consumer that acknowledges by itself",
                () -> seen(
                        "timer:tick?period=1000",
                        "uri must lead to an endpoint whose messages wait for their acknowledgement: *, got"
                                + " 'timer:tick'; *")));
        all.add(new Wrong(
                "a connection factory that is not there",
                () -> seen(
                        "jms:topic:orders?connectionFactory=#bean:none&password=RAW(" + Wrong.SECRET + ")",
                        "uri must be an endpoint that can be read, got 'jms:topic:orders' (No bean could be"
                                + " found in the registry for: none of type: *); correct 'uri'")));
        all.add(new Wrong(
                "wrong password",
                () -> seen(
                        "sftp://caravan@127.0.0.1:" + Mailboxes.sftpPort() + "/x?password=RAW(" + Wrong.SECRET
                                + ")&strictHostKeyChecking=no&useUserKnownHostsFile=false&maximumReconnectAttempts=0",
                        "authentication failed at sftp://127.0.0.1:* (*); correct 'uri'")));
        return all;
    }

    private static Wrong.Seen seen(String uri, String sentence) {
        return new Wrong.Seen(Map.of("uri", "RAW{" + uri + "}", "keyFields", "id"), UNIT + ": " + sentence);
    }
}
