package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Peers;
import io.caravan.error.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

class S3ProxyObjectStoreIT extends BucketContract {

    @Override
    String scheme() {
        return "s3";
    }

    @Override
    String server() {
        return Peers.address("s3proxy");
    }

    @Override
    ObjectAccess access(String address) {
        return access(address, "caravan-secret");
    }

    private static ObjectAccess access(String address, String secret) {
        return ObjectAccess.of("http://" + address, "", "caravan", secret, "", "", "", "", 10_000);
    }

    @Override
    void makeBucket() {
        try (S3Client client = S3Clients.of(access(server()))) {
            client.createBucket(create -> create.bucket(bucket));
        }
    }

    @Override
    List<String> leftovers() {
        try (S3Client client = S3Clients.of(access(server()))) {
            return client.listMultipartUploads(list -> list.bucket(bucket)).uploads().stream()
                    .map(MultipartUpload::key)
                    .toList();
        }
    }

    @Test
    void aWrongKeyIsAWrongSetting() {
        ObjectStore refused = ObjectStores.of("test", "input", "s3://" + bucket, access(server(), "another"));
        assertThatThrownBy(() -> refused.list("", ALL).next())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("objects: s3://" + bucket
                        + " must let us list, got '403 SignatureDoesNotMatch'; check accessKey and secretKey"
                        + " and what they are allowed to do");
    }
}
