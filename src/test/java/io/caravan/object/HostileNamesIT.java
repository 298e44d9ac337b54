package io.caravan.object;

import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import java.io.IOException;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import software.amazon.awssdk.services.s3.S3Client;

class HostileNamesIT {

    private static final String BUCKET = "hostile-" + UUID.randomUUID();
    private static ObjectStore store;

    @BeforeContainer
    static void makeBucket() {
        ObjectAccess access =
                ObjectAccess.of("http://" + Peers.address("moto"), "", "caravan", "secret", "", "", "", "", 10_000);
        try (S3Client client = S3Clients.of(new AWS2S3Configuration(), access)) {
            client.createBucket(create -> create.bucket(BUCKET));
        }
        store = TestContext.knownTo(ObjectStores.of("test", "input", "s3://" + BUCKET, access));
    }

    @AfterContainer
    static void close() {
        store.close();
    }

    @Property(tries = 1000)
    void noNameBreaksARequest(@ForAll @From("names") String name) throws IOException {
        HostileNames.tryOn(store, name);
    }

    @Provide
    Arbitrary<String> names() {
        return HostileNames.names();
    }
}
