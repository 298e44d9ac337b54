package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.settings.Configuration;
import io.caravan.settings.Configuration.Parameter;
import io.caravan.settings.SettingFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

    private static final String SHIPPED = """
            # ledger: where runs are kept
            caravan.ledger.uri = laptop
            caravan.ledger.password =

            # things: from here to there
            # the folder they are read from
            caravan.things.input = samples
            # what their names are like
            caravan.things.namePattern = *.csv
            caravan.documents.uri = mongodb://me:hush-hush@host
            caravan.api.key = {{env:THE_KEY}}
            caravan.stores.ledger = postgres
            caravan.stores.documents = mongo
            caravan.warehouse.kind = postgresql
            caravan.warehouse.sink.postgresql = warehouse-sink
            caravan.warehouse.sink.bigquery = bigquery-sink
            caravan.warehouse.uri = laptop
            caravan.stores.warehouse = postgres
            caravan.stores.warehouse.postgresql = postgres
            """;

    private final Properties own = new Properties();

    @Test
    void theNearerSaysMore() {
        String key = "caravan.things.input";
        own.setProperty(key, "file");
        assertThat(configuration(Map.of(), Map.of()).value(key)).contains("file");
        Map<String, String> environment = Map.of("CARAVAN_THINGS_INPUT", "environment");
        assertThat(configuration(Map.of(), environment).value(key)).contains("environment");
        Map<String, String> system = Map.of(key, "system");
        assertThat(configuration(system, environment).value(key)).contains("system");
        Configuration last = configuration(system, environment).with(Map.of(key, "command line"));
        assertThat(last.value(key)).contains("command line");
    }

    @Test
    void laysOnlyWhatDiffersOverWhatShips() {
        Configuration c = configuration(Map.of(), Map.of("CARAVAN_THINGS_NAMEPATTERN", "*.txt"));

        assertThat(c.with(Map.of("caravan.things.input", "there")).changes())
                .containsOnly(
                        Map.entry("caravan.things.namePattern", "*.txt"), Map.entry("caravan.things.input", "there"));
    }

    @Test
    void describesAParameterByTheCommentAboveIt() {
        assertThat(configuration(Map.of(), Map.of()).parameters("things"))
                .containsExactly(
                        new Parameter("input", "samples", "the folder they are read from"),
                        new Parameter("namePattern", "*.csv", "what their names are like"));
    }

    @Test
    void asksForTheStoresThatLaptopMeans() {
        Configuration c = configuration(Map.of(), Map.of());

        assertThat(c.laptopStores(Set.of("ledger", "documents"))).containsExactly("postgres");
        assertThat(c.features()).containsExactly("ledger", "documents", "warehouse.kind");
    }

    @Test
    void aStoreOfTheKindThatIsNotChosenIsNotStarted() {
        Configuration c = configuration(Map.of(), Map.of());

        assertThat(c.laptopStores(Set.of("warehouse.kind"))).containsExactly("postgres");
        Configuration there = c.with(Map.of("caravan.warehouse.kind", "bigquery"));
        assertThat(there.laptopStores(Set.of("warehouse.kind"))).isEmpty();
        assertThat(there.laptopStores(Set.of("warehouse")))
                .as("the books are always in PostgreSQL")
                .containsExactly("postgres");
    }

    @Test
    void aKindThatIsNoneStartsNoStore() {
        Configuration c = configuration(Map.of("caravan.warehouse.kind", "snowflake"), Map.of());

        assertThatThrownBy(() -> c.laptopStores(Set.of("warehouse.kind")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("warehouse: caravan.warehouse.kind must be postgresql or bigquery, got 'snowflake'");
    }

    @Test
    void knowsWhatIsSecret() {
        Map<String, String> environment = Map.of("CARAVAN_LEDGER_PASSWORD", "p", "THE_KEY", "k");

        assertThat(configuration(Map.of(), environment).secrets()).containsExactlyInAnyOrder("p", "k", "hush-hush");
    }

    @Test
    void knowsWhatIsSecretAmongTheSettingsOfBuckets() {
        Map<String, String> environment = Map.of(
                "CARAVAN_OBJECTS_ACCESSKEY", "a",
                "CARAVAN_OBJECTS_SECRETKEY", "s",
                "CARAVAN_OBJECTS_ACCOUNTKEY", "k",
                "CARAVAN_OBJECTS_CONNECTIONSTRING", "c",
                "CARAVAN_OBJECTS_REGION", "r");
        String shipped = """
                caravan.objects.accessKey =
                caravan.objects.secretKey =
                caravan.objects.accountKey =
                caravan.objects.connectionString =
                caravan.objects.region =
                """;

        assertThat(of(shipped, n -> null, environment::get).secrets()).containsExactlyInAnyOrder("a", "s", "k", "c");
    }

    @Test
    void saysWhichNamesInTheFileAreUnknown() {
        own.setProperty("caravan.ledger.url", "x");
        own.setProperty("camel.server.port", "8081");

        assertThatThrownBy(() -> configuration(Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan.properties: the name must be one of those in application.properties,"
                        + " got 'caravan.ledger.url'; did you mean 'caravan.ledger.uri'?");
    }

    @Test
    void everySettingOfAPipelineThatShipsIsDescribed() {
        Configuration shipped = Configuration.load(Path.of("target/nowhere"), Optional.empty());

        List<Pipelines.Pipeline> all = Pipelines.in("routes").all();
        // a chain has those of its phases, or they its own
        Set<String> ofChains = all.stream()
                .filter(p -> !shipped.parameters(p.name()).isEmpty())
                .flatMap(p -> p.phases().stream())
                .collect(Collectors.toSet());
        for (Pipelines.Pipeline pipeline : all) {
            if (ofChains.contains(pipeline.name())) continue;
            List<String> said =
                    pipeline.isChain() && shipped.parameters(pipeline.name()).isEmpty()
                            ? pipeline.phases()
                            : List.of(pipeline.name());
            for (String name : said) {
                assertThat(shipped.parameters(name)).as(name).isNotEmpty().noneMatch(p -> p.description()
                        .isBlank());
            }
        }
    }

    private Configuration configuration(Map<String, String> system, Map<String, String> environment) {
        return of(SHIPPED, system::get, environment::get);
    }

    private Configuration of(String shipped, UnaryOperator<String> system, UnaryOperator<String> environment) {
        StringWriter text = new StringWriter();
        try {
            own.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Configuration.of(
                SettingFiles.layer("application.properties", shipped),
                List.of(SettingFiles.layer("caravan.properties", text.toString())),
                system,
                environment);
    }
}
