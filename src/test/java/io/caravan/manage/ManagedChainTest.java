package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;

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
import javax.management.ObjectName;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The book club's trigger and its chain in JMX, with two small pipelines for its phases. */
class ManagedChainTest {

    private static final String SCHEDULE = "caravan.schedule.bookclub.";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final MemorySink left = new MemorySink("left");
    private final MemorySink right = new MemorySink("right");
    private LedgerDataSource ledger;
    private Main main;
    private JmxClient client;
    private final ObjectName chain = name("bookclub");
    private final ObjectName phase = name("second");

    private static ObjectName name(String pipeline) {
        try {
            return ManagedPipelines.name(pipeline);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void files() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,size\nk1,1\nk2,2\n");
    }

    private void start(String cron) throws Exception {
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        Properties settings = new Properties();
        settings.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:routes/schedules.camel.yaml,classpath:routes/management.camel.yaml");
        settings.setProperty("camel.component.kamelet.no-error-handler", "true");
        for (String pipeline : new String[] {"personalization", "books-publish", "books-work"})
            settings.setProperty("caravan.schedule." + pipeline + ".cron", "");
        settings.setProperty(SCHEDULE + "cron", cron);
        settings.setProperty(SCHEDULE + "zone", "UTC");
        main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings);
        main.bind("left", left);
        main.bind("right", right);
        main.bind("ledgerDataSource", ledger);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from(source("first")).to("kamelet:memory-sink?sink=left");
                from(source("second")).to("kamelet:memory-sink?sink=right");
                from("direct:bookclub")
                        .to("kamelet:pipeline-action?pipeline=first")
                        .to("kamelet:pipeline-action?pipeline=second");
            }
        });
        main.start();
        client = new JmxClient();
    }

    private String source(String pipeline) {
        return "kamelet:objects-source?keyFields=id&format=csv&retries=0&pipeline=" + pipeline + "&input=RAW(" + folder
                + ")";
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

    @Test
    void aClientPlansRunsAndSeesAChainAndItsPhases() throws Exception {
        start("");
        assertThat(client.ask(chain, "LastStatus")).isEqualTo("none");
        assertThat(client.tell(chain, "plan"))
                .isEqualTo("first/left: 2 inserts, 0 updates, 0 deletes, 0 dead\n"
                        + "second/right: 2 inserts, 0 updates, 0 deletes, 0 dead");
        assertThat(client.tell(phase, "plan")).isEqualTo("right: 2 inserts, 0 updates, 0 deletes, 0 dead");
        assertThat(right.held).isEmpty();
        assertThat(client.tell(chain, "run")).isEqualTo("started");
        until("it has succeeded", () -> client.ask(chain, "LastStatus").equals("succeeded"));
        assertThat(client.ask(chain, "LastWritten")).isEqualTo(4L);
        assertThat(client.ask(phase, "LastWritten")).isEqualTo(2L);

        client.close();
        main.stop();
        ledger.close();
        start("");
        assertThat(client.ask(chain, "LastStatus"))
                .as("in another process the ledger says it")
                .isEqualTo("succeeded");
        assertThat(client.ask(chain, "LastWritten")).isEqualTo(4L);
        assertThat((long) client.ask(chain, "SecondsSinceSuccess")).isBetween(0L, 60L);
    }

    @Test
    void whoCancelsAChainCancelsThePhaseThatGoesOnAndNoOtherBegins() throws Exception {
        start("");
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
        client.tell(chain, "run");
        assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.ask(chain, "Running")).isEqualTo(true);
        assertThat(client.tell(chain, "cancel")).isEqualTo("asked to stop");
        cancelled.countDown();
        until("it is over", () -> client.ask(chain, "Running").equals(false));
        until("it has failed", () -> client.ask(chain, "LastStatus").equals("failed"));
        assertThat(client.ask(phase, "LastStatus")).isEqualTo("none");
    }

    @Test
    void itsTriggerRunsAllPhasesAndCanBeStoppedAndStarted() throws Exception {
        start("* * * * * ?");
        until("it has run", () -> client.ask(chain, "LastStatus").equals("succeeded"));
        assertThat(left.held).containsOnlyKeys("k1", "k2");
        assertThat(right.held).containsOnlyKeys("k1", "k2");
        var trigger = main.getCamelContext()
                .getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute("schedule-bookclub");
        trigger.stop();
        assertThat(trigger.getState()).isEqualTo("Stopped");
        trigger.start();
        assertThat(trigger.getState()).isEqualTo("Started");
    }

    @Test
    void asItShipsThereIsNoTrigger() throws Exception {
        start("");
        assertThat(main.getCamelContext().getRoute("schedule-bookclub")).isNull();
    }
}
