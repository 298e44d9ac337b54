package io.caravan.matrix;

import io.caravan.object.TestPlace;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code announce-sink}, wrongly; its topic is asked as that of {@code notify-sink}. */
final class AnnounceSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return Wrong.servers(
                "store",
                "snsEndpoint",
                "Amazon SNS",
                at -> "http://" + at,
                at -> Map.of(
                        "dataset",
                        "things",
                        "output",
                        TestPlace.folder().uri(),
                        "topicArn",
                        "arn:aws:sns:us-east-1:123456789012:none",
                        "snsEndpoint",
                        "http://" + at,
                        "snsAccessKey",
                        "an-access-key",
                        "snsSecretKey",
                        Wrong.SECRET,
                        "timeoutMillis",
                        "1000"),
                Map.of());
    }
}
