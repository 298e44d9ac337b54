package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script learns of every command: one table for all. Signals are SignalTest's. */
class ExitCodesTest {

    @TempDir
    Path folder;

    @Test
    void thePageHasTheTable() throws IOException {
        List<String> page = Files.readAllLines(Path.of("docs/operations.md"));
        Matcher each = Pattern.compile("(\\d) ([a-z][a-z ]+[a-z])").matcher(Exit.SENTENCE);
        for (int code = 0; code <= 4; code++) {
            assertThat(each.find()).isTrue();
            assertThat(each.group(1)).isEqualTo(Integer.toString(code));
            String row = "| " + code + " | " + each.group(2);
            assertThat(page).filteredOn(line -> line.startsWith(row)).hasSize(1);
        }
    }

    @Test
    void ofSeveralTheWorstCounts() {
        List<Integer> byWeight = List.of(Exit.SUCCEEDED, Exit.PARTIAL, Exit.LEASE_HELD, Exit.FAILED, Exit.WRONG);
        for (int i = 0; i < byWeight.size(); i++) {
            for (int j = i; j < byWeight.size(); j++) {
                assertThat(Exit.worse(byWeight.get(i), byWeight.get(j))).isEqualTo(byWeight.get(j));
                assertThat(Exit.worse(byWeight.get(j), byWeight.get(i))).isEqualTo(byWeight.get(j));
            }
        }
    }

    @Test
    void everyCommandHelpsWithZeroAndRefusesWhatItDoesNotKnowWithTwo() throws IOException {
        UserProject project = new UserProject(folder);
        project.write("application.properties", "");
        for (String command : Cli.COMMANDS) {
            assertThat(project.cli("help", command)).as(command).isZero();
            if (command.equals("help")) continue; // which is help, whatever stands behind it
            assertThat(project.cli(command, "--no-such-option")).as(command).isEqualTo(2);
            assertThat(project.err()).as(command).isNotEmpty();
        }
        assertThat(project.cli("help")).isZero();
        assertThat(project.cli()).isEqualTo(2);
        assertThat(project.cli("no-such-command")).isEqualTo(2);
        assertThat(project.cli("help", "no-such-command")).isEqualTo(2);
        for (String one : List.of("list", "config", "validate", "completion bash")) {
            assertThat(project.cli(one.split(" "))).as(one).isZero();
        }
    }

    @Test
    void aPipelinesOutcomesAreTheTables() throws IOException {
        Endpoint database = TestStores.freshDatabase();
        UserProject project = project(database);
        project.write("in/a.csv", "id,name\n1,a\n2,b\n");

        outcomes(project, 0, "check copy", "plan copy", "preview copy", "run copy", "run copy", "verify copy", "runs");
        outcomes(project, 0, "dead-letters list", "adopt copy", "list", "hello-world");
        project.write("in/b.csv", "id,name\n,blank\n");
        outcomes(project, 3, "run copy");
        outcomes(project, 3, "run copy --limit 1");
        project.write("in/b.csv", "id,name\n3,c\n");
        outcomes(project, 0, "run copy");
        outcomes(project, 0, "run copy --repair", "verify copy");
        outcomes(project, 2, "run cpy", "plan copy --inptu x", "run copy --limit 0", "remove copy --with-data");
        outcomes(project, 2, "dead-letters show 999", "test copy", "rename nothing other", "init --from none.csv");
        outcomes(project, 2, "run hello-world --repeat x");
        // what a source finds when it reads may be there for the next run
        outcomes(project, 1, "run copy --input nowhere");

        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            Flow flow = new PlainTransactions(ledger).in(c -> Flows.of(c, "copy"));
            try (Lease held = Lease.acquire(ledger, flow, "another", Duration.ofSeconds(30))) {
                assertThat(held.held()).isTrue();
                outcomes(project, 4, "run copy", "plan copy");
                outcomes(project, 0, "verify copy"); // it only reads
                outcomes(project, 4, "rename copy other", "remove copy --with-data --yes");
            }
        }
    }

    @Test
    void aStoreThatIsAwayIsTriedAgain() throws IOException {
        UserProject project = project(new Endpoint("jdbc:postgresql://127.0.0.1:1/none", "caravan", "none"));
        project.write("in/a.csv", "id,name\n1,a\n");
        outcomes(project, 1, "run copy", "plan copy", "verify copy", "check copy", "runs", "dead-letters list");
    }

    private static void outcomes(UserProject project, int code, String... commands) {
        for (String command : commands) {
            assertThat(project.cli(command.split(" ")))
                    .as("%s: %s %s", command, project.out(), project.err())
                    .isEqualTo(code);
        }
    }

    private UserProject project(Endpoint ledger) throws IOException {
        UserProject project = new UserProject(folder);
        project.settings(new HashMap<>(Map.of(
                "caravan.ledger.uri", ledger.uri(),
                "caravan.ledger.user", ledger.user(),
                "caravan.ledger.password", ledger.password(),
                "caravan.copy.input", folder.resolve("in").toString(),
                "caravan.copy.output", folder.resolve("out").toString(),
                "caravan.copy.prefix", "")));
        project.write("application.properties", "caravan.copy.input =\ncaravan.copy.prefix =\ncaravan.copy.output =\n");
        project.write("routes/copy/copy.camel.yaml", JobRunTest.COPY);
        return project;
    }
}
