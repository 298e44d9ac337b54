package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** One source and one sink, joined by a route in YAML, through all that a run must do. */
final class Cell {

    private static final int RECORDS = 1_200;

    private final Connector.Source source;
    private final Connector.Sink sink;
    private final Endpoint ledger;
    private final String name;
    private final Calls calls = new Calls();

    /** {@code name}: of the pipeline and of its place in the sink; letters, digits and underscores. */
    Cell(String name, Connector.Source source, Connector.Sink sink, Endpoint ledger) {
        this.name = name;
        this.source = source;
        this.sink = sink;
        this.ledger = ledger;
    }

    void prove() throws Exception {
        source.begin();
        List<Map<String, Object>> rows = new ArrayList<>(rows(0, RECORDS));
        Map<String, String> place = sink.parameters(name);
        expect("first run", go(rows, place, Mode.RUN), Status.SUCCEEDED, RECORDS, 0, 0);
        expect("second run", go(rows, place, Mode.RUN), Status.SUCCEEDED, 0, 0, 0);

        for (int i : List.of(10, 600, 1_100)) Awkward.change(rows.get(i), "7" + i);
        for (int gone : List.of(1_000, 500, 77, 4)) rows.remove(gone);
        rows.addAll(rows(RECORDS, RECORDS + 2));
        expect("changes", go(rows, place, Mode.RUN), Status.SUCCEEDED, 5, 4, 0);
        if (sink.verifiable() && source.hasAllRows()) verify(rows, place);
        Map<String, String> sizes = new HashMap<>();
        for (Map<String, Object> row : rows) sizes.put((String) row.get("id"), (String) row.get("size"));
        sink.assertTold(name, sizes);

        Awkward.change(rows.get(20), "many");
        Awkward.change(rows.get(21), "9000021");
        expect("poison", go(rows, place, Mode.RUN), Status.PARTIAL, 1, 0, 1);
        if (sink.verifiable() && source.hasAllRows()) verify(rows, place);
    }

    private List<Map<String, Object>> rows(int from, int to) {
        return Awkward.rows(from, to, source, Math.min(source.longestText(), sink.longestText()));
    }

    /** What went by endpoints and what by clients, of source and sink together. */
    Calls calls() {
        return calls;
    }

    private void verify(List<Map<String, Object>> rows, Map<String, String> place) throws Exception {
        RunReport report = go(rows, place, Mode.VERIFY);
        assertThat(report.problems()).as("verify").isEmpty();
        assertThat(report.status()).as("verify %s", report.sinks()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.sinks().get("cell").unchanged()).as("compared").isGreaterThanOrEqualTo(RECORDS - 10);
    }

    private static void expect(String step, RunReport run, Status status, int written, int deleted, int dead) {
        assertThat(run.problems()).as(step).isEmpty();
        SinkReport did = run.sinks().get("cell");
        assertThat(List.of(did.written(), did.deleted(), did.dead()))
                .as("%s: written, deleted, dead", step)
                .isEqualTo(List.of((long) written, (long) deleted, (long) dead));
        assertThat(run.status()).as(step).isEqualTo(status);
    }

    private RunReport go(List<Map<String, Object>> rows, Map<String, String> place, Mode mode) throws Exception {
        RunRequest request = RunRequest.of(mode).comparingContents(true);
        try (LedgerDataSource database = new LedgerDataSource(ledger.uri(), ledger.user(), ledger.password());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.setProperty("camel.component.kamelet.no-error-handler", "true");
            camel.getPropertiesComponent().setOverrideProperties(settings);
            camel.getRegistry().bind("ledgerDataSource", database);
            source.bindTo(camel);
            sink.bindTo(camel);
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString("cell.camel.yaml", route(source.holding(rows), place)));
            camel.start();
            EndpointCounts counts = EndpointCounts.of(camel);
            try (ProducerTemplate template = camel.createProducerTemplate()) {
                Exchange done = template.request("direct:" + name, e -> e.setVariable(RunRequest.VARIABLE, request));
                calls.add(counts.calls(), Clients.of(camel).uses());
                return RunReport.of(done);
            }
        }
    }

    private String route(Map<String, String> from, Map<String, String> to) {
        Map<String, String> read = new LinkedHashMap<>(from);
        read.put("pipeline", name);
        if (!sink.keyFields().isEmpty()) read.put("keyFields", sink.keyFields());
        Map<String, String> write = new LinkedHashMap<>(to);
        write.put("sink", "cell");
        List<Object> steps = new ArrayList<>();
        steps.add(call("convert-types-action", Map.of("types", Awkward.TYPES)));
        if (sink.vectors()) steps.add(call("embed-text-action", Map.of("field", "topic", "into", "vector")));
        steps.add(call(sink.kamelet(), write));
        Map<String, Object> begin = new HashMap<>();
        begin.put("uri", "kamelet:" + source.kamelet());
        begin.put("parameters", read);
        begin.put("steps", steps);
        Map<String, Object> route = Map.of("route", Map.of("id", name, "from", begin));
        return new Dump(DumpSettings.builder().build()).dumpToString(List.of(route));
    }

    private static Map<String, Object> call(String kamelet, Map<String, String> parameters) {
        return Map.of("to", Map.of("uri", "kamelet:" + kamelet, "parameters", parameters));
    }
}
