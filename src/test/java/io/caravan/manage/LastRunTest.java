package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Flows;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.PipelineRuns;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastRunTest {

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() {
        context.stop();
        ledger.close();
    }

    @Test
    void theSuccessOfATenantHidesNoOtherThatFails() {
        ran("silver[agency-10]", "succeeded", "");
        assertThat(look().status()).isEqualTo("succeeded");
        assertThat(look().flows()).as("there is but one").isEmpty();
        ran("silver[agency-20]", "failed", "objects-source: input must be a bucket");
        ran("silver[agency-10]", "succeeded", "");
        ran("silvery", "failed", "another pipeline");

        LastRun last = last();
        assertThat(last.look().status()).isEqualTo("failed");
        assertThat(last.look().problem()).isEqualTo("silver[agency-20]: objects-source: input must be a bucket");
        assertThat(last.look().flows().stream().map(f -> f.flow() + " " + f.status()))
                .containsExactly("silver[agency-10] succeeded", "silver[agency-20] failed");
        assertThat(last.sinceSuccess()).as("one of them never did").isEmpty();
        HealthCheck.Result health = new PipelineHealth("silver", last).call();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getDetails()).containsEntry("silver[agency-20]", "failed");

        ran("silver[agency-20]", "succeeded", "");
        assertThat(look().status()).isEqualTo("succeeded");
        assertThat(last().sinceSuccess()).isPresent();
    }

    private LastRun.Look look() {
        return last().look();
    }

    private LastRun last() {
        return new LastRun("silver", List.of(), PipelineRuns.of(context), ledger, Clock.systemUTC());
    }

    private void ran(String flow, String status, String problem) {
        new PlainTransactions(ledger).in(c -> {
            long run = Runs.start(c, Flows.of(c, flow), "run");
            Runs.finish(c, run, status, 1, problem, Map.of());
            return run;
        });
    }
}
