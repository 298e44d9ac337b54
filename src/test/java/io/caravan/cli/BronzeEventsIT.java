package io.caravan.cli;

import io.caravan.message.AmazonMailboxes;
import io.caravan.message.Mailbox;

/** Events in a queue of SQS, on moto. */
class BronzeEventsIT extends BronzeEventsContract {

    @Override
    Mailbox fresh() {
        return AmazonMailboxes.queue();
    }
}
