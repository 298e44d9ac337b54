package io.caravan.sheets;

import com.google.api.services.sheets.v4.Sheets;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.sheets.BatchGoogleSheetsClientFactory;
import org.apache.camel.component.google.sheets.GoogleSheetsClientFactory;
import org.apache.camel.component.google.sheets.GoogleSheetsComponent;
import org.apache.camel.component.google.sheets.GoogleSheetsConfiguration;

/**
 * Which component's endpoints have a client: that component has one client for all its endpoints, so that the first of ours has
 * {@code google-sheets}, and each other {@code google-sheets-<its name>}. One that a user gave credentials or a factory is his.
 */
final class SheetsComponents {

    private static final String SCHEME = "google-sheets";
    private static final ClientKind<Sheets, GoogleSheetsComponent> KIND =
            new ClientKind<>("sheets", Sheets.class, SCHEME, "", GoogleSheetsComponent.class, c -> null);

    private SheetsComponents() {}

    /** The component, made if need be; {@code ours}: whether the settings say who we are. */
    static synchronized String of(CamelContext context, Object settings, boolean ours, Supplier<Sheets> make) {
        GoogleSheetsComponent standard = context.getComponent(SCHEME, GoogleSheetsComponent.class);
        if (!ours && users(standard)) return SCHEME;
        Client<Sheets> client = Clients.of(context).get(KIND, settings, make);
        if (!users(standard) && !(standard.getClientFactory() instanceof Given)) {
            standard.setClientFactory(new Given(client.peek()));
        }
        if (standard.getClientFactory() instanceof Given given && given.client == client.peek()) return SCHEME;
        String name = SCHEME + "-" + client.name();
        if (context.hasComponent(name) == null) {
            GoogleSheetsComponent another = new GoogleSheetsComponent(context);
            another.setClientFactory(new Given(client.peek()));
            context.addComponent(name, another);
        }
        return name;
    }

    /** Whether an endpoint must be told a key, for its factory alone: who has one of his own needs none. */
    static boolean lacksKey(CamelContext context, String component) {
        GoogleSheetsConfiguration said =
                context.getComponent(component, GoogleSheetsComponent.class).getConfiguration();
        return said == null || (said.getClientId() == null && said.getServiceAccountKey() == null);
    }

    private static boolean users(GoogleSheetsComponent component) {
        GoogleSheetsConfiguration said = component.getConfiguration(); // null where nobody said anything
        GoogleSheetsClientFactory factory = component.getClientFactory();
        return (said != null && (said.getClientId() != null || said.getServiceAccountKey() != null))
                || !(factory instanceof Given || factory.getClass() == BatchGoogleSheetsClientFactory.class);
    }

    /** Makes the client that is there, whoever asks. */
    private record Given(Sheets client) implements GoogleSheetsClientFactory {

        @Override
        public Sheets makeClient(
                String clientId,
                String clientSecret,
                Collection<String> scopes,
                String applicationName,
                String refreshToken,
                String accessToken) {
            return client;
        }

        @Override
        public Sheets makeClient(
                CamelContext context,
                String serviceAccountKey,
                Collection<String> scopes,
                String applicationName,
                String delegate) {
            return client;
        }
    }
}
