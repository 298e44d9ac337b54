package io.caravan.matrix;

import static io.caravan.matrix.MinimalRoutes.call;
import static io.caravan.matrix.MinimalRoutes.load;
import static io.caravan.matrix.MinimalRoutes.namesThatSinksHave;
import static io.caravan.matrix.MinimalRoutes.pipeline;
import static io.caravan.matrix.MinimalRoutes.property;
import static io.caravan.matrix.MinimalRoutes.route;
import static io.caravan.matrix.MinimalRoutes.run;
import static io.caravan.matrix.MinimalRoutes.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.local.TestStores;
import io.caravan.run.PipelineModel;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** Sinks that nobody named have names of their own, the same for the route, the run and the ledger. */
class SinkNamesTest {

    @RegisterExtension
    final MinimalRoutes routes = new MinimalRoutes();

    static List<String> sinks() throws IOException {
        return Connector.kamelets("sink");
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void aSinkWithoutANameAndItsRunAgreeOnTheDefaultOfTheKamelet(String kamelet) throws Exception {
        String name = (String) property(kamelet, "sink").get("default");
        try (DefaultCamelContext camel = routes.started(route(routes.source("objects-source"), routes.sink(kamelet)))) {
            assertThat(namesThatSinksHave(camel)).containsExactly(name);
            assertThat(PipelineModel.find(camel, "things").wiring().generations())
                    .containsOnlyKeys(name);
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void twoSinksWithoutANameAndTheirRunAgreeOnTheIdsOfTheirSteps(String kamelet) throws Exception {
        Map<String, Object> first = call("keep & here", kamelet, routes.required(kamelet));
        Map<String, Object> second = call("keep+there", kamelet, routes.required(kamelet));
        Map<String, Object> named = call("third", kamelet, with(routes.required(kamelet), "sink", "a name"));
        try (DefaultCamelContext camel = routes.started(route(routes.source("objects-source"), first, second, named))) {
            assertThat(namesThatSinksHave(camel)).containsExactly("keep & here", "keep+there", "a name");
            assertThat(PipelineModel.find(camel, "things").wiring().generations())
                    .containsOnlyKeys("keep & here", "keep+there", "a name");
        }
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void twoSinksOfOneNameAreRefusedAtTheStart(String kamelet) throws Exception {
        String name = (String) property(kamelet, "sink").get("default");
        List<Object> route = route(routes.source("objects-source"), routes.sink(kamelet), routes.sink(kamelet));
        assertThatThrownBy(() -> routes.started(route))
                .hasStackTraceContaining("things: the sinks of a pipeline must have different names, got '" + name
                        + "' twice; set 'sink' in the parameters of each, or give its step an id");
    }

    @Test
    void aNameThatIsAnothersIdIsRefusedAtTheStart() throws Exception {
        Map<String, Object> first = call("here", "objects-sink", routes.required("objects-sink"));
        Map<String, Object> second =
                call("there", "objects-sink", with(routes.required("objects-sink"), "sink", "here"));
        assertThatThrownBy(() -> routes.started(route(routes.source("objects-source"), first, second)))
                .hasStackTraceContaining("must have different names, got 'here' twice");
    }

    @Test
    void aRouteThatComesLaterIsNamedToo() throws Exception {
        try (DefaultCamelContext camel = routes.started(List.of())) {
            Map<String, Object> here = call("here", "objects-sink", routes.required("objects-sink"));
            load(camel, pipeline(routes.source("objects-source"), here));
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks()).containsOnlyKeys("here");
        }
    }

    /** The objects, without the sinks' markers beside them. */
    private static List<String> parts(Path output) {
        return Stream.of(output.toFile().list())
                .filter(name -> name.startsWith("part-"))
                .sorted()
                .toList();
    }

    @Test
    void twoSinksOfOneKameletWithoutNamesAreBothFilled() throws Exception {
        routes.laptopStore("mongo", TestStores.mongo());
        Map<String, Object> here = call("here", "objects-sink", routes.required("objects-sink"));
        Map<String, Object> there = call(
                "there",
                "objects-sink",
                Map.of("output", routes.folder().resolve("other").toString()));
        Map<String, Object> same = call("same", "mongodb-sink", routes.required("mongodb-sink"));
        Map<String, Object> again = call("again", "mongodb-sink", routes.required("mongodb-sink"));
        try (DefaultCamelContext camel =
                routes.started(pipeline(routes.source("objects-source"), here, there, same, again))) {
            RunReport run = run(camel);
            assertThat(run.problems()).isEmpty();
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks())
                    .containsOnlyKeys("here", "there", "same", "again")
                    .allSatisfy(
                            (name, did) -> assertThat(did.written()).as(name).isEqualTo(2));
        }
        assertThat(parts(routes.folder().resolve("out")))
                .isEqualTo(parts(routes.folder().resolve("other")))
                .isNotEmpty();
    }

    @Test
    void aSinkIsNamedByItsStepOnCamelMainToo() throws Exception {
        Map<String, Object> here = call("here", "objects-sink", routes.required("objects-sink"));
        Path file = routes.folder().resolve("things.camel.yaml");
        Files.writeString(
                file,
                new Dump(DumpSettings.builder().build()).dumpToString(pipeline(routes.source("objects-source"), here)));
        Main main = new Main();
        Properties settings = new Properties();
        settings.setProperty("camel.main.routes-include-pattern", "file:" + file);
        settings.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings);
        main.bind("ledgerDataSource", routes.ledger());
        main.start();
        try {
            RunReport run = main.getCamelTemplate()
                    .request("direct:things", e -> {})
                    .getMessage()
                    .getBody(RunReport.class);
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks()).containsOnlyKeys("here");
        } finally {
            main.stop();
        }
    }
}
