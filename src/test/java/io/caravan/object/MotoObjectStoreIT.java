package io.caravan.object;

import io.caravan.Peers;

class MotoObjectStoreIT extends S3Contract {

    @Override
    String server() {
        return Peers.address("moto");
    }
}
