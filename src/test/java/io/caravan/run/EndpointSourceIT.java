package io.caravan.run;

import io.caravan.message.AmazonMailboxes;
import io.caravan.message.Mailbox;
import java.util.List;

/** SQS and S3, on moto. */
class EndpointSourceIT extends EndpointSourceContract {

    @Override
    List<String> kinds() {
        return List.of("sqs", "s3");
    }

    @Override
    Mailbox fresh(String kind) {
        return kind.equals("sqs") ? AmazonMailboxes.queue() : AmazonMailboxes.bucket();
    }

    @Override
    int many(String kind) {
        return 24;
    }
}
