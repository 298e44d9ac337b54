package io.caravan.object;

import io.caravan.Peers;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class MotoObjectStoreIT extends S3Contract {

    @Override
    String server() {
        return Peers.address("moto");
    }

    /** Moto looks at no condition when it completes an upload in parts. */
    @Override
    boolean conditionsHoldForParts() {
        return false;
    }

    /** Moto takes a request that ended inside its headers for a whole one, without the headers that did not come. */
    @Override
    @Test
    void aConditionalWriteUnderFaultsSaysWhatHappened() {
        String why =
                "moto writes objects of requests that never came; S3Proxy, Azurite and fake-gcs-server run this test";
        System.out.println("MotoObjectStoreIT: skipped: " + why);
        Assumptions.abort(why);
    }
}
