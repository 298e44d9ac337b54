package io.caravan.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.job.TestJobs;
import io.caravan.ledger.Await;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.library.BooksRoutes;
import io.caravan.run.Mode;
import io.caravan.run.RunFailedException;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javax.management.ObjectName;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.CronTrigger;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.listeners.JobListenerSupport;

/** The triggers as they ship, with the books pipeline on a real PostgreSQL. */
class SchedulesTest {

    private static final String EVERY_SECOND = "* * * * * ?";

    @TempDir
    Path empty;

    private final TestJobs jobs = new TestJobs();
    private BooksRoutes routes;

    @AfterEach
    void stop() {
        if (routes != null) routes.close();
        jobs.close();
    }

    private void start(Map<String, String> schedules) throws Exception {
        start(schedules, Path.of("samples/books"));
    }

    private void start(Map<String, String> schedules, Path titles) throws Exception {
        routes = new BooksRoutes(jobs, titles, schedules, "classpath:routes/schedules.camel.yaml");
    }

    private static Map<String, String> publishing(String cron) {
        return Map.of("caravan.schedule.books-publish.cron", cron);
    }

    /** As the command line asks for it, again while a trigger's run goes on. */
    private RunReport runFor(Instant due) {
        List<RunReport> reports = new ArrayList<>();
        until(() -> {
            try {
                RunRequest request = RunRequest.of(Mode.RUN).dueAt(Optional.of(due));
                return reports.add(routes.send("books-publish", e -> e.setVariable(RunRequest.VARIABLE, request)));
            } catch (LeaseHeldException e) {
                return false;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return reports.get(0);
    }

    private List<Instant> timesAfter(Instant time) {
        return jobs
                .texts(
                        "select (extract(epoch from scheduled_for)::bigint)::text from ledger.run where scheduled_for > '"
                                + time + "' and status <> 'running' order by scheduled_for")
                .stream()
                .map(Long::parseLong)
                .map(Instant::ofEpochSecond)
                .toList();
    }

    private ManagedRouteMBean trigger() {
        return routes.camel()
                .getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute("schedule-books-publish");
    }

    private long exchanges(String what) {
        try {
            return switch (what) {
                case "failed" -> trigger().getExchangesFailed();
                case "handled" -> trigger().getFailuresHandled();
                default -> trigger().getExchangesCompleted();
            };
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        Await.until("the trigger has fired", Duration.ofSeconds(20), condition);
    }

    @Test
    void aTriggerThatFiresRunsItsPipeline() throws Exception {
        start(publishing(EVERY_SECOND));
        assertThat(routes.camel().getRoutes())
                .extracting(Route::getRouteId)
                .contains("schedule-books-publish")
                .doesNotContain("schedule-books-work", "schedule-personalization");
        until(() -> exchanges("completed") > 0);
        assertThat(jobs.count("books.job")).isPositive();
        assertThat(jobs.texts("select status from ledger.run where id = 1")).containsExactly("partial");
        assertThat(jobs.texts("select route || ', ' || status from ledger.audit where run = 1"))
                .containsExactly("schedule-books-publish, partial");
    }

    @Test
    void aTimeThatAnotherSchedulerIsForTooIsDoneOnce() throws Exception {
        start(publishing(EVERY_SECOND));
        Instant ours = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(5);
        assertThat(runFor(ours).sinks()).as("before a trigger's").isNotEmpty();
        until(() -> !timesAfter(ours).isEmpty());
        Instant quartz = timesAfter(ours).get(0);
        RunReport second = runFor(quartz);
        assertThat(second.sinks()).isEmpty();
        assertThat(second.notes()).singleElement().asString().contains("did what is due at " + quartz);
        assertThat(jobs.texts("select scheduled_for::text || ' ' || count(*) from ledger.run group by scheduled_for"
                        + " having count(*) > 1"))
                .isEmpty();
    }

    @Test
    void noTriggerIsThereWhereOthersKeepTheSchedule() throws Exception {
        start(Map.of("caravan.schedule.books-publish.cron", EVERY_SECOND, "caravan.schedules", "external"));
        assertThat(routes.camel().getRoute("schedule-books-publish")).isNull();
        assertThatThrownBy(() -> start(Map.of("caravan.schedules", "cron")))
                .hasStackTraceContaining("schedule: caravan.schedules must be quartz or external, got 'cron'");
    }

    @Test
    void runsOfOneTriggerNeverOverlapAndMissedTimesAreLeftOut() throws Exception {
        start(publishing("0 30 2 * * ?"));
        Scheduler quartz =
                routes.camel().getComponent("quartz", QuartzComponent.class).getScheduler();
        CronTrigger trigger = (CronTrigger) quartz.getTrigger(new TriggerKey("books-publish", "caravan"));
        assertThat(trigger.getMisfireInstruction()).isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING);
        assertThat(trigger.getTimeZone()).isEqualTo(TimeZone.getTimeZone("UTC"));
        assertThat(quartz.getJobDetail(trigger.getJobKey()).isConcurrentExecutionDisallowed())
                .isTrue();
    }

    @Test
    void aRunThatFailsFailsItsTriggerForCamelAndForQuartz() throws Exception {
        List<JobExecutionException> heard = new CopyOnWriteArrayList<>();
        start(publishing("0 0 0 1 1 ?"), empty);
        QuartzComponent quartz = routes.camel().getComponent("quartz", QuartzComponent.class);
        quartz.getScheduler().getListenerManager().addJobListener(new JobListenerSupport() {
            @Override
            public String getName() {
                return "test";
            }

            @Override
            public void jobWasExecuted(JobExecutionContext job, JobExecutionException failure) {
                if (failure != null) heard.add(failure);
            }
        });
        quartz.getScheduler().triggerJob(new JobKey("books-publish", "caravan"));
        until(() -> !heard.isEmpty());
        assertThat(heard.get(0)).hasRootCauseInstanceOf(RunFailedException.class);
        assertThat(exchanges("failed")).isEqualTo(1);
        assertThat(jobs.texts("select status from ledger.run")).containsExactly("failed");
    }

    @Test
    void aTriggerIsSkippedWhileAnotherHoldsTheLease() throws Exception {
        try (LedgerDataSource ledger =
                        new LedgerDataSource(jobs.endpoint.uri(), jobs.endpoint.user(), jobs.endpoint.password());
                Lease lease = Lease.acquire(
                        ledger,
                        new PlainTransactions(ledger).in(c -> Flows.of(c, "books-publish")),
                        "somebody",
                        Duration.ofMinutes(1))) {
            start(publishing(EVERY_SECOND));
            until(() -> exchanges("handled") > 1);
            assertThat(lease.held()).isTrue();
            assertThat(exchanges("failed")).isZero();
            assertThat(jobs.texts("select status from ledger.run")).isEmpty();
        }
    }

    @Test
    void aJmxClientStopsATriggerAndStartsItAgain() throws Exception {
        start(publishing(EVERY_SECOND));
        until(() -> exchanges("completed") > 0);
        try (JmxClient client = new JmxClient()) {
            ObjectName route = client.route("schedule-books-publish");
            client.tell(route, "stop");
            assertThat(client.ask(route, "State")).isEqualTo("Stopped");
            QuartzComponent quartz = routes.camel().getComponent("quartz", QuartzComponent.class);
            assertThat(quartz.getScheduler().getTriggerState(new TriggerKey("books-publish", "caravan")))
                    .isIn(Trigger.TriggerState.NONE, Trigger.TriggerState.PAUSED);
            long before = exchanges("completed");
            client.tell(route, "start");
            until(() -> exchanges("completed") > before);
            client.tell(route, "suspend");
            assertThat(client.ask(route, "State")).isEqualTo("Suspended");
        }
    }

    @Test
    void everyWrongTimeIsToldAtOnce() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("caravan.schedule.personalization.cron", "0 6 * * *");
        wrong.put("caravan.schedule.books-publish.cron", "0 0 6 * * ?");
        wrong.put("caravan.schedule.books-publish.zone", "Berlin");
        wrong.put("caravan.schedule.books-work.cron", "0 0 6 1 1 ? 2020");
        assertThatThrownBy(() -> start(wrong)).satisfies(thrown -> {
            Throwable cause = thrown;
            while (!(cause instanceof ConfigurationException)) cause = cause.getCause();
            assertThat(cause.getMessage().lines())
                    .hasSize(3)
                    .anyMatch(l -> l.startsWith("schedule: caravan.schedule.personalization.cron must be a cron"
                            + " expression, got '0 6 * * *' ("))
                    .contains(
                            "schedule: caravan.schedule.books-publish.zone must be a time zone, got 'Berlin'; write it"
                                    + " like Europe/Berlin or UTC")
                    .contains(
                            "schedule: caravan.schedule.books-work.cron must fire again, got '0 0 6 1 1 ? 2020'; all its"
                                    + " times are past");
        });
    }

    @Test
    void theThirdFridayIsATimeToo() throws Exception {
        start(publishing("0 0 6 ? * 6#3"));
        assertThat(routes.camel().getRoute("schedule-books-publish")).isNotNull();
    }
}
