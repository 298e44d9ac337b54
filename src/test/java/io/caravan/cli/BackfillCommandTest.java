package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of one tenant, slice by slice, as a user reads it. */
class BackfillCommandTest {

    private static final String ROUTE = """
            - route:
                id: copy
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: copy
                    flow: "{{caravan.copy.tenant}}"
                    input: "%s"
                    prefix: "agency/{{caravan.copy.tenant}}/files/"
                    keyFields: id
                    layout: agency
                    winner: last
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {output: "%s", prefix: "{{caravan.copy.tenant}}/", format: csv, compression: none, partitionBy: run_date}
            """;

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        project.settings(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.copy.tenant", ""));
        project.write("routes/copy/copy.camel.yaml", ROUTE.formatted(folder.resolve("in"), folder.resolve("out")));
        day("2020-01-05", "1,old\n2,old\n");
        day("2020-02-05", "2,newer\n3,old\n");
        day("2020-04-05", "1,today\n");
    }

    @Test
    void aDryRunShowsWhatLiesInEachSliceAndWritesNothing() throws Exception {
        assertThat(backfill("--dry-run", "--json")).as("%s", project.err()).isZero();
        JsonNode slices = project.json().get("slices");
        assertThat(slices.findValuesAsText("since")).containsExactly("2020-01-01", "2020-02-01", "2020-03-01");
        assertThat(slices.findValuesAsText("until")).containsExactly("2020-01-31", "2020-02-29", "2020-03-31");
        assertThat(slices.findValuesAsText("objects")).containsExactly("1", "1", "0");
        assertThat(project.json().get("outside").asInt()).isEqualTo(1);
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(project.cli("backfill", "status")).isZero();
        assertThat(project.out()).containsExactly("No backfill yet");
    }

    @Test
    void historyComesSliceBySliceTheNewestFirstAndEqualsOneRunOfAll() throws Exception {
        assertThat(backfill()).as("%s", project.err()).isZero();
        assertThat(project.out())
                .filteredOn(line -> line.contains("slices done"))
                .extracting(line -> line.replaceFirst("^copy\\[a]: (\\S+) to .*; ", "$1 "))
                .containsExactly(
                        "2020-03-01 1 of 3 slices done",
                        "2020-02-01 2 of 3 slices done",
                        "2020-01-01 3 of 3 slices done");
        assertThat(rows()).containsExactlyInAnyOrder("2020-02-05 2,newer", "2020-02-05 3,old", "2020-04-05 1,today");
        assertThat(project.cli("backfill", "status", "copy[a]", "--json")).isZero();
        assertThat(project.json().findValuesAsText("state")).containsExactly("done", "done", "done");
        assertThat(project.cli("verify", "copy[a]", "--deep"))
                .as("%s", project.err())
                .isZero();

        assertThat(backfill("--json")).as("%s", project.err()).isZero();
        assertThat(project.json().findValue("written").asInt()).isZero();
    }

    @Test
    void whatFailsWaitsAndIsGoneOnWithOrGivenUp() throws Exception {
        Path broken = day("2020-02-07", "\"1\n");
        assertThat(backfill()).isEqualTo(1);
        assertThat(project.out()).anyMatch(line -> line.contains("1 slices are not read, 1 of them failed"));
        assertThat(project.cli("backfill", "status", "copy[a]")).isZero();
        assertThat(project.out().get(1)).contains("2020-01-01 to 2020-01-31", "done");
        assertThat(project.out().get(2)).contains("2020-02-01 to 2020-02-29", "waiting", "failed", "2020-02-07");
        assertThat(project.cli("run", "copy[a]")).as("the letter of the file").isEqualTo(3);
        assertThat(project.out()).anyMatch(line -> line.contains("a backfill has yet to read 1 slices"));

        assertThat(project.cli("backfill", "pause", "copy[a]")).isZero();
        assertThat(project.out()).containsExactly("copy[a]: 1 slices are paused now");
        Files.delete(broken);
        assertThat(project.cli("run", "copy[a]")).as("the letter of the file").isEqualTo(3);
        assertThat(project.cli("backfill", "copy", "--tenant", "a", "--since", "2019", "--until", "2020"))
                .isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("copy[a] must have no other backfill that goes on"));
        assertThat(project.cli("backfill", "resume", "copy", "--tenant", "a"))
                .as("%s", project.err())
                .isZero();
        assertThat(rows()).hasSize(3);

        day("2020-02-07", "\"1\n");
        assertThat(backfill()).isEqualTo(1);
        assertThat(project.cli("backfill", "cancel", "copy[a]")).isZero();
        Files.delete(broken);
        assertThat(project.cli("run", "copy[a]")).as("%s", project.err()).isZero();
        assertThat(project.out()).noneMatch(line -> line.contains("a backfill has yet"));
    }

    @Test
    void slicesSideBySideAreDoneTogetherAndOneThatFailsKeepsNoOtherWaiting() throws Exception {
        day("2020-01-06", "4,old\n");
        Path broken = day("2020-02-07", "\"1\n");
        assertThat(backfill("--parallel", "17")).isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("--parallel must be 1 to 16, got '17'"));
        assertThat(backfill("--parallel", "2")).as("%s", project.err()).isEqualTo(1);
        assertThat(project.out())
                .filteredOn(line -> line.contains("slices done"))
                .extracting(line -> line.replaceFirst("^copy\\[a]: ", "").replaceFirst(", .*; ", "; "))
                .containsExactly(
                        "2 slices of 2020-02-01 to 2020-03-31: failed; 0 of 3 slices done",
                        "2020-03-01 to 2020-03-31: partial; 1 of 3 slices done",
                        "2020-02-01 to 2020-02-29: failed; 1 of 3 slices done",
                        "2020-01-01 to 2020-01-31: partial; 2 of 3 slices done");
        Files.delete(broken);
        assertThat(project.cli("backfill", "resume", "copy", "--tenant", "a", "--parallel", "3"))
                .as("%s", project.err())
                .isZero();
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        "2020-01-06 4,old", "2020-02-05 2,newer", "2020-02-05 3,old", "2020-04-05 1,today");
        assertThat(project.cli("verify", "copy[a]", "--deep"))
                .as("%s", project.err())
                .isZero();
    }

    @Test
    void whatCannotBeCutIsRefusedWithTheReason() throws Exception {
        assertThat(project.cli("backfill", "copy", "--tenant", "a", "--since", "2020-13", "--until", "x", "--by", "w"))
                .isEqualTo(2);
        assertThat(String.join("\n", project.err())).contains("--since must be a day", "--until must", "--by must");
        assertThat(project.cli("backfill", "copy", "--tenant", "a", "--since", "2021", "--until", "2020"))
                .isEqualTo(2);
        assertThat(project.cli("backfill", "pause", "copy[a]")).isEqualTo(2);
        project.replace("routes/copy/copy.camel.yaml", "winner: last", "winner: newest");
        assertThat(backfill()).isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("winner of objects-source must be first or last"));
        project.replace("routes/copy/copy.camel.yaml", "layout: agency\n        winner: newest", "winner: last");
        assertThat(backfill()).as("%s", project.err()).isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("dayField of objects-source must"));
    }

    @Test
    void aJobReadsTheHistoryOfATenant() throws Exception {
        Path job = project.write("routes/copy/jobs/copy-history.job.yaml", """
                description: The history of a tenant
                parameters:
                  tenant: {required: true}
                  since: {required: true}
                  until: {required: true}
                  parallel: {type: integer, default: 3}
                run: {backfill: copy}
                """);
        String[] told = {"--tenant", "a", "--since", "2020-01", "--until", "2020-03"};
        assertThat(with(told, "run", "copy-history", "--dry-run"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out().get(1)).startsWith("2020-01-01 to 2020-01-31");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(with(told, "jobs", "add", "copy-history", "--"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("jobs", "work")).as("%s", project.err()).isZero();
        assertThat(project.out()).anyMatch(line -> line.contains("3 slices of 2020-01-01 to 2020-03-31: succeeded"));
        assertThat(rows()).hasSize(3);
        Files.writeString(job, Files.readString(job).replace("  since: {required: true}\n", ""));
        assertThat(project.cli("run", "copy-history", "--tenant", "a", "--until", "2020-03"))
                .isEqualTo(2);
        assertThat(project.err()).anyMatch(line -> line.contains("parameters must have since for run.backfill"));
    }

    private int with(String[] told, String... command) {
        return project.cli(Stream.concat(Stream.of(command), Stream.of(told)).toArray(String[]::new));
    }

    private int backfill(String... more) {
        return project.cli(Stream.concat(
                        Stream.of("backfill", "copy", "--tenant", "a", "--since", "2020-01", "--until", "2020-03"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private Path day(String date, String rows) throws IOException {
        return project.write("in/agency/a/files/staff/" + date + "/04/data.csv", "id,v\n" + rows);
    }

    /** Each with its day. */
    private List<String> rows() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("out/a"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .flatMap(BackfillCommandTest::rows)
                    .toList();
        }
    }

    private static Stream<String> rows(Path file) {
        try {
            String day = file.getParent().getFileName().toString().replace("run_date=", "");
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .map(row -> day + " " + row.replaceFirst("^[^,]*,(.*?,.*?)(,.*)?$", "$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
