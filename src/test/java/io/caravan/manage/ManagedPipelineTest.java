package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.ledger.Await;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.MemorySink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.MBeanException;
import javax.management.ObjectName;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline as a JMX client sees and runs it. */
class ManagedPipelineTest {

    private static final int RECORDS = 20_000;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final MemorySink left = new MemorySink("left");
    private final Main main = new Main();
    private JmxClient client;
    private ObjectName things;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                folder.resolve("a.csv"),
                IntStream.range(0, RECORDS)
                        .mapToObj(i -> "k" + i + "," + i)
                        .collect(Collectors.joining("\n", "id,size\n", "\n")));
        Properties settings = new Properties();
        settings.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:testroutes/copy-things.camel.yaml,classpath:routes/management.camel.yaml");
        settings.setProperty("camel.component.kamelet.no-error-handler", "true");
        settings.setProperty("test.input", folder.toString());
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings);
        main.bind("left", left);
        main.bind("right", new MemorySink("right"));
        main.bind("ledgerDataSource", ledger);
        main.start();
        client = new JmxClient();
        things = new ObjectName("io.caravan:type=Pipeline,name=things");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        main.stop();
        ledger.close();
    }

    private static void until(String what, BooleanSupplier condition) {
        Await.until(what, Duration.ofSeconds(20), condition);
    }

    private HealthCheck.Result health() {
        return HealthCheckRegistry.get(main.getCamelContext())
                .getCheck("pipeline-things")
                .orElseThrow()
                .call();
    }

    @Test
    void aClientRunsAPipelineAndSeesWhatItDid() throws Exception {
        assertThat(client.ask(things, "LastStatus")).isEqualTo("none");
        assertThat(client.ask(things, "SecondsSinceSuccess")).isEqualTo(-1L);
        assertThat(client.tell(things, "run")).isEqualTo("started");
        until("it has succeeded", () -> client.ask(things, "LastStatus").equals("succeeded"));
        until("it is over", () -> client.ask(things, "Running").equals(false));
        assertThat(client.ask(things, "LastRecordsRead")).isEqualTo((long) RECORDS);
        assertThat(client.ask(things, "LastWritten")).isEqualTo(2L * RECORDS);
        assertThat(client.ask(things, "LastProblem")).isEqualTo("");
        assertThat((long) client.ask(things, "SecondsSinceSuccess")).isBetween(0L, 60L);
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aClientCancelsARun() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        left.meddler = position -> {
            written.countDown();
            try {
                cancelled.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        client.tell(things, "run");
        assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.ask(things, "Running")).isEqualTo(true);
        assertThatThrownBy(() -> client.tell(things, "run"))
                .isInstanceOf(MBeanException.class)
                .hasRootCauseMessage("things: it is already running");
        assertThat(client.tell(things, "cancel")).isEqualTo("asked to stop");
        cancelled.countDown();
        until("it has failed", () -> client.ask(things, "LastStatus").equals("failed"));
        assertThat(client.ask(things, "LastProblem"))
                .isEqualTo("things: the run was stopped by JMX before its end; the next run resumes");
        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health().getMessage())
                .contains("things: the run was stopped by JMX before its end; the next run resumes");
        until("it is over", () -> client.ask(things, "Running").equals(false));
        assertThatThrownBy(() -> client.tell(things, "cancel")).hasRootCauseMessage("things: nothing goes on");
        assertThat(left.held.size()).isLessThan(RECORDS);
    }

    @Test
    void theBeansAreGoneWithTheirCamel() throws Exception {
        assertThat(client.beans.isRegistered(things)).isTrue();
        main.stop();
        assertThat(client.beans.isRegistered(things)).isFalse();
    }
}
