package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.ConfigurationException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.google.sheets.GoogleSheetsClientFactory;
import org.apache.camel.component.google.sheets.GoogleSheetsComponent;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Camel user sets, brings, mocks and counts holds for our requests to Google Sheets. */
class SheetsEndpointTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final SheetsStub stub = new SheetsStub();

    @BeforeEach
    void start() {
        stub.tabs.put("t", new ArrayList<>(List.of(List.of("id"), List.of("a"))));
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        stub.close();
    }

    @Test
    void callsAreCounted() {
        EndpointCounts counts = EndpointCounts.of(context);
        SheetsApi api = api(stub.server.url("/"));
        assertThat(api.tabs()).hasSize(1);
        assertThat(api.rows("t", "'t'!A2:A2")).containsExactly(List.of("a"));
        assertThat(counts.calls()).containsExactly(Map.entry("google-sheets", 2L));
    }

    @Test
    void theClientOfAUserWins() {
        context.getRegistry().bind("mine", Sheets.class, client());
        assertThat(api(Sheets.DEFAULT_ROOT_URL).tabs()).hasSize(1);
    }

    @Test
    void theFactoryOfTheComponentWins() {
        Sheets users = client();
        context.getComponent("google-sheets", GoogleSheetsComponent.class)
                .setClientFactory((GoogleSheetsClientFactory) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {GoogleSheetsClientFactory.class},
                        (proxy, method, arguments) ->
                                method.getDeclaringClass() == Object.class ? method.invoke(users, arguments) : users));
        assertThat(api(Sheets.DEFAULT_ROOT_URL).tabs()).hasSize(1);
    }

    @Test
    void whereAMockTakesItsPlaceNothingIsAsked() {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("google-sheets:*", true));
        assertThatThrownBy(() -> api(stub.server.url("/")).tabs())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mock whole pipelines, not a source");
        assertThat(stub.server.asked).isEmpty();
    }

    private Sheets client() {
        return new Sheets.Builder(new NetHttpTransport(), new GsonFactory(), request -> {})
                .setRootUrl(stub.server.url("/"))
                .setApplicationName("users")
                .build();
    }

    private SheetsApi api(String endpoint) {
        SheetsApi api = new SheetsApi(SheetsStub.ID, "", endpoint, 1_000, 10_000, 0, 1, 1_000);
        CamelContextAware.trySetCamelContext(api, context);
        return api;
    }
}
