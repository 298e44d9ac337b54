package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where what a command printed did not arrive. */
@EnabledOnOs(OS.LINUX)
class StandardOutputTest {

    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;

    @Test
    void aRunWhoseReportIsLostSaysSoAndDidItsWork() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        CommandChild child = new CommandChild(folder, database, database, database);
        child.records(3, 1);
        try (var run = child.startInto(FULL, "run", "things")) {
            assertThat(run.end()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualTo(
                            "caravan: standard output must take what is printed, got No space left on device; what the"
                                    + " command says it did is done, only its report is lost: make room there, or send it elsewhere");
        }
        assertThat(child.held("left")).isEqualTo(CommandChild.expected(3, 1));
    }

    /** As {@code caravan list | head -1} does: it has what it wanted. */
    @Test
    void aReaderThatLeavesIsNoFailure() throws Exception {
        Endpoint nowhere = new Endpoint("jdbc:postgresql://127.0.0.1:9/x", "u", "p");
        CommandChild child = new CommandChild(folder, nowhere, nowhere, nowhere);
        try (var list = child.startInto(CommandChild.PIPE, "list")) {
            list.process().getInputStream().close();
            assertThat(list.end()).isZero();
            assertThat(list.err()).isEmpty();
        }
    }
}
