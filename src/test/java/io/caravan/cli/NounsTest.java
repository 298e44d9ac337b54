package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.job.Claims;
import io.caravan.job.JobDatabase;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Flows;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Sql;
import io.caravan.library.BookJob;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines, schedules and workers are things that can be looked at. */
class NounsTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Map<String, String> settings = new HashMap<>();
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
                      parameters: {pipeline: people, input: data, format: csv, keyFields: id}
                      steps:
                        - to: {uri: 'kamelet:objects-sink', parameters: {output: out}}
                """);
        project.write("jobs/greet.job.yaml", "description: Greets\nrun:\n  pipeline: people\n");
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
    }

    @Test
    void pipelinesAreListedWithoutTheJobs() throws Exception {
        assertThat(project.cli("pipelines")).isZero();
        assertThat(project.out())
                .anyMatch(l -> l.startsWith("pipeline people: Moves people"))
                .noneMatch(l -> l.startsWith("job "));
        assertThat(project.cli("pipelines", "--json")).isZero();
        assertThat(project.json().findValuesAsText("pipeline")).contains("people");
        assertThat(project.json().findValuesAsText("job")).isEmpty();
        assertThat(project.cli("list")).isZero();
        assertThat(project.out()).anyMatch(l -> l.startsWith("job greet"));
    }

    @Test
    void schedulesSayWhenTheyFireNext() throws Exception {
        settings.put("caravan.schedule.people.cron", "0 30 2 * * ?");
        settings.put("caravan.schedule.people.zone", "Asia/Tokyo");
        project.settings(settings);
        assertThat(project.cli("schedules", "--json")).isZero();
        JsonNode people = of("people");
        assertThat(people.get("state").asText()).isEqualTo("on");
        assertThat(people.get("cron").asText()).isEqualTo("0 30 2 * * ?");
        Instant next = Instant.parse(people.get("next").asText());
        assertThat(next).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(25)));
        assertThat(next.atZone(ZoneId.of("Asia/Tokyo")).toLocalTime()).isEqualTo(LocalTime.of(2, 30));
        assertThat(of("books-work").get("state").asText()).isEqualTo("off");
        assertThat(of("books-work").get("next").isNull()).isTrue();

        settings.put("caravan.schedule.people.cron", "every night");
        project.settings(settings);
        assertThat(project.cli("schedules")).isEqualTo(Exit.WRONG);
        assertThat(project.out()).anyMatch(l -> l.matches("people +wrong +every night +Asia/Tokyo"));
        assertThat(project.err())
                .anyMatch(l -> l.startsWith("schedule: caravan.schedule.people.cron must be a cron expression"));
    }

    private JsonNode of(String name) throws Exception {
        for (JsonNode line : project.json()) if (line.get("name").asText().equals(name)) return line;
        throw new AssertionError(name);
    }

    @Test
    void workersAreThoseWhoHoldALeaseOrJobsAtThisMoment() throws Exception {
        assertThat(project.cli("workers")).isZero();
        assertThat(project.out()).containsExactly("Nobody works now.");
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
                JobDatabase jobs = new JobDatabase(database.uri(), database.user(), database.password(), 60_000)) {
            PlainTransactions transactions = new PlainTransactions(ledger);
            Flow flow = transactions.in(c -> Flows.of(c, "people"));
            transactions.in(c -> Flows.of(c, "books-work"));
            jobs.in(c -> BookJob.publish(c, List.of(new BookJob("k1", "T", "A", Optional.empty()))));
            try (Lease lease = Lease.acquire(ledger, flow, LeaseTerms.of("run of p1@host", Duration.ofMinutes(1)));
                    Lease key = Lease.acquire(
                            ledger, "agency-7", "files", LeaseTerms.of("files of p2@host", Duration.ofMinutes(1)))) {
                assertThat(lease.held() && key.held()).isTrue();
                transactions.in(c -> Runs.start(c, flow, "run"));
                jobs.in(c -> new Claims("p3@host", Duration.ofMinutes(1)).take(c, 1));
                assertThat(project.cli("workers", "--json")).isZero();
                assertThat(of("people").get("worker").asText()).isEqualTo("run of p1@host");
                assertThat(Instant.parse(of("people").get("since").asText())).isBefore(Instant.now());
                assertThat(Instant.parse(of("people").get("heartbeat").asText()))
                        .isBefore(Instant.now());
                assertThat(of("agency-7").get("worker").asText()).isEqualTo("files of p2@host");
                assertThat(of("agency-7").get("since").isNull()).isTrue();
                assertThat(of("1").get("worker").asText()).isEqualTo("p3@host");
                assertThat(project.cli("workers")).isZero();
                assertThat(project.out())
                        .hasSize(4)
                        .anyMatch(l -> l.matches("pipeline +people +run of p1@host +20.* UTC +20.* UTC +20.* UTC"))
                        .anyMatch(l -> l.matches("jobs +1 +p3@host +20.* UTC +20.* UTC"));
            }
            jobs.in(c -> Sql.update(c, "update books.job set leased_until = clock_timestamp()"));
            assertThat(project.cli("workers")).isZero();
            assertThat(project.out()).containsExactly("Nobody works now.");
        }
    }
}
