package io.caravan.kubernetes;

import static io.caravan.kubernetes.Pods.variable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same under the operator of Camel K 2.9: containers of our image, and Kamelets that a Pipe binds. */
public final class CamelK {

    private final Target target;
    private final Workloads workloads;
    private final Pods pods;

    public CamelK(Target target) {
        this.target = target;
        this.workloads = new Workloads(target);
        this.pods = new Pods(target);
    }

    /** The API, whose schedules are others'. */
    public Map<String, Object> serve() {
        return integration("serve", pods.serving("serve", List.of(variable("CARAVAN_SCHEDULES", "external"))));
    }

    /** One that runs this pipeline by Quartz and nothing else: Camel K knows CronJobs only of sources that it builds itself. */
    public Map<String, Object> scheduled(String pipeline, String cronKey, String cron, String zoneKey, String zone) {
        return integration(
                pipeline,
                pods.serving(
                        "camel-k",
                        List.of(
                                variable("CARAVAN_SCHEDULES", "quartz"),
                                variable(Target.variable(cronKey), cron),
                                variable(Target.variable(zoneKey), zone))));
    }

    /** The API from source, where a setting says in which repository that is. */
    public List<Map<String, Object>> fromGit() {
        if (target.git().isEmpty()) return List.of();
        String[] place = target.git().split("#", 2);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", Names.of("from-git"));
        values.put("url", place[0]);
        values.put("branch", place.length == 2 ? place[1] : "main");
        values.put("pod", template(pods.serving("camel-k", List.of(variable("CARAVAN_SCHEDULES", "external")))));
        return List.of(workloads.object("integration-git", "camel-k", values));
    }

    /** A Kamelet's file is its object, but for what a cluster does not keep of its parameters; {@code name}: of the file. */
    public static Map<String, Object> kamelet(String name, String text) {
        Map<String, Object> kamelet = Yaml.map(Yaml.parsed(name, text));
        Map<String, Object> definition = Yaml.map(Yaml.map(kamelet.get("spec")).get("definition"));
        Map<String, Object> properties = Yaml.map(definition.getOrDefault("properties", Map.of()));
        properties
                .values()
                .forEach(property -> Yaml.map(property).keySet().removeIf(key -> key.startsWith("caravan.io/")));
        return kamelet;
    }

    /** An example of a binding. */
    public Map<String, Object> pipe() {
        return workloads.object("pipe", "camel-k", Map.of());
    }

    private Map<String, Object> integration(String name, Map<String, Object> pod) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", Names.of(name));
        values.put("image", target.image());
        values.put("service", name.equals("serve"));
        values.put("pod", template(pod));
        return workloads.object("integration", "camel-k", values);
    }

    /** Of a pod's template Camel K takes the spec; the image is its trait's, and labels are those of the Integration. */
    private static Map<String, Object> template(Map<String, Object> pod) {
        Map<String, Object> spec = new LinkedHashMap<>(Yaml.map(pod.get("spec")));
        spec.remove("serviceAccountName");
        List<Object> containers = new ArrayList<>();
        ((List<?>) spec.get("containers")).forEach(one -> {
            Map<String, Object> container = new LinkedHashMap<>(Yaml.map(one));
            container.remove("image");
            containers.add(container);
        });
        spec.put("containers", containers);
        return Map.of("spec", spec);
    }
}
