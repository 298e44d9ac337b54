package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.caravan.object.ObjectAccess;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.main.Main;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** Where the events are and who we are there is said by settings; secrets arrive as they are written. */
class PersonalizationSettingsTest {

    /** What base64, URLs and Camel's URIs give a meaning to. */
    private static final String HOSTILE = "a+b/c%2B&d=e?f;g==#h'(i) RAW(x)";

    @Test
    void aBucketOfS3IsReachedWithTheKeysOfTheSettings() throws Exception {
        ObjectAccess access = access(Map.of(
                "caravan.personalization.input", "s3://events",
                "caravan.objects.endpoint", "http://127.0.0.1:1",
                "caravan.objects.region", "eu-central-1",
                "caravan.objects.accessKey", "12345",
                "caravan.objects.secretKey", HOSTILE));
        assertThat(access)
                .isEqualTo(new ObjectAccess(
                        "http://127.0.0.1:1", "eu-central-1", "12345", HOSTILE, "", "", "", "", 30_000));
    }

    @Test
    void aContainerOfAzureIsReachedByItsConnectionStringOrAccount() throws Exception {
        String connection = "DefaultEndpointsProtocol=https;AccountName=caravan;AccountKey=a+b/c+d%2Fe==;"
                + "BlobEndpoint=http://127.0.0.1:1/caravan?sv=1&sig=x%3D;EndpointSuffix=core.windows.net";
        assertThat(access(Map.of(
                                "caravan.personalization.input",
                                "azure://events",
                                "caravan.objects.connectionString",
                                connection))
                        .connectionString())
                .isEqualTo(connection);
        ObjectAccess account = access(Map.of(
                "caravan.personalization.input", "azure://events",
                "caravan.objects.account", "caravan",
                "caravan.objects.accountKey", HOSTILE));
        assertThat(account.account()).isEqualTo("caravan");
        assertThat(account.accountKey()).isEqualTo(HOSTILE);
    }

    @Test
    void withoutThemTheVendorsOwnDefaultsSayWhoWeAre() throws Exception {
        assertThat(access(Map.of("caravan.personalization.input", "gs://events")))
                .isEqualTo(ObjectAccess.DEFAULT);
    }

    /** Connection strings of production have several options, passwords any character. */
    @Test
    void whatLeadsToDocumentsAndGraphArrivesWhole() throws Exception {
        String mongo = "mongodb://one:27017,two:27017/?replicaSet=rs0&w=majority&appName=a%2Bb+c";
        Map<String, String> settings = Map.of(
                "caravan.documents.uri",
                mongo,
                "caravan.documents.user",
                "me",
                "caravan.documents.password",
                HOSTILE,
                "caravan.graph.uri",
                "bolt://127.0.0.1:1",
                "caravan.graph.user",
                "neo4j",
                "caravan.graph.password",
                HOSTILE);
        assertThat(given("mongodb-sink", settings))
                .contains(entry("uri", mongo), entry("user", "me"), entry("password", HOSTILE));
        assertThat(given("neo4j-sink", settings))
                .contains(entry("uri", "bolt://127.0.0.1:1"), entry("password", HOSTILE));
    }

    private static ObjectAccess access(Map<String, String> settings) throws Exception {
        return started(settings, "objects-source", route -> route.getRouteTemplateContext()
                .getLocalBeanRepository()
                .lookupByNameAndType("accessBean", ObjectAccess.class));
    }

    private static Map<String, Object> given(String kamelet, Map<String, String> settings) throws Exception {
        return started(settings, kamelet, RouteDefinition::getTemplateParameters);
    }

    private static <T> T started(Map<String, String> settings, String kamelet, Function<RouteDefinition, T> question)
            throws Exception {
        Properties all = new Properties();
        all.setProperty("camel.main.routes-include-pattern", "classpath:routes/personalization/*.camel.yaml");
        all.putAll(settings);
        Main main = new Main();
        main.setOverrideProperties(all);
        main.start();
        try {
            Model model = main.getCamelContext().getCamelContextExtension().getContextPlugin(Model.class);
            return model.getRouteDefinitions().stream()
                    .filter(route -> route.getTemplateParameters() != null
                            && kamelet.equals(route.getTemplateParameters().get("templateId")))
                    .map(question)
                    .findFirst()
                    .orElseThrow();
        } finally {
            main.stop();
        }
    }
}
