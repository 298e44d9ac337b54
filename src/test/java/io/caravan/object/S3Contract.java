package io.caravan.object;

import java.util.List;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** What every S3 server must do. */
abstract class S3Contract extends BucketContract {

    @Override
    String scheme() {
        return "s3";
    }

    @Override
    ObjectAccess access(String address) {
        return access(address, "caravan-secret");
    }

    static ObjectAccess access(String address, String secret) {
        return ObjectAccess.of("http://" + address, "", "caravan", secret, "", "", "", "", 10_000);
    }

    @Override
    void makeBucket() {
        try (S3Client client = S3Clients.of(new AWS2S3Configuration(), access(server()))) {
            client.createBucket(create -> create.bucket(bucket));
        }
    }

    @Override
    List<String> leftovers() {
        try (S3Client client = S3Clients.of(new AWS2S3Configuration(), access(server()))) {
            return client.listMultipartUploads(list -> list.bucket(bucket)).uploads().stream()
                    .map(MultipartUpload::key)
                    .toList();
        }
    }
}
