package io.caravan.object;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
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
        GcsClients.of(access(server()), NoCredentials.getInstance()).create(BucketInfo.of(bucket));
    }

    /** Uploads that are not complete are not listed by anything. */
    @Override
    List<String> leftovers() {
        return List.of();
    }
}
