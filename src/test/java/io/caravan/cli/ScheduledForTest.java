package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that another scheduler starts is for one time, which is done once. */
class ScheduledForTest {

    private static final String NIGHT = "2026-11-30T03:00:00Z";
    /** The same, as a CronJob calls its Job. */
    private static final String JOB = "caravan-people-29933460";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write("routes/people/people.camel.yaml", """
                - route:
                    id: people
                    description: Moves people
                    from:
                      uri: kamelet:objects-source
                      parameters: {pipeline: people, input: '%s', format: csv, keyFields: id}
                      steps:
                        - to: {uri: 'kamelet:objects-sink', parameters: {output: '%s'}}
                """.formatted(folder.resolve("data"), folder.resolve("out")));
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.ledger.uri", database.uri());
        settings.put("caravan.ledger.user", database.user());
        settings.put("caravan.ledger.password", database.password());
        project.settings(settings);
        project.write("data/people.csv", "id,name\n1,Ada\n");
    }

    private long read(String... options) throws Exception {
        String[] all = new String[options.length + 3];
        System.arraycopy(new String[] {"run", "people", "--json"}, 0, all, 0, 3);
        System.arraycopy(options, 0, all, 3, options.length);
        assertThat(project.cli(all)).as("%s", project.err()).isZero();
        return project.json().get("sinks").size() == 0
                ? -1
                : project.json().get("recordsRead").asLong();
    }

    @Test
    void theSecondForATimeDoesNothingAndTheNextTimeIsAnother() throws Exception {
        assertThat(read("--scheduled-for", NIGHT)).isEqualTo(1);
        project.write("data/people.csv", "id,name\n1,Ada\n2,Grace\n");
        assertThat(read("--scheduled-for", "2026-11-30T00:00:00-03:00")).isEqualTo(-1);
        assertThat(read("--scheduled-for", JOB)).isEqualTo(-1);
        assertThat(read("--scheduled-for", "2026-12-01T03:00:00Z")).isEqualTo(2);
    }

    @Test
    void whatFailedForATimeIsTriedAgain() throws Exception {
        Path data = folder.resolve("data");
        Files.move(data, folder.resolve("elsewhere"));
        assertThat(project.cli("run", "people", "--scheduled-for", NIGHT)).isNotZero();
        Files.move(folder.resolve("elsewhere"), data);
        project.write("data/people.csv", "id,name\n1,Ada\n");
        assertThat(read("--scheduled-for", NIGHT)).isEqualTo(1);
    }

    @Test
    void aTimeIsSaidAsSchedulersSayIt() {
        assertThat(FireTime.of(JOB)).contains(Instant.parse(NIGHT));
        assertThat(FireTime.of("2026-11-30T03:00:00+00:00")).contains(Instant.parse(NIGHT));
        assertThat(FireTime.of("by-hand")).isEmpty();
        assertThatThrownBy(() -> FireTime.of("2026-11-30 03:00"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "run: --scheduled-for must be a time with its zone, such as 2026-11-30T03:00:00Z, or the name of a Job,"
                                + " got '2026-11-30 03:00'");
    }

    @Test
    void aPartOfARunIsForNoTime() {
        assertThat(project.cli("run", "people", "--limit", "1", "--scheduled-for", NIGHT))
                .isEqualTo(Exit.WRONG);
        assertThat(project.err()).anyMatch(l -> l.contains("--scheduled-for must be without --limit and --only-sinks"));
    }
}
