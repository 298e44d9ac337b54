package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a signal is to a plain Camel Main, as under the Camel CLI and Camel K: the shutdown of its context. */
class StopWithCamelTest {

    private static final int RECORDS = 20_000;

    @Test
    void theShutdownOfCamelStopsTheRunAtItsNextBatch(@TempDir Path input) throws Exception {
        Files.writeString(
                input.resolve("a.csv"),
                IntStream.range(0, RECORDS)
                        .mapToObj(i -> "k" + i + "," + i)
                        .collect(Collectors.joining("\n", "id,size\n", "\n")));
        Endpoint database = TestStores.freshDatabase();
        RunReport report;
        try (ThingsRoute route = new ThingsRoute(input, database)) {
            CompletableFuture<Void> shutdown = new CompletableFuture<>();
            route.left.meddler = position -> {
                if (route.left.written != 1_000) return;
                new Thread(() -> close(route, shutdown)).start();
                while (!route.stopping()) Thread.onSpinWait();
            };
            report = route.run();
            shutdown.get(20, TimeUnit.SECONDS);
            assertThat(report.status()).isEqualTo(RunReport.Status.FAILED);
            assertThat(report.problems())
                    .containsExactly("things: the run was stopped by the shutdown of Camel before its end;"
                            + " the next run resumes");
            assertThat(route.left.held).hasSizeLessThan(RECORDS / 2);
        }
        try (ThingsRoute next = new ThingsRoute(input, database)) {
            assertThat(next.run().status()).isEqualTo(RunReport.Status.SUCCEEDED);
            assertThat(next.left.held).hasSize(RECORDS);
        }
    }

    private static void close(ThingsRoute route, CompletableFuture<Void> done) {
        try {
            route.close();
            done.complete(null);
        } catch (Exception e) {
            done.completeExceptionally(new CompletionException(e));
        }
    }
}
