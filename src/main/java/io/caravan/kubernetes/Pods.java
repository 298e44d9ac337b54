package io.caravan.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pods of all workloads, which differ in what they are told to do. */
final class Pods {

    private static final String SECRETS = "/etc/caravan/secrets";

    private final Target target;

    Pods(Target target) {
        this.target = target;
    }

    /** What an object says of itself; {@code part}: which of our workloads it is. */
    Map<String, Object> labels(String part) {
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/name", "caravan");
        labels.put("app.kubernetes.io/component", part);
        labels.putAll(target.labels());
        return labels;
    }

    /** By what a selector knows the pods of a part, or of all. */
    static Map<String, Object> selector(String... part) {
        Map<String, Object> selector = new LinkedHashMap<>();
        selector.put("app.kubernetes.io/name", "caravan");
        if (part.length > 0) selector.put("app.kubernetes.io/component", part[0]);
        return selector;
    }

    /** A pod that ends, or is started again for ever where {@code restart} is Always; {@code variables}: beside those of all. */
    Map<String, Object> pod(String part, String restart, List<String> arguments, List<Map<String, Object>> variables) {
        List<Map<String, Object>> env = new ArrayList<>(List.of(variable("CAMEL_K_MOUNT_PATH_SECRETS", SECRETS)));
        env.addAll(variables);
        return Yaml.template(
                "pod",
                Yaml.of(
                        "labels", labels(part),
                        "restart", restart,
                        "image", target.image(),
                        "memory", target.memory(),
                        "args", List.copyOf(arguments),
                        "env", env,
                        "mounts", mounts(),
                        "volumes", volumes()));
    }

    /** The same, which answers at a port and is asked whether it lives. */
    Map<String, Object> serving(String part, List<Map<String, Object>> variables) {
        List<Map<String, Object>> all = new ArrayList<>(List.of(variable("CARAVAN_API_HOST", "0.0.0.0")));
        all.addAll(variables);
        Map<String, Object> pod = pod(part, "Always", List.of("serve"), all);
        Map<String, Object> container = container(pod);
        container.put("ports", List.of(Yaml.of("name", "http", "containerPort", 8080)));
        container.put("startupProbe", probe("/health/live", 5, 36));
        container.put("livenessProbe", probe("/health/live", 10, 3));
        container.put("readinessProbe", probe("/health/ready", 10, 3));
        return pod;
    }

    /** A variable of the environment. */
    static Map<String, Object> variable(String name, String value) {
        return Yaml.of("name", name, "value", value);
    }

    private static Map<String, Object> container(Map<String, Object> pod) {
        List<?> containers = (List<?>) Yaml.map(pod.get("spec")).get("containers");
        return Yaml.map(containers.get(0));
    }

    private static Map<String, Object> probe(String path, int seconds, int failures) {
        return Yaml.of(
                "httpGet",
                Yaml.of("path", path, "port", "http"),
                "periodSeconds",
                seconds,
                "timeoutSeconds",
                5,
                "failureThreshold",
                failures);
    }

    private List<Object> mounts() {
        List<Object> mounts = new ArrayList<>();
        mounts.add(mount("tmp", "/tmp"));
        mounts.add(mount("data", "/data"));
        target.secrets().keySet().forEach(secret -> {
            Map<String, Object> mount = mount("secret-" + secret, SECRETS + "/" + secret);
            mount.put("readOnly", true);
            mounts.add(mount);
        });
        return mounts;
    }

    private static Map<String, Object> mount(String name, String path) {
        return Yaml.of("name", name, "mountPath", path);
    }

    private List<Object> volumes() {
        List<Object> volumes = new ArrayList<>();
        for (String name : List.of("tmp", "data")) {
            volumes.add(volume(name, "emptyDir", Map.of("sizeLimit", "2Gi")));
        }
        target.secrets().forEach((secret, keys) -> {
            Map<String, Object> source = Yaml.of(
                    "secretName",
                    secret,
                    "defaultMode",
                    0440,
                    "items",
                    keys.stream().map(key -> Yaml.of("key", key, "path", key)).toList());
            volumes.add(volume("secret-" + secret, "secret", source));
        });
        return volumes;
    }

    private static Map<String, Object> volume(String name, String kind, Map<String, Object> source) {
        return Yaml.of("name", name, kind, source);
    }
}
