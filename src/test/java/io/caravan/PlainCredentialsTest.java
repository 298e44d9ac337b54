package io.caravan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.PlainHttp;
import io.caravan.error.ConfigurationException;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpLookup;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.vector.MilvusSearch;
import io.caravan.vector.VectorCollection;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of server that is asked over HTTP: where it is refused, nobody says who he is in the clear. None of these exists. */
class PlainCredentialsTest {

    private static final String SERVER = "http://nobody.invalid:9000";

    private final CamelContext context = new DefaultCamelContext();

    @BeforeEach
    void refuse() {
        context.getPropertiesComponent().addOverrideProperty(PlainHttp.SETTING, "refuse");
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void anApi() {
        HttpApi api = new HttpApi("an-api", SERVER, "basic", "me", "s3cr3t", "", 0, 500, 500, 0, 0, 0);
        HttpLookup lookup = told(new HttpLookup(api, "authSecret", 100));
        assertRefused(() -> lookup.get("/", Map.of()), "an-api: url");
    }

    @Test
    void whereTokensAreGiven() {
        HttpApi api = new HttpApi(
                "an-api",
                "https://nobody.invalid",
                "oauth2",
                "me",
                "s3cr3t",
                "",
                0,
                500,
                500,
                0,
                0,
                0,
                SERVER + "/token",
                "",
                "body");
        HttpLookup lookup = told(new HttpLookup(api, "authSecret", 100));
        assertRefused(() -> lookup.get("/", Map.of()), "an-api: authUrl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket", "azure://container", "gs://bucket"})
    void aStoreOfObjects(String place) {
        ObjectAccess access =
                switch (place.substring(0, 2)) {
                    case "s3" -> new ObjectAccess(SERVER, "", "me", "s3cr3t", "", "", "", "", 500);
                    case "az" -> new ObjectAccess(SERVER, "", "", "", "", "me", "czNjcjN0", "", 500);
                    default -> new ObjectAccess(SERVER, "", "", "", "/no/such/file", "", "", "", 500);
                };
        ObjectStore store = told(ObjectStores.of("objects", "input", place, access));
        assertRefused(() -> store.put("a", out -> out.write(1)), "objects: endpoint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountName=me;AccountKey=czNjcjN0;BlobEndpoint=" + SERVER + "/me",
                "DefaultEndpointsProtocol=http;AccountName=me;AccountKey=czNjcjN0"
            })
    void aConnectionString(String text) {
        ObjectAccess access = new ObjectAccess("", "", "", "", "", "", "", text, 500);
        ObjectStore store = told(ObjectStores.of("objects", "input", "azure://container", access));
        assertRefused(() -> store.put("a", out -> out.write(1)), "objects: endpoint");
    }

    @Test
    void aMilvus() {
        VectorCollection vectors = VectorCollection.of("things", "id", "vector", 2, "name");
        MilvusSearch search = told(new MilvusSearch(SERVER, "me", "s3cr3t", "", "", vectors, 500, 500));
        assertRefused(() -> search.similar(new float[] {1, 0}, 1, "name", ""), "vector search: uri");
    }

    private <T> T told(T connector) {
        CamelContextAware.trySetCamelContext(connector, context);
        return connector;
    }

    private static void assertRefused(ThrowingCallable call, String beginning) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(beginning + " must be https where a credential goes to another machine")
                .hasMessageNotContaining("s3cr3t");
    }
}
