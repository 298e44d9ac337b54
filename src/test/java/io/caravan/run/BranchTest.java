package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step in one branch of a multicast concerns the sinks of that branch alone. */
class BranchTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private ThingsRoute route;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,size\nodd,many\neven,2\nthird,3\n");
        route = new ThingsRoute("convert-in-a-branch", folder, database);
    }

    @AfterEach
    void stop() throws Exception {
        route.close();
    }

    @Test
    void aRecordThatItRefusesIsDeadForItsSinkAndWrittenToTheOthers() throws Exception {
        RunReport run = route.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("left")).isEqualTo(report(3, 0, 0));
        assertThat(run.sinks().get("right")).isEqualTo(report(2, 0, 1));
        assertThat(run.openDeadLetters()).isEqualTo(1);
        assertThat(route.left.held).containsKey("odd");
        assertThat(route.right.held).containsOnlyKeys("even", "third");

        RunReport verify = route.run(RunRequest.of(Mode.VERIFY).comparingContents(true));
        assertThat(verify.status()).as("%s", verify.sinks()).isEqualTo(Status.SUCCEEDED);
        RunReport again = route.run();
        assertThat(again.sinks().get("left")).isEqualTo(report(0, 3, 0));
        assertThat(again.sinks().get("right").written()).isZero();
    }

    @Test
    void aReplayThatItRefusesAgainLeavesTheOthersAlone() throws Exception {
        route.run();
        int calls = route.left.calls;
        RunReport replay = route.run(RunRequest.of(Mode.REPLAY));
        assertThat(replay.status()).isEqualTo(Status.PARTIAL);
        assertThat(replay.sinks().get("right").dead()).isEqualTo(1);
        assertThat(replay.openDeadLetters()).isEqualTo(1);
        assertThat(route.left.calls).isEqualTo(calls);
    }

    @Test
    void aRecordThatIsMendedInTheSourceEndsItsLetter() throws Exception {
        route.run();
        Files.writeString(folder.resolve("a.csv"), "id,size\nodd,7\neven,2\nthird,3\n");
        RunReport run = route.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("right")).isEqualTo(report(1, 2, 0));
        assertThat(route.right.held.keySet()).isEqualTo(route.left.held.keySet());
    }

    private static SinkReport report(long written, long unchanged, long dead) {
        return new SinkReport(written, unchanged, 0, dead, 0, 0, List.of());
    }
}
