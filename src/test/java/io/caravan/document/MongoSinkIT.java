package io.caravan.document;

import io.caravan.Peers;

/** The same contract on FerretDB. */
class MongoSinkIT extends MongoSinkTest {

    @Override
    String uri() {
        return "mongodb://" + Peers.address("ferretdb");
    }
}
