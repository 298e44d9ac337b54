package io.caravan.object;

import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import io.caravan.Peers;
import java.util.List;

class FakeGcsObjectStoreIT extends BucketContract {

    @Override
    String scheme() {
        return "gs";
    }

    @Override
    String server() {
        return Peers.address("fake-gcs-server");
    }

    @Override
    ObjectAccess access(String address) {
        return ObjectAccess.of("http://" + address, "", "", "", "", "", "", "", 10_000);
    }

    @Override
    void makeBucket() {
        Storage client = GcsClients.of(access(server()));
        client.create(BucketInfo.of(bucket));
        GcsClients.close(client);
    }

    /** Uploads that are not complete are not listed by anything. */
    @Override
    List<String> leftovers() {
        return List.of();
    }
}
