package io.caravan.kubernetes;

import static io.caravan.kubernetes.Pods.selector;
import static io.caravan.kubernetes.Pods.variable;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs in a cluster, an object each. */
public final class Workloads {

    private static final Pattern SECRET = Pattern.compile("\\{\\{secret:([^/{}:]+)/([^{}:]+).*}}");
    private static final Pattern LEDGER =
            Pattern.compile("jdbc:postgresql://([^:/?]+)(?::([0-9]+))?/([^?]+)(?:.*[?&]sslmode=([^&]+))?.*");

    private final Target target;
    private final Pods pods;

    public Workloads(Target target) {
        this.target = target;
        this.pods = new Pods(target);
    }

    /** A pipeline's or chain's run at the times of its schedule; {@code key}: the setting that says the cron. */
    public Map<String, Object> cronJob(String pipeline, String key, String cron, String zone) {
        // the Job is called like the minute that it is for, by which all who run at this time know that it is one
        Map<String, Object> field = Yaml.of("fieldPath", "metadata.labels['batch.kubernetes.io/job-name']");
        Map<String, Object> job = Yaml.of("name", "JOB_NAME", "valueFrom", Yaml.of("fieldRef", field));
        Map<String, Object> pod =
                pods.pod("run", "Never", List.of("run", pipeline, "--scheduled-for", "$(JOB_NAME)"), List.of(job));
        return object(
                "cron-job",
                "run",
                Map.of(
                        "name", Names.of(pipeline),
                        "cron", CronFields.of(key, cron),
                        "zone", zone,
                        "spec", spec(pod)));
    }

    /** One run of a pipeline or job; {@code arguments}: those of the job, which are data to Kubernetes. */
    public Map<String, Object> job(String name, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("run", name));
        if (!arguments.isEmpty()) all.add("--");
        arguments.forEach(argument -> all.add(argument.replace("$", "$$")));
        String called = arguments.isEmpty() ? name : name + "-" + Integer.toHexString(arguments.hashCode());
        return object(
                "job", "run", Map.of("name", Names.of(called), "spec", spec(pods.pod("run", "Never", all, List.of()))));
    }

    /** The API, with what lets it be replaced and grow where several can ask the same vectors. */
    public List<Map<String, Object>> serve() {
        boolean many = target.sharesVectors();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("selector", selector("serve"));
        values.put("replicas", many ? 2 : 1);
        values.put("strategy", Map.of("type", many ? "RollingUpdate" : "Recreate"));
        values.put("pod", pods.serving("serve", List.of(variable("CARAVAN_SCHEDULES", "external"))));
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(object("serve", "serve", values));
        all.add(object("service", "serve", values));
        if (many) {
            all.add(object("disruption-budget", "serve", values));
            all.add(object("autoscaler", "serve", values));
        }
        return all;
    }

    /** Those who take jobs from the table, for ever. */
    public Map<String, Object> workers() {
        Map<String, Object> pod = pods.pod("workers", "Always", List.of("jobs", "work", "--stay"), List.of());
        return object("workers", "workers", Map.of("selector", selector("workers"), "pod", pod));
    }

    /** The same by KEDA: as many as jobs wait. */
    public List<Map<String, Object>> scaledWorkers() {
        Map<String, String> told = target.variables();
        Matcher ledger = LEDGER.matcher(told.getOrDefault("CARAVAN_LEDGER_URI", ""));
        Matcher secret = SECRET.matcher(told.getOrDefault("CARAVAN_LEDGER_PASSWORD", ""));
        new SettingChecks("kubernetes")
                .must(ledger.matches(), "caravan.ledger.uri", "be like jdbc:postgresql://host:5432/name for KEDA", "")
                .must(secret.matches(), "caravan.ledger.password", "be like {{secret:caravan/key}} for KEDA", "another")
                .check();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("host", ledger.group(1));
        values.put("port", ledger.group(2) == null ? "5432" : ledger.group(2));
        values.put("database", ledger.group(3));
        values.put("sslmode", ledger.group(4) == null ? "prefer" : ledger.group(4));
        values.put("user", told.getOrDefault("CARAVAN_LEDGER_USER", ""));
        values.put("secret", secret.group(1));
        values.put("key", secret.group(2));
        values.put("spec", spec(pods.pod("workers", "Never", List.of("jobs", "work"), List.of())));
        return List.of(object("scaled-job", "workers", values), object("trigger-authentication", "workers", values));
    }

    /** Who they are and what all are told. */
    public List<Map<String, Object>> shared() {
        return List.of(
                object(
                        "service-account",
                        "shared",
                        Map.of("annotations", target.annotations().isEmpty() ? Yaml.LEFT_OUT : target.annotations())),
                object("config-map", "shared", Map.of("data", target.variables())));
    }

    /** Whom they may talk to: nobody else. */
    public List<Map<String, Object>> networkPolicies() {
        return new NetworkPolicies(target).all(this);
    }

    private Map<String, Object> spec(Map<String, Object> pod) {
        return Yaml.template("job-spec", Map.of("deadline", target.deadline(), "pod", pod));
    }

    Map<String, Object> object(String template, String part, Map<String, Object> values) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("labels", pods.labels(part));
        return Yaml.template(template, all);
    }

    /** Throws a sentence for two objects of one kind and name. */
    public static void mustDiffer(List<Map<String, Object>> objects) {
        TreeSet<String> seen = new TreeSet<>();
        for (Map<String, Object> one : objects) {
            String name = one.get("kind") + " " + Yaml.map(one.get("metadata")).get("name");
            if (!seen.add(name))
                throw new ConfigurationException(SettingChecks.sentence(
                                "kubernetes",
                                "name",
                                "be that of one pipeline when only small letters, digits and - are left",
                                name)
                        + "; rename one");
        }
    }

    /** The documents of YAML that kubectl takes. */
    public static String text(List<Map<String, Object>> objects) {
        mustDiffer(objects);
        return Yaml.text(objects);
    }
}
