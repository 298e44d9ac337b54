package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong between Camel and a run. */
class RouteTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private ThingsRoute route;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                folder.resolve("a.csv"),
                IntStream.range(0, 5_000)
                        .mapToObj(i -> "k" + i + "," + i + ",text " + i)
                        .collect(Collectors.joining("\n", "id,size,text\n", "\n")));
        route = new ThingsRoute(folder, database);
    }

    @AfterEach
    void stop() throws Exception {
        route.close();
    }

    @Test
    void anErrorInASinkFailsTheRunAndLeavesNothingBehind() throws Exception {
        route.left.meddler = position -> {
            throw new OutOfMemoryError("not really");
        };
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).anyMatch(p -> p.contains("the memory is not enough"));
        assertNoThreads();
        route.left.meddler = position -> {};
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(route.left.held).hasSize(5_000).isEqualTo(route.right.held);
    }

    @Test
    void aMessageThatMetARunBeforeIsToldWhenTheNextCannotBegin() throws Exception {
        Exchange exchange = route.send(null);
        assertThat(exchange.getMessage().getBody(RunReport.class).status()).isEqualTo(Status.SUCCEEDED);
        try (TestLedger ledger = new TestLedger(database);
                Lease lease = Lease.acquire(ledger.pool, ledger.flow("things"), "somebody", Duration.ofMinutes(1))) {
            Exchange again = route.send(exchange);
            assertThat(lease.held()).isTrue();
            assertThat(again.getException(LeaseHeldException.class)).isNotNull();
            assertThat(ledger.texts("select status from ledger.run")).containsExactly("succeeded");
        }
    }

    @Test
    void aFailureThatTheTriggerDealtWithIsNotOneOfTheRun() throws Exception {
        Exchange trigger = route.send(null);
        trigger.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException("dealt with"));
        RunReport run = route.send(trigger).getMessage().getBody(RunReport.class);
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aTriggerThatMulticastsIsNotTakenForTheRoutesOwnMulticast() throws Exception {
        Exchange trigger = route.send(null);
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nodd,many,x\n");
        trigger.setProperty(Exchange.MULTICAST_INDEX, 1);
        RunReport run = route.send(trigger).getMessage().getBody(RunReport.class);
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("left").dead()).isEqualTo(1);
        assertThat(run.sinks().get("right").dead()).isEqualTo(1);
    }

    private static void assertNoThreads() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("caravan-decide", "caravan-read", "caravan-lease");
    }
}
