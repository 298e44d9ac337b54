package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.caravan.error.ConfigurationException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What Kubernetes is given runs the job, whatever a row holds. */
class KubernetesJobsTest {

    /** The part of batch/v1 that we write; nothing else may stand there. */
    private static final String SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["apiVersion", "kind", "metadata", "spec"], "properties": {
              "apiVersion": {"const": "batch/v1"}, "kind": {"const": "Job"},
              "metadata": {"type": "object", "additionalProperties": false, "required": ["name", "labels", "annotations"], "properties": {
                "name": {"type": "string", "maxLength": 63, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
                "labels": {"type": "object", "additionalProperties":
                  {"type": "string", "maxLength": 63, "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}},
                "annotations": {"type": "object", "additionalProperties": {"type": "string"}}}},
              "spec": {"type": "object", "additionalProperties": false, "required": ["backoffLimit", "template"], "properties": {
                "backoffLimit": {"const": 1},
                "template": {"type": "object", "additionalProperties": false, "required": ["spec"], "properties": {
                  "spec": {"type": "object", "additionalProperties": false, "required": ["restartPolicy", "containers"], "properties": {
                    "restartPolicy": {"const": "Never"},
                    "containers": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
                      "type": "object", "additionalProperties": false, "required": ["name", "image", "args"], "properties": {
                        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
                        "image": {"type": "string"},
                        "args": {"type": "array", "items": {"type": "string"}},
                        "envFrom": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                          "required": ["secretRef"], "properties": {"secretRef": {"type": "object", "additionalProperties": false,
                            "required": ["name"], "properties": {"name": {"type": "string"}}}}}}}}}}}}}}}}}""";

    private static final List<String> HOSTILE = List.of(
            "yes",
            "0o17",
            "1_000",
            "~",
            "2026-11-30",
            "!!int 7",
            "a: b",
            "- x",
            "'\"`",
            "\"]\nkind: Pod\n---\n",
            "$(HOME) $$ ${HOME}",
            "*a &b #c",
            " blank ",
            "\t",
            "\u0007\u0085\u2028\ufeff",
            "ünï😀",
            "{{env:HOME}}",
            "--other=1",
            "x".repeat(5_000));

    private final KubernetesJobs kubernetes = new KubernetesJobs("registry.example.com/caravan:1.0", "");

    private static NewJob job(String kind, String key, Map<String, List<String>> told) {
        return new NewJob(kind, key, new Payload(told), Optional.empty());
    }

    /** By YAML 1.2 and 1.1, which must see the same. */
    private static Object read(String yaml) {
        Object newer = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        Object older = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        assertThat(newer).isEqualTo(older);
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SCHEMA);
        JsonNode node = new ObjectMapper().valueToTree(newer);
        assertThat(schema.validate(node)).as(yaml).isEmpty();
        return newer;
    }

    @Test
    void aJobRunsOnceInAContainerAndIsTriedOnceMore() {
        Map<String, List<String>> told = new LinkedHashMap<>();
        told.put("agency-id", List.of("10"));
        told.put("files", List.of("a", "b"));
        assertThat(new KubernetesJobs("caravan:1", "caravan-settings")
                        .yaml(job("get-s3-files", "Agency 10 of May", told)))
                .isEqualTo("""
                        ---
                        apiVersion: batch/v1
                        kind: Job
                        metadata:
                          name: get-s3-files-agency-10-of-may-NAME
                          labels:
                            app.kubernetes.io/name: caravan
                            caravan.io/job: get-s3-files
                          annotations:
                            caravan.io/key: "Agency 10 of May"
                        spec:
                          backoffLimit: 1
                          template:
                            spec:
                              restartPolicy: Never
                              containers:
                              - name: job
                                image: "caravan:1"
                                args:
                                - run
                                - get-s3-files
                                - "--"
                                - "--agency-id=10"
                                - "--files=a,b"
                                envFrom:
                                - secretRef:
                                    name: caravan-settings
                        """.replace("NAME", io.caravan.record.Sha256.hex("get-s3-files\0Agency 10 of May", 8)));
    }

    @Test
    void whateverARowHoldsIsOneArgumentAndNothingElse() {
        for (String value : HOSTILE) {
            NewJob job = job("load", value, Map.of("what", List.of(value)));
            Map<?, ?> read = (Map<?, ?>) read(kubernetes.yaml(job));
            assertThat(at(read, "metadata", "annotations", "caravan.io/key")).isEqualTo(value);
            Map<?, ?> container = (Map<?, ?>) ((List<?>) at(read, "spec", "template", "spec", "containers")).get(0);
            assertThat(container.get("args"))
                    .isEqualTo(List.of("run", "load", "--", "--what=" + value.replace("$", "$$")));
        }
    }

    @Test
    void eachKindAndKeyHasANameOfItsOwnThatStaysTheSame() {
        Set<String> names = new HashSet<>();
        for (String kind : List.of("load", "Load_of.all", "9", "x".repeat(100))) {
            for (String key : HOSTILE) {
                NewJob job = job(kind, key, Map.of());
                read(kubernetes.yaml(job));
                assertThat(names.add(KubernetesJobs.name(job))).as(kind + key).isTrue();
                assertThat(KubernetesJobs.name(job(kind, key, Map.of("a", List.of("b")))))
                        .isEqualTo(KubernetesJobs.name(job));
            }
        }
    }

    @Test
    void withoutAnImageNothingIsPrinted() {
        assertThatThrownBy(() -> new KubernetesJobs("", "A b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("jobs add: caravan.jobs.kubernetes.image must name the image")
                .hasMessageContaining("caravan.jobs.kubernetes.secret must be the name of a Secret, got 'A b'");
    }

    private static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) found = ((Map<?, ?>) found).get(key);
        return found;
    }
}
