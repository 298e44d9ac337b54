package io.caravan.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What every pod of {@code kubernetes/} must be, whatever it does. */
class KubernetesPolicyTest {

    private static final Path FOLDER = Path.of("kubernetes");

    /** A pod, and where it stands. */
    private record Pod(String at, Map<?, ?> spec) {

        Map<?, ?> container() {
            List<?> containers = (List<?>) spec.get("containers");
            assertThat(containers).as(at).hasSize(1);
            return (Map<?, ?>) containers.get(0);
        }
    }

    private static final List<Pod> PODS = new ArrayList<>();
    private static final Set<String> CONFIG_MAPS = new HashSet<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                for (Object document : documents(Files.readString(file))) {
                    Map<?, ?> object = (Map<?, ?>) document;
                    if (object.get("metadata") == null) continue; // a kustomization
                    String name =
                            ((Map<?, ?>) object.get("metadata")).get("name").toString();
                    if ("ConfigMap".equals(object.get("kind"))) CONFIG_MAPS.add(name);
                    find(file + " " + object.get("kind") + " " + name, object);
                }
            }
        }
    }

    private static List<Object> documents(String yaml) {
        return StreamSupport.stream(
                        new Load(LoadSettings.builder().build())
                                .loadAllFromString(yaml)
                                .spliterator(),
                        false)
                .collect(Collectors.toList());
    }

    private static void find(String at, Object node) {
        if (node instanceof List<?> list) list.forEach(one -> find(at, one));
        if (!(node instanceof Map<?, ?> map)) return;
        if (map.containsKey("containers")) PODS.add(new Pod(at, map));
        map.values().forEach(value -> find(at, value));
    }

    private static void each(Consumer<Pod> rule) {
        assertThat(PODS).hasSizeGreaterThan(20);
        PODS.forEach(rule);
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object node = map;
        for (String step : path) node = node instanceof Map<?, ?> inner ? inner.get(step) : null;
        return node;
    }

    @Test
    void nobodyIsRootOrMayBecomeIt() {
        each(pod -> {
            assertThat(at(pod.spec(), "securityContext", "runAsNonRoot"))
                    .as(pod.at())
                    .isEqualTo(true);
            assertThat(at(pod.spec(), "securityContext", "runAsUser"))
                    .as(pod.at())
                    .isEqualTo(10001);
            assertThat(at(pod.spec(), "securityContext", "seccompProfile", "type"))
                    .as(pod.at())
                    .isEqualTo("RuntimeDefault");
            Map<?, ?> container = pod.container();
            assertThat(at(container, "securityContext", "allowPrivilegeEscalation"))
                    .as(pod.at())
                    .isEqualTo(false);
            assertThat(at(container, "securityContext", "readOnlyRootFilesystem"))
                    .as(pod.at())
                    .isEqualTo(true);
            assertThat(at(container, "securityContext", "capabilities", "drop"))
                    .as(pod.at())
                    .isEqualTo(List.of("ALL"));
            assertThat(at(pod.spec(), "automountServiceAccountToken"))
                    .as(pod.at())
                    .isEqualTo(false);
            assertThat(at(pod.spec(), "terminationGracePeriodSeconds"))
                    .as(pod.at())
                    .isEqualTo(60);
        });
    }

    @Test
    void everyPodAsksForWhatItNeedsAndMayNotTakeMore() {
        each(pod -> {
            for (String what : List.of("cpu", "memory", "ephemeral-storage")) {
                assertThat(at(pod.container(), "resources", "requests", what))
                        .as(pod.at() + what)
                        .isNotNull();
                assertThat(at(pod.container(), "resources", "limits", what))
                        .as(pod.at() + what)
                        .isNotNull();
            }
            ((List<?>) pod.spec().get("volumes"))
                    .stream()
                            .map(volume -> (Map<?, ?>) volume)
                            .filter(volume -> volume.containsKey("emptyDir"))
                            .forEach(volume -> assertThat(at(volume, "emptyDir", "sizeLimit"))
                                    .as(pod.at())
                                    .isNotNull());
        });
    }

    @Test
    void whatAPodReadsOfSecretsAndConfigMapsIsThereInEachOverlay() throws IOException {
        List<Path> secrets;
        try (Stream<Path> files = Files.walk(FOLDER)) {
            secrets = files.filter(f -> f.endsWith("secret.env")).toList();
        }
        assertThat(secrets).hasSize(4);
        each(pod -> {
            ((List<?>) pod.container().get("envFrom")).forEach(from -> assertThat(CONFIG_MAPS)
                    .as(pod.at())
                    .contains(at((Map<?, ?>) from, "configMapRef", "name").toString()));
            for (Object volume : (List<?>) pod.spec().get("volumes")) {
                Object secret = at((Map<?, ?>) volume, "secret", "secretName");
                if (secret == null) continue;
                assertThat(secret).as(pod.at()).isEqualTo("caravan");
                for (Object item : (List<?>) at((Map<?, ?>) volume, "secret", "items")) {
                    String key = ((Map<?, ?>) item).get("key").toString();
                    secrets.forEach(
                            file -> assertThat(file).content().as(pod.at()).containsPattern("(?m)^" + key + "="));
                }
            }
        });
    }

    @Test
    void onlyWhatServesIsAskedWhetherItLives() {
        each(pod -> {
            boolean serves = pod.container().get("args").equals(List.of("serve"));
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(pod.container().containsKey(probe)).as(pod.at()).isEqualTo(serves);
            }
        });
    }

    @Test
    void whatEndsIsTriedOnceMoreUnlessItsExitCodeSaysThatItWouldEndTheSame() throws IOException {
        List<Object> specs = new ArrayList<>();
        for (String file : List.of("base/run.yaml", "once/hello-world.yaml", "keda/workers.yaml")) {
            documents(Files.readString(FOLDER.resolve(file))).forEach(one -> jobs(one, specs));
        }
        assertThat(specs).hasSize(6);
        for (Object one : specs) {
            Map<?, ?> spec = (Map<?, ?>) one;
            assertThat(spec.get("backoffLimit")).isEqualTo(1);
            assertThat(spec.get("activeDeadlineSeconds")).isEqualTo(14_400);
            assertThat(spec.get("ttlSecondsAfterFinished")).isEqualTo(86_400);
            assertThat(at(spec, "template", "spec", "restartPolicy")).isEqualTo("Never");
            List<?> rules = (List<?>) at(spec, "podFailurePolicy", "rules");
            assertThat(at((Map<?, ?>) rules.get(0), "onExitCodes", "values")).isEqualTo(List.of(2, 3, 4));
            assertThat(at((Map<?, ?>) rules.get(0), "onExitCodes", "containerName"))
                    .isEqualTo("caravan");
            assertThat(at((Map<?, ?>) rules.get(1), "action")).isEqualTo("Ignore");
        }
    }

    private static void jobs(Object node, List<Object> found) {
        if (!(node instanceof Map<?, ?> map)) return;
        if (map.containsKey("backoffLimit")) found.add(map);
        else map.values().forEach(value -> jobs(value, found));
    }
}
