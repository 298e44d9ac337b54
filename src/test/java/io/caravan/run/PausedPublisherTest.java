package io.caravan.run;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder of the ledger's lease that was stopped beyond it publishes nothing. */
class PausedPublisherTest {

    @Test
    void aHolderThatWasStoppedBeyondItsLeaseCannotPublish(@TempDir Path folder) throws Exception {
        Endpoint database = TestStores.freshDatabase();
        new TestLedger(database).close();
        PausedPublishers.prove(database, folder);
    }
}
