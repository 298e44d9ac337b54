package io.caravan.object;

import io.caravan.endpoint.Client;

/** The calls of one bucket or container. */
interface BucketCalls {

    /** Who makes them. */
    Client<?> shared();

    /** The bucket's name. */
    String place();
}
