package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.object.TestPlace;
import io.caravan.run.MemorySink;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * {@code check} of every connector in the Kamelets' folder, set up in every wrong way that its {@code Checks} class knows:
 * one sentence that says what is wrong and what to do, in time, without a secret. And set up rightly: nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckIT {

    /** Which cases: a pattern, to try some of them while at work. */
    private static final Pattern CHOSEN = Pattern.compile(System.getProperty("caravan.check", ""));
    /** None of the cases sets a time limit above two seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Has no place of its own that could be wrong: its table is in the ledger's database, which each check asks first. */
    private static final String IN_THE_LEDGER = "jobs-sink";

    private final Endpoint ledger = TestStores.freshDatabase();
    private final Map<String, Wrong> cases = new HashMap<>();

    List<String> wrongs() throws Exception {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("source", "sink")) {
            for (String kamelet : Connector.kamelets(kind)) {
                if (kamelet.equals(IN_THE_LEDGER)) continue;
                for (Wrong wrong : wrong(kamelet)) {
                    String name = kamelet + " | " + wrong.situation();
                    assertThat(cases.put(name, wrong))
                            .as(name + " is there once")
                            .isNull();
                    if (CHOSEN.matcher(name).find()) names.add(name);
                }
            }
        }
        return names;
    }

    List<String> rights() throws Exception {
        List<String> names = new ArrayList<>();
        Connector.all("source", Connector.Source.class).forEach(c -> names.add(c.name()));
        Connector.all("sink", Connector.Sink.class).forEach(c -> names.add(c.name()));
        return names.stream().filter(n -> CHOSEN.matcher(n).find()).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongs")
    void whatIsWrongIsSaidInOneSentenceWithTheRemedy(String name) throws Exception {
        String kamelet = name.substring(0, name.indexOf(" | "));
        Wrong.Seen seen = cases.get(name).setup().seen();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        RunReport report;
        try {
            report = check(kamelet, seen.parameters(), Optional.empty());
        } finally {
            root.detachAppender(log);
        }
        String endpoint = kamelet.endsWith("-source") ? "source: " : "";
        assertThat(report.problems()).singleElement().asString().matches(pattern(endpoint + seen.sentence()));
        assertThat(report.status()).isEqualTo(RunReport.Status.FAILED);
        assertThat(report.duration()).isLessThan(LONGEST);
        assertThat(report.problems().get(0)).doesNotContain("Exception", "Error:", Wrong.SECRET);
        List<String> logged = new ArrayList<>();
        for (ILoggingEvent event : List.copyOf(log.list)) logged.add(event.getFormattedMessage());
        for (String secret : secrets(kamelet, seen.parameters())) {
            assertThat(report.problems().get(0)).doesNotContain(secret);
            assertThat(logged).noneMatch(line -> line.contains(secret));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rights")
    void aConnectorThatIsSetUpRightlyHasNoProblem(String name) throws Exception {
        RunReport report;
        if (name.contains("-source")) {
            Connector.Source source = named(Connector.all("source", Connector.Source.class), name);
            report = check(source.kamelet(), source.holding(Awkward.rows(0, 3, source, 3)), Optional.of(source));
        } else {
            Connector.Sink sink = named(Connector.all("sink", Connector.Sink.class), name);
            report = check(sink.kamelet(), sink.parameters("checked"), Optional.of(sink));
        }
        assertThat(report.problems()).isEmpty();
        assertThat(report.status()).isEqualTo(RunReport.Status.SUCCEEDED);
    }

    private static <T extends Connector> T named(List<T> connectors, String name) {
        return connectors.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Those of a Kamelet; there must be some. */
    private static List<Wrong> wrong(String kamelet) throws Exception {
        String checks = Arrays.stream(kamelet.split("-"))
                        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                        .collect(Collectors.joining())
                + "Checks";
        try {
            Class<?> made = Class.forName(CheckIT.class.getPackageName() + "." + checks);
            List<?> found =
                    (List<?>) ((Supplier<?>) made.getDeclaredConstructor().newInstance()).get();
            assertThat(found).as("cases of " + checks).isNotEmpty();
            return found.stream().map(Wrong.class::cast).toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("it must be tried what check says of " + kamelet + ": write " + checks, e);
        }
    }

    private static String pattern(String sentence) {
        return "\\Q" + sentence.replace("*", "\\E.*\\Q") + "\\E";
    }

    /** The values of the parameters that are secrets. */
    private static List<String> secrets(String kamelet, Map<String, String> parameters) throws Exception {
        Map<?, ?> spec = (Map<?, ?>) ConnectorsPage.kamelet(kamelet).get("spec");
        Map<?, ?> properties = (Map<?, ?>) ((Map<?, ?>) spec.get("definition")).get("properties");
        List<String> secrets = new ArrayList<>(List.of(Wrong.SECRET));
        parameters.forEach((name, value) -> {
            Object format = ((Map<?, ?>) properties.get(name)).get("format");
            // of a URI, what may be seen is shown
            if ("password".equals(format) && !value.isEmpty() && !name.equals("uri")) secrets.add(value);
        });
        return secrets;
    }

    /** Those of the sink: one that keeps records by another key is refused before it is asked anything. */
    private static String keyFields(String sink, Map<String, String> parameters) {
        boolean ofMatrix = parameters.getOrDefault("table", "").contains("/matrix");
        return switch (sink) {
            case "warehouse-sink", "bigquery-sink" -> ofMatrix ? "id" : "record_id";
            case "versions-sink" -> parameters.getOrDefault("keyFields", "internal_series_code,obs_time");
            default -> "id";
        };
    }

    private RunReport check(String kamelet, Map<String, String> parameters, Optional<Connector> connector)
            throws Exception {
        boolean isSource = kamelet.endsWith("-source");
        Map<String, String> from = isSource
                ? Wrong.with(parameters, "pipeline", "checked")
                : Map.of(
                        "pipeline",
                        "checked",
                        "input",
                        TestPlace.folder().uri(),
                        "keyFields",
                        keyFields(kamelet, parameters));
        Map<String, String> to = isSource ? Map.of("sink", "store") : Wrong.with(parameters, "sink", "store");
        Map<String, Object> route = Map.of(
                "route",
                Map.of(
                        "id",
                        "checked",
                        "from",
                        Map.of(
                                "uri",
                                "kamelet:" + (isSource ? kamelet : "objects-source"),
                                "parameters",
                                from,
                                "steps",
                                List.of(Map.of(
                                        "to",
                                        Map.of(
                                                "uri",
                                                "kamelet:" + (isSource ? "memory-sink" : kamelet),
                                                "parameters",
                                                to))))));
        try (LedgerDataSource database = new LedgerDataSource(ledger.uri(), ledger.user(), ledger.password());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.setProperty("camel.component.kamelet.no-error-handler", "true");
            camel.getPropertiesComponent().setOverrideProperties(settings);
            camel.getRegistry().bind("ledgerDataSource", database);
            if (isSource) camel.getRegistry().bind("store", new MemorySink("store"));
            if (connector.isPresent()) connector.get().bindTo(camel);
            String yaml = new Dump(DumpSettings.builder().build()).dumpToString(List.of(route));
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("check.camel.yaml", yaml));
            camel.start();
            try (ProducerTemplate template = camel.createProducerTemplate()) {
                Exchange done = template.request(
                        "direct:checked", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.CHECK)));
                return RunReport.of(done);
            }
        }
    }
}
