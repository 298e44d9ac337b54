package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Await;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.PlainTransactions;
import io.caravan.run.RunReport.Status;
import io.caravan.run.Slices.By;
import io.caravan.source.Days;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** History that is read slice by slice, beside the runs of today: each touches its own days, and nothing is deleted before all are read. */
class BackfillTest {

    @RegisterExtension
    static final TestLedger LEDGER = new TestLedger();

    private final Things things = new Things(LEDGER);

    @Test
    void aSliceReadsItsOwnDaysAndAnotherRunTheRest() {
        things.object("2020-01-05", "a=1");
        things.object("2020-02-05", "b=2");
        things.object("2020-03-05", "c=3");
        things.object("of-no-day", "d=4");
        List<Days.Range> months = plan("2020-01-01", "2020-03-01", By.MONTH);
        assertThat(months)
                .extracting(Days.Range::toString)
                .containsExactly("2020-01-01 to 2020-01-31", "2020-02-01 to 2020-02-29");

        RunReport today = things.run();
        assertThat(things.left.held).containsOnlyKeys("c", "d");
        assertThat(today.notes()).anyMatch(note -> note.contains("a backfill has yet to read 2 slices"));
        slice(months.get(1));
        assertThat(things.left.held).containsOnlyKeys("b", "c", "d");
        assertThat(states()).containsExactly("waiting", "done");
        slice(months.get(0));
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c", "d");
        assertThat(states()).containsExactly("done", "done");

        int opened = things.memory.opened.get();
        RunReport whole = things.run();
        assertThat(whole.recordsRead()).isEqualTo(4);
        assertThat(whole.sinks().get("left").written()).isZero();
        assertThat(things.memory.opened.get()).isEqualTo(opened);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void slicesAreReadSideBySideInOneRunAndTheirObjectsFetchedAhead() {
        things.object("2020-01-05", "a=1");
        things.object("2020-01-06", "b=2");
        things.object("2020-02-05", "b=3", "c=3");
        things.object("2020-03-05", "d=4");
        List<Days.Range> months = plan("2020-01-01", "2020-03-01", By.MONTH);
        List<String> way = new CopyOnWriteArrayList<>();
        things.memory.soon = name -> way.add("soon " + name);
        things.memory.meddler = (object, reader) -> {
            way.add("open " + object.name());
            return reader;
        };
        RunReport both = things.run(RunRequest.of(Mode.RUN).ofSlices(months));
        assertThat(both.recordsRead()).isEqualTo(4);
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c");
        assertThat(value("b")).as("the earlier one counts").isEqualTo(hash("2020-01-06", "b"));
        assertThat(states()).containsExactly("done", "done");
        assertThat(slices()).extracting(s -> s.run().orElseThrow()).containsOnly(both.runId());
        assertThat(way)
                .containsExactly(
                        "soon 2020-01-05",
                        "soon 2020-01-06",
                        "open 2020-01-05",
                        "soon 2020-02-05",
                        "open 2020-01-06",
                        "open 2020-02-05",
                        "soon nothing");
        way.clear();
        things.run();
        assertThat(way)
                .as("a run of today looks at one after the other")
                .containsExactly("open 2020-02-05", "open 2020-03-05");
    }

    @Test
    void nothingIsDeletedBeforeAllIsReadAndThenWhatIsGone() {
        things.object("2020-01-05", "a=1", "b=2");
        things.object("2020-02-05", "c=3");
        things.object("2020-03-05", "d=4", "e=5");
        things.run();
        things.object("2020-01-05", "a=1");
        things.object("2020-03-05", "d=4");
        things.memory.objects.remove("2020-02-05");

        List<Days.Range> months = plan("2020-01-01", "2020-03-01", By.MONTH);
        slice(months.get(0));
        things.run();
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c", "d", "e");
        slice(months.get(1));
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c", "d", "e");
        RunReport whole = things.run();
        assertThat(whole.sinks().get("left").deleted()).isEqualTo(3);
        assertThat(things.left.held).containsOnlyKeys("a", "d");
    }

    /** In memory the first object by name counts, so that history holds on to what today repeats, and the other way round. */
    @Test
    void whatAnObjectElsewhereHoldsStaysItsOwn() {
        things.object("2020-01-05", "a=1");
        things.object("2020-02-05", "a=2", "b=2");
        List<Days.Range> january = plan("2020-01-01", "2020-02-01", By.MONTH);
        things.run();
        assertThat(value("a")).isEqualTo(hash("2020-02-05", "a"));
        slice(january.get(0));
        assertThat(value("a")).as("the earlier one counts").isEqualTo(hash("2020-01-05", "a"));

        plan("2020-02-01", "2020-03-01", By.MONTH);
        things.object("2020-02-05", "a=7", "b=7");
        slice(new Days.Range(LocalDate.parse("2020-02-01"), LocalDate.parse("2020-03-01")));
        assertThat(value("a")).as("an object that is left alone keeps it").isEqualTo(hash("2020-01-05", "a"));
        assertThat(value("b")).isEqualTo(hash("2020-02-05", "b"));
        things.run();
        assertThat(value("a")).isEqualTo(hash("2020-01-05", "a"));
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aSinkThatWaitsForAllGetsHistorySliceBySliceAndNothingTwice() {
        things.object("2020-01-05", "a=1", "b=2");
        things.object("2020-02-05", "c=3");
        things.object("2020-03-05", "d=4");
        things.run();
        things.generations.put("left", "2");
        things.left.held.clear();
        things.left.written = 0;
        things.right.written = 0;
        List<Days.Range> months = plan("2020-01-01", "2020-03-01", By.MONTH);
        slice(months.get(1));
        assertThat(things.left.held).containsOnlyKeys("c");
        things.run();
        things.run();
        assertThat(things.left.held).containsOnlyKeys("c", "d");
        slice(months.get(0));
        assertThat(things.left.written).isEqualTo(4);
        assertThat(things.acked("left")).as("it waits for nothing any more").isPositive();
        things.run();
        assertThat(things.left.written).isEqualTo(4);
        assertThat(things.right.written).isZero();
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aSliceThatFailsForASinkWaitsAndTheSinkGetsTheRest() {
        things.object("2020-01-05", "a=1");
        things.object("2020-03-05", "d=4");
        List<Days.Range> months = plan("2020-01-01", "2020-02-01", By.MONTH);
        things.right.down = true;
        assertThat(slice(months.get(0)).status()).isEqualTo(Status.FAILED);
        assertThat(states()).containsExactly("waiting");
        things.right.down = false;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.right.held).containsOnlyKeys("d");
        assertThat(slice(months.get(0)).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.right.held).containsOnlyKeys("a", "d");
        assertThat(things.left.written).isEqualTo(2);
        assertThat(things.right.written).isEqualTo(2);
        assertThat(slices().get(0).tries()).isEqualTo(2);
    }

    @Test
    void aCancelledBackfillLeavesTheRestToTheNextRun() {
        things.object("2020-01-05", "a=1");
        things.object("2020-02-05", "b=2");
        List<Days.Range> months = plan("2020-01-01", "2020-03-01", By.MONTH);
        slice(months.get(0));
        become(Backfills.PAUSED);
        things.run();
        assertThat(things.left.held).containsOnlyKeys("a");
        become(Backfills.CANCELLED);
        things.run();
        assertThat(things.left.held).containsOnlyKeys("a", "b");
        assertThat(states()).containsExactly("done", "cancelled");
    }

    @Test
    void aPlanLeavesAloneWhatTheRunWill() {
        things.object("2020-01-05", "a=1");
        things.object("2020-03-05", "d=4");
        plan("2020-01-01", "2020-02-01", By.MONTH);
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.sinks().get("left").inserts()).isEqualTo(1);
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
    }

    @Test
    void aRunOfTodayWaitsForTheSliceThatIsRead() throws Exception {
        things.object("2020-01-05", "a=1");
        things.object("2020-03-05", "d=4");
        Days.Range january = plan("2020-01-01", "2020-02-01", By.MONTH).get(0);
        Session slice = things.open(RunRequest.of(Mode.RUN).ofSlices(List.of(january)));
        List<String> notices = new CopyOnWriteArrayList<>();
        CompletableFuture<RunReport> today = CompletableFuture.supplyAsync(
                () -> Loop.run(things.open(RunRequest.of(Mode.RUN).noticedBy(notices::add)), List.of(), things.sinks));
        Await.until("it waits", Duration.ofSeconds(20), () -> !notices.isEmpty());
        assertThat(notices.get(0)).contains("waits for backfill of", "which goes on");
        assertThat(Loop.run(slice, List.of(), things.sinks).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(today.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("a", "d");
    }

    private RunReport slice(Days.Range days) {
        return things.run(RunRequest.of(Mode.RUN).ofSlices(List.of(days)));
    }

    private List<Days.Range> plan(String since, String until, By by) {
        Slices cut = Slices.of(LocalDate.parse(since), LocalDate.parse(until), by);
        List<Days.Range> ranges = new ArrayList<>(cut.sums().keySet());
        new PlainTransactions(LEDGER.pool).in(c -> {
            Backfills.plan(
                    c,
                    LEDGER.flow(things.name).id(),
                    ranges.stream()
                            .map(r -> Backfills.Slice.waiting(r.since(), r.until()))
                            .toList());
            return null;
        });
        return ranges;
    }

    private List<Backfills.Slice> slices() {
        return new PlainTransactions(LEDGER.pool)
                .in(c -> Backfills.of(c, LEDGER.flow(things.name).id()));
    }

    private List<String> states() {
        return slices().stream().map(Backfills.Slice::state).toList();
    }

    private void become(String state) {
        new PlainTransactions(LEDGER.pool)
                .in(c -> Backfills.become(c, LEDGER.flow(things.name).id(), state));
    }

    private Object value(String key) {
        return Optional.ofNullable(things.left.held.get(key)).orElseThrow();
    }

    private Object hash(String object, String key) {
        return things.memory.records(object).stream()
                .filter(r -> r.key().equals(key))
                .findFirst()
                .orElseThrow()
                .hash();
    }
}
