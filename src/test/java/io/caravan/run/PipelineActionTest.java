package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.ConfigurationException;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Phase;
import io.caravan.run.RunReport.PhaseState;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** direct -> pipeline-action -> pipelines: the phases of a chain. */
class PipelineActionTest extends CamelTestSupport {

    private static final String PHASE = "kamelet:pipeline-action?pipeline=";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final MemorySink first = new MemorySink("first");
    private final MemorySink second = new MemorySink("second");
    private final MemorySink third = new MemorySink("third");

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties settings = new Properties();
        settings.setProperty("camel.component.kamelet.no-error-handler", "true");
        return settings;
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("ledgerDataSource", ledger);
        List.of(first, second, third).forEach(sink -> registry.bind(sink.name(), sink));
    }

    @Override
    protected RoutesBuilder createRouteBuilder() throws IOException {
        for (String pipeline : List.of("a", "b", "c", "outer")) {
            Path input = Files.createDirectories(folder.resolve(pipeline));
            Files.writeString(input.resolve("things.csv"), "id,size\n" + pipeline + "1,1\n" + pipeline + "2,2\n");
        }
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(source("a")).to("kamelet:memory-sink?sink=first");
                from(source("b")).to("kamelet:memory-sink?sink=second");
                from(source("c")).to("kamelet:memory-sink?sink=third");
                from("direct:chain").to(PHASE + "a").to(PHASE + "b").to(PHASE + "c");
                from("direct:strict").to(PHASE + "a&onPartial=stop").to(PHASE + "b");
                from("direct:lenient").to(PHASE + "strict&onPartial=continue").to(PHASE + "c");
                from("direct:twice").to("kamelet:pipeline-action?pipeline=a").to("kamelet:pipeline-action?pipeline=a");
                from("direct:round").to(PHASE + "a").to(PHASE + "trip");
                from("direct:trip").to(PHASE + "round");
                from("direct:wrong").to(PHASE + "chian");
                from("direct:broken").to(PHASE + "a").throwException(new IllegalStateException("behind the phases"));
                from(source("outer")).to(PHASE + "b").to("kamelet:memory-sink?sink=first");
            }
        };
    }

    private String source(String pipeline) {
        return "kamelet:objects-source?keyFields=id&leaseMillis=2000&retries=0&retryDelayMillis=1&pipeline=" + pipeline
                + "&input=" + folder.resolve(pipeline);
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    private Exchange send(String to, RunRequest request) {
        return template.request("direct:" + to, e -> e.setVariable(RunRequest.VARIABLE, request));
    }

    private RunReport run(String chain) throws Exception {
        return RunReport.of(send(chain, RunRequest.of(Mode.RUN)));
    }

    private static List<String> states(RunReport report) {
        return report.phases().stream()
                .map(phase -> phase.pipeline() + " " + phase.state())
                .toList();
    }

    @Test
    void oneReportHasAPartForEachPhase() throws Exception {
        RunReport report = run("chain");
        assertThat(report.pipeline()).isEqualTo("chain");
        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.recordsRead()).isEqualTo(6);
        assertThat(states(report)).containsExactly("a succeeded", "b succeeded", "c succeeded");
        assertThat(report.sinks()).containsOnlyKeys("a/first", "b/second", "c/third");
        assertThat(report.phases()
                        .get(1)
                        .report()
                        .orElseThrow()
                        .sinks()
                        .get("second")
                        .written())
                .isEqualTo(2);
    }

    @Test
    void theBodyIsTheReportOfTheChain() {
        Exchange done = send("chain", RunRequest.of(Mode.RUN));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(RunReport.class).pipeline()).isEqualTo("chain");
        assertThat(done.getMessage().getBody(RunReport.class).phases()).hasSize(3);
    }

    @Test
    void aPhaseWithoutNewsIsSkippedAndADeletionIsNews() throws Exception {
        run("chain");
        Files.writeString(folder.resolve("b/things.csv"), "id,size\nb1,1\n");
        RunReport report = RunReport.of(send("chain", RunRequest.of(Mode.RUN).allowingDeletes(true)));
        assertThat(states(report)).containsExactly("a skipped", "b succeeded", "c skipped");
        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.held).containsOnlyKeys("b1");
    }

    @Test
    void itStopsWhereAPhaseFailedAndTheNextRunGoesOnFromThere() throws Exception {
        second.down = true;
        Exchange done = send("chain", RunRequest.of(Mode.RUN));
        assertThat(done.getException(RunFailedException.class).report().pipeline())
                .isEqualTo("b");
        RunReport failed = RunReport.of(done);
        assertThat(states(failed)).containsExactly("a succeeded", "b failed", "c not run");
        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.problems()).anyMatch(problem -> problem.contains("the store is down"));
        assertThat(third.held).isEmpty();

        second.down = false;
        assertThat(states(run("chain"))).containsExactly("a skipped", "b succeeded", "c succeeded");
        assertThat(third.held).hasSize(2);
    }

    @Test
    void aPartialPhaseStopsTheChainOnlyWhereItSaysSo() throws Exception {
        Files.writeString(folder.resolve("a/bad.csv"), "id,size\n,7\n");
        RunReport stopped = run("strict");
        assertThat(states(stopped)).containsExactly("a partial", "b not run");
        assertThat(stopped.status()).isEqualTo(Status.PARTIAL);
        assertThat(second.held).isEmpty();

        RunReport wentOn = run("chain");
        assertThat(states(wentOn)).containsExactly("a partial", "b succeeded", "c succeeded");
        assertThat(wentOn.status()).isEqualTo(Status.PARTIAL);
    }

    @Test
    void aChainThatStopsLetsTheChainGoOnWhosePhaseItIs() throws Exception {
        Files.writeString(folder.resolve("a/bad.csv"), "id,size\n,7\n");
        RunReport report = run("lenient");
        assertThat(report.pipeline()).isEqualTo("lenient");
        assertThat(states(report)).startsWith("a partial", "c succeeded");
        assertThat(second.held).isEmpty();
        assertThat(third.held).hasSize(2);
    }

    @Test
    void aVerificationLooksAtEveryPhase() throws Exception {
        run("chain");
        first.held.remove("a1");
        RunReport report = RunReport.of(send("strict", RunRequest.of(Mode.VERIFY)));
        assertThat(states(report)).containsExactly("a partial", "b succeeded");
        assertThat(report.status()).isEqualTo(Status.PARTIAL);
    }

    @Test
    void aPhaseThatCannotBeginIsOneThatFailed() throws Exception {
        try (TestLedger other = new TestLedger(database);
                Lease lease = Lease.acquire(other.pool, other.flow("b"), "somebody", Duration.ofMinutes(1))) {
            assertThat(lease.held()).isTrue();
            Exchange done = send("chain", RunRequest.of(Mode.RUN));
            assertThat(done.getException()).isInstanceOf(LeaseHeldException.class);
            RunReport report = RunReport.of(done);
            assertThat(states(report)).containsExactly("a succeeded", "b failed", "c not run");
            Phase held = report.phases().get(1);
            assertThat(held.state()).isEqualTo(PhaseState.FAILED);
            assertThat(held.failure()).containsInstanceOf(LeaseHeldException.class);
            assertThat(report.problems()).singleElement().asString().contains("somebody");
        }
    }

    @Test
    void aPipelineThatIsNotThereIsNamedWithTheNearestThatIs() {
        Exchange done = send("wrong", RunRequest.of(Mode.RUN));
        assertThat(done.getException())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("pipeline-action: pipeline must be one of a, b, broken, c, chain,")
                .hasMessageEndingWith("got 'chian'; did you mean 'chain'?");
    }

    @Test
    void aChainThatLeadsToItselfEndsWithASentence() {
        Exchange done = send("round", RunRequest.of(Mode.RUN));
        assertThat(done.getException())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("pipeline-action: pipeline must not lead to itself: round -> trip -> round, got 'round'");
    }

    @Test
    void aPipelineIsAPhaseOnce() {
        Exchange done = send("twice", RunRequest.of(Mode.RUN));
        assertThat(done.getException())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("pipeline-action: pipeline must run no pipeline that twice has run before it, got 'a'");
        assertThat(first.held).containsOnlyKeys("a1", "a2");
    }

    @Test
    void whatFailsBehindThePhasesIsNoSuccess() {
        Exchange done = send("broken", RunRequest.of(Mode.RUN));
        assertThat(done.getException()).hasMessage("behind the phases");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> RunReport.of(done))
                .hasMessage("behind the phases");
    }

    @Test
    void insideAPipelineTheRecordsStayTheBody() throws Exception {
        RunReport outer = run("outer");
        assertThat(outer.problems()).isEmpty();
        assertThat(outer.pipeline()).isEqualTo("outer");
        assertThat(outer.phases()).isEmpty();
        assertThat(first.held).containsOnlyKeys("outer1", "outer2");
        assertThat(second.held).containsOnlyKeys("b1", "b2");
    }

    @Test
    void whatTheChainDidIsKnownByItsName() throws Exception {
        second.down = true;
        run("chain");
        RunReport last = PipelineRuns.of(context).last("chain").orElseThrow().report();
        assertThat(last.status()).isEqualTo(Status.FAILED);
        assertThat(PipelineRuns.of(context).goingOn("chain")).isEmpty();
        assertThat(PipelineModel.callable(context)).contains("chain", "strict", "a");
    }
}
