package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.caravan.FaultProxy;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The jobs' database says nothing any more. */
class SilentDatabaseTest {

    private static final int LIMIT_MILLIS = 3_000;

    @Test
    void aCallEndsWithinItsLimitHoweverOftenItIsTried() throws Exception {
        Endpoint endpoint = TestStores.freshDatabase();
        String server = URI.create(endpoint.uri().substring("jdbc:".length())).getAuthority();
        try (FaultProxy proxy = new FaultProxy(server);
                JobDatabase jobs = new JobDatabase(
                        endpoint.uri().replace(server, proxy.address()),
                        endpoint.user(),
                        endpoint.password(),
                        LIMIT_MILLIS)) {
            proxy.silence(0);
            ends(jobs); // before its schema was looked at
            proxy.speak();
            assertThat(one(jobs)).isEqualTo(1);
            proxy.silence(0);
            ends(jobs);
            proxy.speak();
            assertThat(one(jobs)).isEqualTo(1);
        }
    }

    private static void ends(JobDatabase jobs) {
        long began = System.nanoTime();
        Throwable failure = catchThrowable(() -> one(jobs));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println("jobs, silent: " + took.toMillis() + " ms: " + failure);
        assertThat(failure).isInstanceOf(UnavailableException.class).hasMessageStartingWith("jobs: ");
        assertThat(took).isLessThan(Duration.ofMillis(LIMIT_MILLIS + 1_000));
    }

    private static int one(JobDatabase jobs) {
        return jobs.patiently(c -> Sql.first(c, r -> r.getInt(1), "select 1")).orElseThrow();
    }
}
