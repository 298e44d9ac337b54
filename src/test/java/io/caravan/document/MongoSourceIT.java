package io.caravan.document;

import io.caravan.Peers;

/** The same contract on FerretDB. */
class MongoSourceIT extends MongoSourceTest {

    @Override
    String uri() {
        return "mongodb://" + Peers.address("ferretdb");
    }
}
