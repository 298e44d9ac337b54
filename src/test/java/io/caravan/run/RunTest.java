package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run promises, seen through a plain Camel route on a real ledger. */
class RunTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private ThingsRoute route;

    @BeforeEach
    void start() throws Exception {
        things("a.csv", 0, 1_000);
        route = new ThingsRoute(folder, database);
    }

    @AfterEach
    void stop() throws Exception {
        route.close();
    }

    @Test
    void deliversEveryRecordToEverySinkAndWritesNothingTheSecondTime() throws Exception {
        RunReport first = route.run();
        assertThat(first.problems()).isEmpty();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.recordsRead()).isEqualTo(1_000);
        assertThat(first.sinks().get("left").written()).isEqualTo(1_000);
        assertThat(route.left.held).hasSize(1_000).isEqualTo(route.right.held);

        RunReport second = route.run();
        assertThat(second.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.recordsRead()).isEqualTo(1_000);
        assertThat(second.sinks().get("right")).isEqualTo(sink(0, 1_000, 0, 0));
        assertThat(route.left.written).isEqualTo(1_000);
    }

    @Test
    void writesOnlyWhatChangedAndDeletesWhatIsGone() throws Exception {
        route.run();
        things("a.csv", 4, 1_002);
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left")).isEqualTo(sink(2, 996, 4, 0));
        assertThat(route.left.held).hasSize(998).isEqualTo(route.right.held);
    }

    @Test
    void isolatesThePoisonRecordAndDeliversTheRest() throws Exception {
        route.left.poison = r -> r.key().equals("k7");
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("left")).isEqualTo(sink(999, 0, 0, 1));
        assertThat(run.sinks().get("right")).isEqualTo(sink(1_000, 0, 0, 0));

        route.left.poison = r -> false;
        RunReport replay = route.run(RunRequest.of(Mode.REPLAY));
        assertThat(replay.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(route.left.held).isEqualTo(route.right.held);
        assertThat(route.right.written).isEqualTo(1_000);
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void makesADeadLetterOfARecordThatAStepRefusesForEverySink() throws Exception {
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nodd,many,x\neven,2,y\n");
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.recordsRead()).isEqualTo(1_002);
        assertThat(run.sinks().get("left")).isEqualTo(sink(1_001, 0, 0, 1));
        assertThat(run.openDeadLetters()).isEqualTo(1);
    }

    @Test
    void letsTheOthersFinishWhenASinkIsDownAndCatchesUpInTheNextRun() throws Exception {
        route.right.down = true;
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly("right: the store is down");
        assertThat(route.left.held).hasSize(1_000);

        route.right.down = false;
        RunReport next = route.run();
        assertThat(next.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(next.sinks().get("left").written()).isZero();
        assertThat(next.sinks().get("right").written()).isEqualTo(1_000);
        assertThat(next.openDeadLetters()).isZero();
    }

    @Test
    void readsAnObjectThatComesBackAsItWasAfterARunThatMissedIt() throws Exception {
        things("b.csv", 1_000, 1_500);
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
        Path away = Files.move(folder.resolve("b.csv"), folder.resolve(".b.csv"));
        assertThat(route.run().problems()).singleElement().asString().contains("got '500'; nothing was deleted");
        Files.move(away, folder.resolve("b.csv"));
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left")).isEqualTo(sink(0, 1_500, 0, 0));
        assertThat(route.left.held).hasSize(1_500).isEqualTo(route.right.held);
    }

    @Test
    void stopsBeforeItDeletesMoreThanTheLimit() throws Exception {
        route.run();
        things("a.csv", 0, 700);
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("things: deletes must be at most 20 % of 1000 records, got '300'; nothing was deleted."
                        + " If the source really lost them, run once with --allow-deletes");
        assertThat(route.left.held).hasSize(1_000);

        RunReport allowed = route.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(allowed.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(allowed.sinks().get("left").deleted()).isEqualTo(300);
        assertThat(route.left.held).hasSize(700);
    }

    @Test
    void isNoSuccessAndDeletesNothingWhenAnObjectEndsEarly() throws Exception {
        route.run();
        Files.writeString(folder.resolve("a.csv"), "id,size,text\nk1,1,t1\nk2,2,\"cut off");
        RunReport run = route.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).hasSize(1);
        assertThat(route.left.held).hasSize(1_000);

        things("a.csv", 0, 1_000);
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void sendsAStoreThatWasEmptiedEverythingAnewAndPlansIt() throws Exception {
        route.left.marking = true;
        route.run();
        route.left.held.clear();
        RunReport plan = route.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.notes()).singleElement().asString().startsWith("left: its store does not hold");
        RunReport run = route.run();
        assertThat(run.notes()).singleElement().asString().startsWith("left: its store does not hold");
        assertThat(run.sinks().get("left")).isEqualTo(sink(1_000, 0, 0, 0));
        assertThat(run.sinks().get("right")).isEqualTo(sink(0, 1_000, 0, 0));
        assertThat(route.left.held).isEqualTo(route.right.held);
        assertThat(route.run().notes()).isEmpty();
    }

    @Test
    void planSaysWhatARunWouldDoAndWritesNothing() throws Exception {
        RunReport plan = route.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.sinks().get("left").inserts()).isEqualTo(1_000);
        route.run();
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nnew,1,n\n");
        things("a.csv", 4, 1_000);
        RunReport next = route.run(RunRequest.of(Mode.PLAN));
        assertThat(next.problems()).isEmpty();
        assertThat(next.sinks().get("left").inserts()).isEqualTo(1);
        assertThat(next.sinks().get("left").deleted()).isEqualTo(4);
        assertThat(route.left.held).hasSize(1_000);
        RunReport run = route.run();
        assertThat(run.sinks().get("left")).isEqualTo(sink(1, 996, 4, 0));
    }

    @Test
    void verifyNamesTheKeysThatDiffer() throws Exception {
        route.run();
        assertThat(route.run(RunRequest.of(Mode.VERIFY)).status()).isEqualTo(Status.SUCCEEDED);
        route.left.held.remove("k5");
        route.left.held.put("stranger", io.caravan.record.Hash.NONE);
        route.right.held.put("k9", io.caravan.record.Hash.NONE);
        RunReport shallow = route.run(RunRequest.of(Mode.VERIFY));
        assertThat(shallow.status()).isEqualTo(Status.PARTIAL);
        assertThat(shallow.sinks().get("left").differing()).containsExactly("k5", "stranger");
        assertThat(shallow.sinks().get("right").differing()).isEmpty();
        RunReport deep = route.run(RunRequest.of(Mode.VERIFY).comparingContents(true));
        assertThat(deep.sinks().get("left").differing()).containsExactly("k5", "stranger");
        assertThat(deep.sinks().get("right").differing()).containsExactly("k9");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifyNamesWhatNothingSupports(boolean deep) throws Exception {
        route.run();
        route.left.strays.addAll(List.of("node (:Thing)", "node (:Other)"));
        RunReport verify = route.run(RunRequest.of(Mode.VERIFY).comparingContents(deep));
        assertThat(verify.status()).isEqualTo(Status.PARTIAL);
        assertThat(verify.sinks().get("left").deleted()).isEqualTo(2);
        assertThat(verify.sinks().get("left").differing()).containsExactly("node (:Thing)", "node (:Other)");
        assertThat(verify.sinks().get("right").deleted()).isZero();
    }

    @Test
    void makesDeadLettersOfAKeyThatComesAgain() throws Exception {
        Files.writeString(folder.resolve("b.csv"), "id,size,text\nk1,1,again\n");
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("left")).isEqualTo(sink(1_000, 0, 0, 1));
        assertThat(route.run().sinks().get("left")).isEqualTo(sink(0, 1_000, 0, 1));
        Files.delete(folder.resolve("b.csv"));
        assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static RunReport.SinkReport sink(long written, long unchanged, long deleted, long dead) {
        return new RunReport.SinkReport(written, unchanged, deleted, dead, 0, 0, java.util.List.of());
    }

    private void things(String name, int from, int to) throws IOException {
        Files.writeString(
                folder.resolve(name),
                IntStream.range(from, to)
                        .mapToObj(i -> "k" + i + "," + i + ",text " + i)
                        .collect(Collectors.joining("\n", "id,size,text\n", "\n")));
    }
}
