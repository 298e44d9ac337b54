package io.caravan.run;

import io.caravan.endpoint.TestContext;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import java.util.List;
import java.util.Set;

/** On servers in this process; {@link EndpointSourceIT} tries those of Amazon's kinds. */
class EndpointSourceTest extends EndpointSourceContract {

    private static final Set<String> SLOW = Set.of("imap", "pop3", "ftp", "sftp");

    @Override
    List<String> kinds() {
        return Mailboxes.kinds();
    }

    @Override
    Mailbox fresh(String kind) throws Exception {
        return Mailboxes.fresh(kind, TestContext.get());
    }

    @Override
    int many(String kind) {
        return SLOW.contains(kind) ? 12 : 60;
    }
}
