package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import org.junit.jupiter.api.Test;

class S3ProxyObjectStoreIT extends S3Contract {

    @Override
    String server() {
        return Peers.address("s3proxy");
    }

    /** It looks at the etag first and writes later: of writers at the same moment several win. What it creates it creates once. */
    @Override
    boolean replacesOneAtATime() {
        return false;
    }

    @Test
    void aWrongKeyIsAWrongSetting() {
        ObjectStore refused =
                TestContext.knownTo(ObjectStores.of("test", "input", "s3://" + bucket, access(server(), "another")));
        assertThatThrownBy(() -> refused.list("", ALL).next())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "test: cannot list s3://" + bucket + ": access denied for an access key at http://" + server()
                                + " (403 SignatureDoesNotMatch); grant it the rights it needs, or correct 'accessKey' and"
                                + " 'secretKey'");
    }
}
