package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own pipelines and jobs have manifests too. */
class KubernetesCommandTest {

    @TempDir
    Path folder;

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
        project.write("jobs/greet.job.yaml", """
                description: Greets
                parameters:
                  who:
                    description: whom
                run:
                  java: io.caravan.job.HelloWorld
                """);
    }

    private JsonNode only(String... options) throws Exception {
        assertThat(project.cli(options)).as("%s", project.err()).isZero();
        assertThat(project.json()).hasSize(1);
        return project.json().get(0);
    }

    @Test
    void aPipelineIsAJobAndWithAScheduleACronJob() throws Exception {
        JsonNode job = only("kubernetes", "--json", "--pipeline", "people");
        assertThat(job.get("kind").asText()).isEqualTo("Job");
        assertThat(job.at("/spec/template/spec/containers/0/args").toString()).isEqualTo("[\"run\",\"people\"]");

        project.write(
                "application-night.properties",
                "caravan.schedule.people.cron = 0 0 3 ? * MON-FRI\n" + "caravan.schedule.people.zone = Asia/Tokyo\n");
        JsonNode cron = only("kubernetes", "--json", "--profile", "night", "--schedules");
        assertThat(cron.get("kind").asText()).isEqualTo("CronJob");
        assertThat(cron.at("/metadata/name").asText()).isEqualTo("caravan-people");
        assertThat(cron.at("/spec/schedule").asText()).isEqualTo("0 3 * * MON-FRI");
        assertThat(cron.at("/spec/timeZone").asText()).isEqualTo("Asia/Tokyo");
        assertThat(cron.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
        assertThat(cron.at("/spec/startingDeadlineSeconds").asInt()).isEqualTo(600);
        assertThat(cron.at("/spec/jobTemplate/spec/template/spec/containers/0/args")
                        .toString())
                .isEqualTo("[\"run\",\"people\",\"--scheduled-for\",\"$(JOB_NAME)\"]");
        assertThat(cron).isEqualTo(only("kubernetes", "--json", "--profile", "night", "--pipeline", "people"));
    }

    @Test
    void aJobIsToldWhatIsSaidAndKubernetesReplacesNothingInIt() throws Exception {
        JsonNode job = only("kubernetes", "--json", "--job", "greet", "--", "--who", "$(HOME)");
        assertThat(job.at("/spec/template/spec/containers/0/args").toString())
                .isEqualTo("[\"run\",\"greet\",\"--\",\"--who=$$(HOME)\"]");
        assertThat(project.cli("kubernetes", "--job", "greet", "--", "--whom", "x"))
                .isEqualTo(Exit.WRONG);
        assertThat(project.cli("kubernetes", "--job", "greed")).isEqualTo(Exit.WRONG);
        assertThat(project.err()).anyMatch(l -> l.startsWith("kubernetes: --job must be a job, got 'greed'"));
    }

    @Test
    void aSecretIsNoEntryOfAConfigMap() throws Exception {
        project.write("application-prod.properties", "caravan.ledger.password = s3cret\n");
        assertThat(project.cli("kubernetes", "--profile", "prod")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactly("kubernetes: caravan.ledger.password must name an entry of a Secret, as"
                        + " {{secret:caravan/<key>}}, as a ConfigMap is no place for it, got 'a value'");
        assertThat(project.out()).isEmpty();
        project.write("application-prod.properties", "caravan.ledger.password = {{secret:caravan/db}}\n");
        assertThat(project.cli("kubernetes", "--profile", "prod")).isZero();
        assertThat(project.out())
                .contains("  CARAVAN_LEDGER_PASSWORD: \"{{secret:caravan/db}}\"", "              - key: db");
    }

    @Test
    void withoutMilvusThereIsOneServer() {
        assertThat(project.cli("kubernetes")).isZero();
        assertThat(project.out())
                .contains("  replicas: 1", "    type: Recreate")
                .doesNotContain("kind: HorizontalPodAutoscaler");
    }
}
