package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestStores;
import io.caravan.run.PipelineModel;
import io.caravan.run.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route that the Java DSL makes of a dataset's file, and the same one as somebody would write it in YAML. */
class DatasetTwinTest {

    private static final String CSV = """
            date,code,value
            2021-03-04,XX_RATE_D,12.5
            2021-03-05,XX_RATE_D,n/a
            2021-04-01,XX_RATE_D,13
            2021-03-04,XX_PRICE_D,100
            """;

    private static final String TWIN = """
            - route:
                id: exchange_rates
                description: Rates of two currencies
                from:
                  uri: kamelet:dataset-source
                  parameters:
                    pipeline: exchange_rates
                    file: "{{twin.file}}"
                    scope: "{{twin.scope}}"
                    output: "{{twin.output}}"
                    fromRaw: "{{caravan.series.fromRaw}}"
            ACCESS
                    deleteLimitPercent: "{{caravan.series.deleteLimitPercent}}"
                    leaseMillis: "{{caravan.run.leaseMillis}}"
                    retries: "{{caravan.delivery.retries}}"
                    retryDelayMillis: "{{caravan.delivery.retryDelayMillis}}"
                  steps:
                    - to:
                        id: exchange_rates-transform
                        uri: kamelet:observations-action
                    - multicast:
                        id: exchange_rates-publish
                        parallelProcessing: true
                        steps:
                          - to:
                              id: exchange_rates-versions
                              uri: kamelet:versions-sink
                              parameters:
                                sink: versions
                                output: "{{twin.output}}"
                                dataset: exchange_rates
                                format: json
                                compression: none
                                partitionStrategy: series_year_month
                                firstWins: false
                                timezone: America/Argentina/Buenos_Aires
                                workers: 8
            ACCESS
                          - to:
                              id: exchange_rates-state
                              uri: kamelet:state-sink
                              parameters:
                                sink: state
                                kind: file
                                file: "{{twin.state}}"
            """;

    @TempDir
    Path folder;

    private Path file;

    @Test
    void bothHaveTheSameNodesEndpointsAndOutcome() throws Exception {
        Path dsl = folder.resolve("dsl");
        Path yaml = folder.resolve("yaml");
        file = Files.writeString(folder.resolve("exchange_rates.yaml"), """
                dataset_id: exchange_rates
                description: Rates of two currencies
                source: {kind: file, url: RATES, format: csv}
                parse: {plugin: table}
                parse_config: {date_column: date, series_column: code, value_column: value}
                normalize: {plugin: table, timezone: America/Argentina/Buenos_Aires}
                transform: {plugin: complete}
                load: {plugin: versioned}
                state: {kind: file, path: "{{twin.state}}"}
                """.replace(
                        "RATES", folder.resolve("rates.csv").toString()));
        Files.writeString(folder.resolve("rates.csv"), CSV);
        Path route = Files.writeString(folder.resolve("twin.camel.yaml"), twin());
        try (RunningDatasets one =
                        new RunningDatasets(TestStores.freshDatabase(), "false", settings(dsl), List.of(file), false);
                RunningDatasets other = new RunningDatasets(
                        TestStores.freshDatabase(), "file:" + route, settings(yaml), List.of(), false)) {
            assertThat(nodes(one.context())).isEqualTo(nodes(other.context())).hasSize(5);
            assertThat(endpoints(one.context(), dsl))
                    .isEqualTo(endpoints(other.context(), yaml))
                    .hasSizeGreaterThan(4);
            PipelineModel model = PipelineModel.find(one.context(), "exchange_rates");
            assertThat(model.wiring().generations().keySet())
                    .isEqualTo(PipelineModel.find(other.context(), "exchange_rates")
                            .wiring()
                            .generations()
                            .keySet());
            assertThat(outcome(one.run("exchange_rates"), dsl))
                    .isEqualTo(outcome(other.run("exchange_rates"), yaml))
                    .hasSize(7);
            Files.writeString(folder.resolve("rates.csv"), CSV.replace("n/a", "12.75") + "2021-04-02,XX_RATE_D,14\n");
            assertThat(outcome(one.run("exchange_rates"), dsl))
                    .isEqualTo(outcome(other.run("exchange_rates"), yaml))
                    .anySatisfy((name, text) -> assertThat(text).contains("\"value\": 14,"));
        }
    }

    /** The route with what each block takes of stores, deep enough for where it stands. */
    private static String twin() {
        StringBuilder all = new StringBuilder();
        String blanks = "";
        for (String line : TWIN.lines().toList()) {
            if (!line.strip().equals("ACCESS")) {
                all.append(line).append('\n');
                blanks = line.replaceFirst("\\S.*", "");
                continue;
            }
            for (String name : List.of(
                    "endpoint",
                    "region",
                    "accessKey",
                    "secretKey",
                    "credentialsFile",
                    "account",
                    "accountKey",
                    "connectionString")) {
                all.append(blanks + name + ": \"{{caravan.objects." + name + "}}\"\n");
            }
        }
        return all.toString();
    }

    private Map<String, String> settings(Path work) {
        Dataset dataset =
                DatasetFile.read(file.toString(), read(file)).dataset().orElseThrow();
        return Map.of(
                "caravan.series.output", work.resolve("out").toString(),
                "twin.file", file.toString(),
                "twin.output", work.resolve("out").toString(),
                "twin.state", work.resolve("state.json").toString(),
                "twin.scope", Print.place(dataset.text("source.url")) + " " + dataset.rules());
    }

    private static List<String> nodes(CamelContext context) throws Exception {
        RouteDefinition route =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition("exchange_rates");
        assertThat(route.getDescriptionText()).isEqualTo("Rates of two currencies");
        List<String> nodes = new ArrayList<>();
        nodes.add("from " + call(context, route.getInput().getUri()));
        nodes(context, route.getOutputs(), "", nodes);
        return nodes;
    }

    private static void nodes(
            CamelContext context, List<ProcessorDefinition<?>> steps, String depth, List<String> nodes)
            throws Exception {
        for (ProcessorDefinition<?> step : steps) {
            String more = step instanceof ToDefinition to ? call(context, to.getUri()) : "";
            if (step instanceof MulticastDefinition multicast) more = multicast.getParallelProcessing();
            nodes.add(depth + step.getShortName() + " " + step.getId() + " " + more);
            nodes(context, step.getOutputs(), depth + "  ", nodes);
        }
    }

    /** As Camel takes it, but for the folder of each. */
    private static String call(CamelContext context, String uri) throws Exception {
        String[] parts = uri.split("\\?", 2);
        Map<String, Object> parameters = new TreeMap<>();
        if (parts.length == 2) parameters.putAll(URISupport.parseQuery(parts[1], false, false));
        Map<String, String> resolved = new TreeMap<>();
        parameters.forEach((name, value) -> {
            String text = context.resolvePropertyPlaceholders(value.toString().replaceFirst("^RAW\\((.*)\\)$", "$1"));
            resolved.put(name, text.replaceAll("/(dsl|yaml)/", "/work/"));
        });
        return parts[0] + " " + resolved;
    }

    private static TreeSet<String> endpoints(CamelContext context, Path work) {
        TreeSet<String> endpoints = new TreeSet<>();
        context.getEndpoints().forEach(endpoint -> {
            String text = endpoint instanceof KameletEndpoint kamelet
                    ? kamelet.getTemplateId() + " " + new TreeMap<>(kamelet.getKameletProperties())
                    : endpoint.getEndpointUri();
            endpoints.add(text.replace(work.toString(), "work").replaceAll("(uuid=|-)[0-9]+([,}])", "$1id$2"));
        });
        return endpoints;
    }

    /** What was counted, and what consumers read, but for when it was. */
    private static Map<String, String> outcome(RunReport run, Path work) throws IOException {
        Map<String, String> outcome = new TreeMap<>();
        outcome.put("status", run.status() + " " + run.recordsRead() + " " + run.openDeadLetters());
        run.sinks()
                .forEach((name, sink) -> outcome.put(
                        "sink " + name,
                        sink.written() + " " + sink.unchanged() + " " + sink.deleted() + " " + sink.dead()));
        outcome.put("state", Files.readString(work.resolve("state.json")));
        Path projections = work.resolve("out/datasets/exchange_rates/projections");
        try (Stream<Path> files = Files.walk(projections)) {
            for (Path data : files.filter(f -> f.endsWith("data.json")).toList()) {
                outcome.put(
                        projections.relativize(data).toString(),
                        Files.readString(data).replaceAll("\"collection_date\": \"[^\"]*\"", ""));
            }
        }
        return outcome;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
