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

    @Test
    void aWrongKeyIsAWrongSetting() {
        ObjectStore refused =
                TestContext.knownTo(ObjectStores.of("test", "input", "s3://" + bucket, access(server(), "another")));
        assertThatThrownBy(() -> refused.list("", ALL).next())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("test: cannot list s3://" + bucket + ": accessKey and secretKey must let us in at http://"
                        + server()
                        + ", got 'an access key' (403 SignatureDoesNotMatch); correct 'accessKey' and 'secretKey', or"
                        + " what that account may do");
    }
}
