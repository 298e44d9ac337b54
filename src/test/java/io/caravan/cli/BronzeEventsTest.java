package io.caravan.cli;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;

/** Events in files. */
class BronzeEventsTest extends BronzeEventsContract {

    @Override
    Mailbox fresh() throws Exception {
        return Mailboxes.fresh("file", TestContext.get());
    }
}
