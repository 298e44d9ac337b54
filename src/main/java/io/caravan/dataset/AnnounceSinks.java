package io.caravan.dataset;

import io.caravan.notify.SnsTopic;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStores;

/** Makes the sink that announces versions from the settings of its Kamelet. */
public final class AnnounceSinks {

    private static final SnsTopic.Names NAMES =
            new SnsTopic.Names("topicArn", "snsEndpoint", "snsAccessKey", "snsSecretKey");

    private AnnounceSinks() {}

    /**
     * The sink; nothing is touched yet.
     *
     * @param output where the versions are: a folder, {@code s3://<bucket>}, {@code gs://<bucket>} or {@code azure://<container>}
     * @param topicArn of the SNS topic
     * @param snsEndpoint where SNS is when it is not AWS's own
     * @param snsAccessKey who asks SNS; blank for AWS's default chain
     */
    // Object where Camel would make a number of a text of digits
    public static AnnounceSink of(
            Object sink,
            Object dataset,
            Object output,
            Object topicArn,
            String snsEndpoint,
            Object snsAccessKey,
            Object snsSecretKey,
            int timeoutMillis,
            ObjectAccess access) {
        String name = sink.toString();
        String place = output.toString();
        return new AnnounceSink(
                name,
                dataset.toString(),
                place.replaceFirst("^(s3|gs|azure)://", "").replaceFirst("/$", ""),
                ObjectStores.of(name, "output", place, access),
                SnsTopic.of(
                        name,
                        NAMES,
                        topicArn.toString(),
                        snsEndpoint,
                        snsAccessKey.toString(),
                        snsSecretKey.toString(),
                        timeoutMillis));
    }
}
