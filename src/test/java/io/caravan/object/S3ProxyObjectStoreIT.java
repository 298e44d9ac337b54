package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Peers;
import io.caravan.error.ConfigurationException;
import org.junit.jupiter.api.Test;

class S3ProxyObjectStoreIT extends S3Contract {

    @Override
    String server() {
        return Peers.address("s3proxy");
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
