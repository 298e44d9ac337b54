package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.source.SourceObject;
import java.util.List;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;
import org.junit.jupiter.api.Test;

class AzuriteObjectStoreIT extends BucketContract {

    /** Published by Microsoft. */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    @Override
    String scheme() {
        return "azure";
    }

    @Override
    String server() {
        return Peers.address("azurite");
    }

    @Override
    ObjectAccess access(String address) {
        return access(address, KEY);
    }

    private static ObjectAccess access(String address, String key) {
        String endpoint = "http://" + address + "/devstoreaccount1";
        return ObjectAccess.of(endpoint, "", "", "", "", "devstoreaccount1", key, "", 10_000);
    }

    @Override
    void makeBucket() {
        AzureClients.of(new BlobConfiguration(), access(server())).createBlobContainer(bucket);
    }

    /** Blocks without a blob are not listed by anything. */
    @Override
    List<String> leftovers() {
        return List.of();
    }

    @Test
    void aConnectionStringSaysItAll() {
        String all = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=" + KEY
                + ";BlobEndpoint=http://" + server() + "/devstoreaccount1;";
        put("a", "text");
        ObjectAccess access = ObjectAccess.of("", "", "", "", "", "", "", all, 10_000);
        assertThat(TestContext.knownTo(ObjectStores.of("test", "input", "azure://" + bucket, access))
                        .list("", ALL))
                .toIterable()
                .singleElement()
                .extracting(SourceObject::name)
                .isEqualTo("a");
    }

    @Test
    void aWrongKeyIsAWrongSetting() {
        ObjectStore refused =
                TestContext.knownTo(ObjectStores.of("test", "input", "azure://" + bucket, access(server(), "AAAA")));
        assertThatThrownBy(() -> refused.list("", ALL).next())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("test: cannot list azure://" + bucket + ": access denied for account ")
                .hasMessageEndingWith(
                        "(403 AuthorizationFailure); grant it the rights it needs, or correct 'account' and"
                                + " 'accountKey'");
    }
}
