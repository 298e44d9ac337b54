package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.CommandChild.Running;
import io.caravan.job.TestJobs;
import io.caravan.ledger.Sql;
import io.caravan.message.Mailbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline that ships: S3's events of files in bronze start a job of their agency each, once. */
abstract class BronzeEventsContract {

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private final Map<String, String> settings = new HashMap<>();
    private UserProject project;
    private Mailbox box;

    abstract Mailbox fresh() throws Exception;

    @BeforeEach
    void project() throws Exception {
        box = fresh();
        for (String store : List.of("ledger", "warehouse")) {
            settings.put("caravan." + store + ".uri", jobs.endpoint.uri());
            settings.put("caravan." + store + ".user", jobs.endpoint.user());
            settings.put("caravan." + store + ".password", jobs.endpoint.password());
        }
        settings.put("caravan.bronze-events.uri", box.uri());
        settings.put(
                "caravan.silver.input",
                Path.of("samples/lake/bronze").toAbsolutePath().toString());
        settings.put("caravan.silver.output", folder.resolve("silver").toString());
        project = new UserProject(folder);
        project.write("routes/README", "a project, so that its settings count");
        project.settings(settings);
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void eachObjectStartsAJobOfItsAgencyOnceHoweverOftenItsEventComes() throws Exception {
        event("ObjectCreated:Put", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "01");
        event("ObjectCreated:Put", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "01");
        event("ObjectRemoved:Delete", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "02");
        event("ObjectCreated:Put", "agency/agency-30/requests/staff/1.json", "03");
        event("ObjectCreated:Put", "agency/%7B%7Benv%3AHOME%7D%7D/files/staff/2031-02-03/04/data.csv", "04");
        run(3, "run", "bronze-events");
        List<String> one = List.of(
                "bronze-to-silver bronze|agency/agency-30/files/staff/2031-02-03/04/data.csv|null|01 {\"agency\": \"agency-30\"}"
                        + " bronze-to-silver agency-30 pending");
        assertThat(table()).isEqualTo(one);
        run(0, "dead-letters", "list", "--pipeline", "bronze-events", "--json");
        assertThat(project.json().findValuesAsText("reason"))
                .containsExactly("jobs: bronze-to-silver: --agency must match [A-Za-z0-9][A-Za-z0-9_.-]{0,99}, got"
                        + " '{{env:HOME}}'");

        event("ObjectCreated:Put", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "01");
        run(3, "run", "bronze-events"); // the letter is open
        assertThat(table()).isEqualTo(one);
        assertThat(box.waiting()).isZero();

        run(3, "jobs", "work");
        assertThat(jobs.texts("select concat_ws(' ', status, error_message) from jobs.job"))
                .as("a poor row makes it partial")
                .singleElement()
                .asString()
                .startsWith("failed partial: ");
        assertThat(folder.resolve("silver/staff/agency=agency-30")).isDirectory();
        assertThat(String.join(" ", project.out()))
                .as("what to type next is for a shell")
                .contains("dead-letters list --pipeline 'silver[agency-30]'");
        event("ObjectCreated:Put", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "01");
        event("ObjectCreated:Put", "agency/agency-30/files/staff/2031-02-03/04/data.csv", "05");
        run(3, "run", "bronze-events");
        assertThat(jobs.texts("select status from jobs.job order by id"))
                .as("another form of the object is another job")
                .containsExactly("failed", "pending");
    }

    /** A trigger of the ledger stops the run where the job is there, and nothing was acknowledged. */
    @Test
    void aRunThatIsKilledBetweenTheJobAndTheAcknowledgementLeavesOneJob() throws Exception {
        event("ObjectCreated:Put", "agency/agency-10/files/staff/2031-02-03/04/data.csv", "01");
        run(0, "runs");
        jobs.update("create function public.held() returns trigger language plpgsql as"
                + " 'begin perform pg_advisory_xact_lock(27); return new; end'");
        jobs.update("create trigger held before insert on ledger.delivery for each row execute function public.held()");
        jobs.database.in(c -> {
            Sql.first(c, r -> true, "select pg_advisory_xact_lock(27)");
            try (Running run = new CommandChild(folder, jobs.endpoint, settings).start("run", "bronze-events")) {
                run.waitUntil(() -> jobs.count("pg_stat_activity where wait_event = 'advisory'") == 1);
                assertThat(table()).hasSize(1);
                run.signal("KILL");
                assertThat(run.end()).isEqualTo(137);
                return null;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        jobs.update("drop trigger held on ledger.delivery");
        box.settle();
        assertThat(box.waiting()).isEqualTo(1);
        run(0, "run", "bronze-events", "--wait", "60");
        assertThat(table()).hasSize(1);
        assertThat(box.waiting()).isZero();
    }

    private void event(String name, String key, String sequencer) throws Exception {
        box.send(
                "x",
                "{\"Records\": [{\"eventSource\": \"aws:s3\", \"eventTime\": \"2026-11-30T12:00:00Z\", \"eventName\": \""
                        + name + "\", \"s3\": {\"bucket\": {\"name\": \"bronze\"}, \"object\": {\"key\": \"" + key
                        + "\", \"sequencer\": \"" + sequencer + "\"}}}]}");
    }

    private List<String> table() {
        return jobs.texts(
                "select concat_ws(' ', kind, key, payload, concurrency_key, status) from jobs.job order by id");
    }

    private void run(int exit, String... command) {
        assertThat(project.cli(command))
                .as("%s %s", project.out(), project.err())
                .isEqualTo(exit);
    }
}
