package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Lease;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines that routes call one after the other, side by side and inside each other. */
class ChainTest extends CamelTestSupport {

    @TempDir
    static Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final MemorySink first = new MemorySink("first");
    private final MemorySink second = new MemorySink("second");
    private final MemorySink third = new MemorySink("third");
    private final Map<String, RunReport> reports = new ConcurrentHashMap<>();

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
        for (String pipeline : List.of("a", "b", "c", "outer", "branched")) {
            Path input = Files.createDirectories(folder.resolve(pipeline));
            Files.writeString(input.resolve("things.csv"), "id,size\n" + pipeline + "1,1\n" + pipeline + "2,2\n");
        }
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(source("a")).to("kamelet:memory-sink?sink=first");
                from(source("b")).to("kamelet:memory-sink?sink=second");
                from(source("c")).to("kamelet:memory-sink?sink=third");
                from("direct:chain").to("direct:a").process(e -> told("a", e)).to("direct:b");
                from("direct:chain-of-chains").to("direct:chain").to("direct:c");
                from("direct:side-by-side").multicast().parallelProcessing().to("direct:a", "direct:b");
                from(source("outer")).to("direct:b").process(e -> told("b", e)).to("kamelet:memory-sink?sink=first");
                from(source("branched")).multicast().to("kamelet:memory-sink?sink=first", "direct:branch");
                from("direct:branch")
                        .to("direct:b")
                        .to("kamelet:convert-types-action?types=RAW(size=integer)")
                        .to("kamelet:memory-sink?sink=third");
            }
        };
    }

    private String source(String pipeline) {
        return "kamelet:objects-source?keyFields=id&leaseMillis=2000&retries=0&retryDelayMillis=1&pipeline=" + pipeline
                + "&input=" + folder.resolve(pipeline);
    }

    private void told(String pipeline, Exchange exchange) {
        reports.put(pipeline, exchange.getVariable(RunReport.VARIABLE, RunReport.class));
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    private Exchange send(String to) {
        return template.request("direct:" + to, e -> {});
    }

    private Exchange send(String to, Consumer<Exchange> message) {
        return template.request("direct:" + to, message::accept);
    }

    @Test
    void aChainRunsOnePipelineAfterTheOther() throws Exception {
        RunReport last = RunReport.of(send("chain"));
        assertThat(last.pipeline()).isEqualTo("b");
        assertThat(last.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(reports.get("a").status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.held).containsOnlyKeys("a1", "a2");
        assertThat(second.held).containsOnlyKeys("b1", "b2");
    }

    @Test
    void aChainMayCallAChain() throws Exception {
        Exchange done = send("chain-of-chains");
        assertThat(done.getMessage().getBody(RunReport.class).pipeline()).isEqualTo("c");
        assertThat(List.of(first.held.size(), second.held.size(), third.held.size()))
                .containsExactly(2, 2, 2);
    }

    @Test
    void whatATriggerAsksForCountsForEveryPipelineOfItsChain() throws Exception {
        Exchange done = send("chain", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.PLAN)));
        assertThat(RunReport.of(done).mode()).isEqualTo(Mode.PLAN);
        assertThat(reports.get("a").mode()).isEqualTo(Mode.PLAN);
        assertThat(first.held).isEmpty();
        assertThat(second.held).isEmpty();
    }

    @Test
    void pipelinesRunSideBySide() {
        assertThat(send("side-by-side").getException()).isNull();
        assertThat(first.held).hasSize(2);
        assertThat(second.held).hasSize(2);
    }

    @Test
    void aPipelineThatAStepOfAnotherOneCallsEndsOnlyItself() throws Exception {
        RunReport outer = RunReport.of(send("outer"));
        assertThat(outer.problems()).isEmpty();
        assertThat(outer.pipeline()).isEqualTo("outer");
        assertThat(outer.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(reports.get("b").status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.held).containsOnlyKeys("outer1", "outer2");
        assertThat(second.held).containsOnlyKeys("b1", "b2");
    }

    @Test
    void aPlanOfAPipelineWritesNothingWithThoseInsideItEither() throws Exception {
        Exchange done = send("outer", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(Mode.PLAN)));
        assertThat(RunReport.of(done).problems()).isEmpty();
        assertThat(reports.get("b").mode()).isEqualTo(Mode.PLAN);
        assertThat(second.held).isEmpty();
    }

    @Test
    void aPipelineInsideABranchLeavesTheBranchItsRecordsAndItsRefusals() throws Exception {
        Files.writeString(folder.resolve("branched/odd.csv"), "id,size\nodd,many\n");
        RunReport report = RunReport.of(send("branched"));
        assertThat(report.problems()).isEmpty();
        assertThat(report.status()).isEqualTo(Status.PARTIAL);
        assertThat(first.held).containsOnlyKeys("branched1", "branched2", "odd");
        assertThat(third.held).containsOnlyKeys("branched1", "branched2");
    }

    @Test
    void aPipelineInsideAnotherThatCannotBeginLeavesTheOtherItsRun() throws Exception {
        Files.writeString(folder.resolve("b/things.csv"), "id,size\nb1,1\n");
        try (TestLedger other = new TestLedger(database);
                Lease lease = Lease.acquire(other.pool, other.flow("b"), "somebody", Duration.ofMinutes(1))) {
            RunReport outer = RunReport.of(send("outer"));
            assertThat(lease.held()).isTrue();
            assertThat(outer.pipeline()).isEqualTo("outer");
            assertThat(outer.status()).isEqualTo(Status.FAILED);
            assertThat(outer.problems()).anyMatch(p -> p.contains("somebody"));
            assertThat(other.texts("select status from ledger.run")).containsExactly("failed");
        }
        assertThat(RunReport.of(send("outer")).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void theSecondOfAChainDoesNotRunWhenTheFirstFailed() throws Exception {
        first.down = true;
        Exchange done = send("chain-of-chains");
        RunFailedException failure = done.getException(RunFailedException.class);
        assertThat(failure).hasMessageContaining("a: the run failed: ").hasMessageContaining("the store is down");
        assertThat(failure.report().status()).isEqualTo(Status.FAILED);
        assertThat(done.getMessage().getBody()).isSameAs(failure.report());
        assertThat(RunReport.of(done)).isSameAs(failure.report());
        assertThat(second.held).isEmpty();
        assertThat(third.held).isEmpty();
    }

    @Test
    void aRunThatIsPartialLetsTheChainGoOn() throws Exception {
        Files.writeString(folder.resolve("a/bad.csv"), "id,size\n,7\n");
        assertThat(RunReport.of(send("chain")).pipeline()).isEqualTo("b");
        assertThat(reports.get("a").status()).isEqualTo(Status.PARTIAL);
        assertThat(second.held).hasSize(2);
        Files.delete(folder.resolve("a/bad.csv"));
    }
}
