package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a filter or choice of the route keeps from a sink is counted for it, goes from it, and is not expected there. */
class FilterTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private ThingsRoute route;

    private void start(String file, boolean on) throws Exception {
        stop();
        MemorySink left = route == null ? new MemorySink("left") : route.left;
        MemorySink right = route == null ? new MemorySink("right") : route.right;
        route = new ThingsRoute(file, folder, database, left, right, on);
    }

    @AfterEach
    void stop() throws Exception {
        if (route != null) route.close();
    }

    private void things(String... rows) throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,size,text\n" + String.join("\n", rows) + "\n");
    }

    private static SinkReport report(long written, long unchanged, long deleted, Map<String, Long> dropped) {
        return new SinkReport(written, unchanged, deleted, 0, 0, 0, List.of(), dropped);
    }

    @Test
    void eachRecordGoesWhereItBelongsThroughNestedMulticastsAndASubRoute() throws Exception {
        things("one,1,even", "ten,10,even", "odd,3,odd");
        start("filter-things", true);
        RunReport plan = route.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.sinks().get("left"))
                .isEqualTo(new SinkReport(0, 0, 0, 0, 2, 0, List.of(), Map.of("only-small", 1L)));

        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left")).isEqualTo(report(2, 0, 0, Map.of("only-small", 1L)));
        assertThat(run.sinks().get("right")).isEqualTo(report(2, 0, 0, Map.of("not-odd", 1L)));
        assertThat(route.left.held).containsOnlyKeys("one", "odd");
        assertThat(route.right.held).containsOnlyKeys("one", "ten");
        assertThat(route.left.written)
                .as("nothing is deleted that was never there")
                .isEqualTo(2);
        try (TestLedger ledger = new TestLedger(database)) {
            assertThat(ledger.texts("select sink || ' ' || key || ' ' || node from ledger.dropped order by 1"))
                    .containsExactly("left ten only-small", "right odd not-odd");
            Runs.Entry kept = new PlainTransactions(ledger.pool)
                    .in(c -> Runs.newest(c, Optional.of("things"), 1))
                    .get(0);
            assertThat(kept.deliveries().get("left").dropped()).isEqualTo(Map.of("only-small", 1L));
        }
        assertHoldsWhatItShould();
        assertThat(route.run().sinks().get("left")).isEqualTo(report(0, 2, 0, Map.of("only-small", 1L)));
    }

    @Test
    void aRecordThatDoesNotPassAnyMoreIsDeletedAndOneThatPassesAgainIsWritten() throws Exception {
        things("one,1,even", "ten,10,even");
        start("filter-things", true);
        route.run();
        things("one,11,even", "ten,9,odd");
        RunReport plan = route.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.sinks().get("left").dropped()).isEqualTo(Map.of("only-small", 1L));
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left")).isEqualTo(report(1, 0, 0, Map.of("only-small", 1L)));
        assertThat(run.sinks().get("right")).isEqualTo(report(1, 0, 0, Map.of("not-odd", 1L)));
        assertThat(route.left.held).containsOnlyKeys("ten");
        assertThat(route.right.held).containsOnlyKeys("one");
        assertHoldsWhatItShould();

        things("ten,9,odd");
        run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left"))
                .as("what it never had is not deleted")
                .isEqualTo(report(0, 1, 0, Map.of()));
        assertThat(run.sinks().get("right")).isEqualTo(report(0, 0, 1, Map.of("not-odd", 1L)));
        assertHoldsWhatItShould();
    }

    @Test
    void whatAnOutsiderPutBehindAFilterIsSurplus() throws Exception {
        things("one,1,even", "ten,10,even");
        start("filter-things", true);
        route.run();
        route.left.held.put("ten", route.left.held.get("one"));
        RunReport verify = route.run(RunRequest.of(Mode.VERIFY));
        assertThat(verify.sinks().get("left").differing()).containsExactly("ten");
        RunReport repair = route.run(RunRequest.of(Mode.REPAIR).allowingDeletes(true));
        assertThat(repair.problems()).isEmpty();
        assertThat(route.left.held).containsOnlyKeys("one");
    }

    @Test
    void aFilterThatLetsNoBatchThroughEmptiesItsSink() throws Exception {
        things("one,1,even", "ten,10,even", "odd,3,odd");
        start("filter-things", true);
        route.run();
        start("filter-things", false);
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("right")).isEqualTo(report(0, 0, 0, Map.of("switched-on", 3L)));
        assertThat(route.right.held).isEmpty();
        assertThat(run.sinks().get("left").unchanged()).isEqualTo(2);
        assertHoldsWhatItShould();
        start("filter-things", true);
        assertThat(route.run().sinks().get("right")).isEqualTo(report(2, 0, 0, Map.of("not-odd", 1L)));
        assertHoldsWhatItShould();
    }

    @Test
    void theClausesOfAChoiceThatAreNotTakenDropTheBatch() throws Exception {
        things("one,1,even", "ten,10,even");
        start("choose-things", true);
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left")).isEqualTo(report(2, 0, 0, Map.of()));
        assertThat(run.sinks().get("right")).isEqualTo(report(0, 0, 0, Map.of("which-store", 2L)));
        assertHoldsWhatItShould();
        start("choose-things", false);
        things("ten,10,even", "new,1,even");
        run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left").dropped()).isEqualTo(Map.of("which-store", 2L));
        assertThat(run.sinks().get("left").deleted()).isEqualTo(1);
        assertThat(route.left.held).isEmpty();
        assertThat(route.right.held).containsOnlyKeys("ten", "new");
        assertHoldsWhatItShould();
    }

    @Test
    void aFilterThatLooksAtTheBatchDropsWholeBatches() throws Exception {
        things(IntStream.range(0, 5_000).mapToObj(i -> "k" + i + ",1,x").toArray(String[]::new));
        start("choose-things", true);
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        long dropped = run.sinks().get("left").dropped().get("not-too-many");
        assertThat(dropped).isBetween(501L, 5_000L);
        assertThat(run.sinks().get("left").written()).isEqualTo(5_000 - dropped);
        assertThat(run.sinks().get("right").droppedInAll()).isEqualTo(5_000);
        assertThat(route.left.held).hasSize((int) (5_000 - dropped));
    }

    @Test
    void aStopIsRefusedAtTheStart() {
        assertThatThrownBy(() -> start("stop-things", true))
                .hasStackTraceContaining("things: a stop must not stand between source and sinks");
    }

    @Test
    void aBatchThatAnErrorKeptFromASinkIsNotTakenForDropped() throws Exception {
        things("one,1,even", "ten,10,even");
        start("swallow-errors", true);
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
        start("swallow-errors", false);
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("right: records read must be written, unchanged or dead, got 0 of 2");
        assertThat(route.right.held).containsOnlyKeys("one", "ten");
    }

    @Test
    void aRecordThatARuleRefusedAndThatIsDroppedNowHasNoOpenLetter() throws Exception {
        things("one,1,even", "ten,ten,even");
        start("filter-things", true);
        RunReport run = route.run();
        assertThat(run.sinks().get("right").dead()).isEqualTo(1);
        assertThat(run.openDeadLetters()).isEqualTo(1);
        things("one,1,even", "ten,10,odd");
        run = route.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.openDeadLetters()).isZero();
        assertHoldsWhatItShould();
    }

    @Test
    void adoptTakesWhatAFilterDropsForKnown() throws Exception {
        things("one,1,even", "ten,10,even");
        start("filter-things", true);
        route.run();
        try (TestLedger ledger = new TestLedger(database)) {
            ledger.execute("delete from ledger.dropped");
            ledger.execute("update ledger.sink_state set acked_run = 0");
        }
        RunReport adopt = route.run(RunRequest.of(Mode.ADOPT));
        assertThat(adopt.problems()).isEmpty();
        assertThat(adopt.sinks().get("left").inserts()).as("missing").isZero();
        int before = route.left.written;
        RunReport run = route.run();
        assertThat(run.sinks().get("left")).isEqualTo(report(0, 1, 0, Map.of("only-small", 1L)));
        assertThat(route.left.written).isEqualTo(before);
    }

    @Test
    void aPreviewShowsWhatPasses() throws Exception {
        things("one,1,even", "ten,10,even", "odd,3,odd");
        start("filter-things", true);
        Preview preview = new Preview();
        route.run(RunRequest.of(Mode.PREVIEW).collectedBy(preview));
        assertThat(preview.arrived().get("left").stream().map(r -> r.key()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("one", "odd");
    }

    @Test
    void aWireTapWritesABatchToAFile() throws Exception {
        Files.createDirectory(folder.resolve("in"));
        Files.writeString(folder.resolve("in/a.csv"), "id,size\none,1\nten,10\n");
        route = new ThingsRoute(
                "tap-things", folder.resolve("in"), database, new MemorySink("left"), new MemorySink("right"), true);
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        stop(); // Camel waits for its taps
        assertThat(folder.resolve("out/things.jsonl"))
                .hasContent("{\"id\":\"one\",\"size\":1}\n{\"id\":\"ten\",\"size\":10}\n");
        assertThat(Files.readAllLines(folder.resolve("out/things.csv"))).containsExactly("id,size", "one,1", "ten,10");
    }

    private void assertHoldsWhatItShould() throws Exception {
        RunReport verify = route.run(RunRequest.of(Mode.VERIFY).comparingContents(true));
        assertThat(verify.status())
                .as("%s %s", verify.sinks(), verify.problems())
                .isEqualTo(Status.SUCCEEDED);
        RunReport idle = route.run();
        assertThat(idle.problems()).isEmpty();
        assertThat(idle.status()).isEqualTo(Status.SUCCEEDED);
        idle.sinks().forEach((name, sink) -> assertThat(sink.written()).isZero());
    }
}
