package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much the log says, in processes of their own, as the log is one for each process. */
class VerboseTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void theLogSaysOnStandardErrorWhatIsDoneWhenSomebodyAsksForIt() throws Exception {
        CommandChild child = new CommandChild(folder, database, database, database);
        child.records(3, 1);
        try (Running quiet = child.start("run", "things", "--json")) {
            assertThat(quiet.end()).isZero();
            assertThat(quiet.err()).isEmpty();
        }
        for (String[] asked :
                new String[][] {{"run", "things", "--json", "-v"}, {"run", "--verbose", "things", "--json"}}) {
            try (Running verbose = child.start(asked)) {
                assertThat(verbose.end()).isZero();
                assertThat(verbose.out())
                        .as("standard output stays JSON")
                        .startsWith("{")
                        .hasLineCount(1);
                assertThat(verbose.err()).contains(" INFO ").doesNotContain(" DEBUG ");
            }
        }
    }

    @Test
    void askedTwiceItSaysEverythingAndWhereAnErrorHappened() throws Exception {
        Endpoint nowhere = new Endpoint("jdbc:postgresql://127.0.0.1:1/none", "caravan", "none");
        CommandChild child = new CommandChild(folder, database, nowhere, database);
        try (Running once = child.start("runs", "-v");
                Running twice = child.start("runs", "-vv")) {
            assertThat(once.end()).isEqualTo(1);
            assertThat(once.err()).doesNotContain("\tat ");
            assertThat(twice.end()).isEqualTo(1);
            assertThat(twice.err()).contains(" DEBUG ").contains("\tat io.caravan.");
        }
    }
}
