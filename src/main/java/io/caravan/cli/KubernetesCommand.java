package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition;
import io.caravan.kubernetes.CamelK;
import io.caravan.kubernetes.Target;
import io.caravan.kubernetes.Workloads;
import io.caravan.manage.Schedules;
import io.caravan.settings.Configuration;
import io.caravan.settings.Configuration.Effective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "kubernetes",
        description =
                "Print manifests of the pipelines, schedules and jobs that there are; by default all that a namespace needs but"
                        + " its Secrets. What the project's files and --profile set is its ConfigMap.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " kubernetes --profile aws | kubectl apply -f -",
            "         " + Launcher.CARAVAN + " kubernetes --pipeline personalization",
            "         " + Launcher.CARAVAN + " kubernetes --job get-s3-files -- --agency-id 10 --source-bucket landing"
        })
final class KubernetesCommand implements Callable<Integer> {

    private static final String UNIT = "kubernetes";

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--pipeline",
            paramLabel = "<pipeline>",
            description = "Only the CronJob of this pipeline or chain, or a Job where it has no schedule.")
    private String pipeline;

    @Option(names = "--job", paramLabel = "<job>", description = "Only a Job that does this job once.")
    private String job;

    @Option(names = "--schedules", description = "Only the CronJobs.")
    private boolean schedules;

    @Option(names = "--keda", description = "Only the workers, as KEDA's ScaledJob: as many as jobs wait.")
    private boolean keda;

    @Option(names = "--camel-k", description = "Only Integrations and a Pipe of Camel K.")
    private boolean camelK;

    @Option(names = "--kamelets", description = "Only the Kamelets, as objects of Camel K.")
    private boolean kamelets;

    @Parameters(arity = "0..*", paramLabel = "-- --<parameter> <value>", description = "What the job is told.")
    private List<String> said = List.of();

    KubernetesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        mustBeClear();
        List<Map<String, Object>> objects = objects();
        if (common.json()) shell.terminal().json(objects);
        else shell.terminal().out().print(Workloads.text(objects));
        return Exit.SUCCEEDED;
    }

    private void mustBeClear() {
        List<String> asked = new ArrayList<>();
        if (pipeline != null) asked.add("--pipeline");
        if (job != null) asked.add("--job");
        if (schedules) asked.add("--schedules");
        if (keda) asked.add("--keda");
        if (camelK) asked.add("--camel-k");
        if (kamelets) asked.add("--kamelets");
        new SettingChecks(UNIT)
                .must(asked.size() < 2, "what is printed", "be one thing", String.join(" ", asked))
                .must(job != null || said.isEmpty(), "arguments", "be those of --job", String.join(" ", said))
                .check();
    }

    private List<Map<String, Object>> objects() {
        Target target = target();
        Workloads workloads = new Workloads(target);
        if (pipeline != null) return List.of(one(workloads));
        if (job != null) return List.of(workloads.job(job, arguments()));
        if (schedules) return cronJobs(workloads);
        if (keda) return workloads.scaledWorkers();
        if (camelK) return camelK(new CamelK(target));
        if (kamelets)
            return FoundFile.shipped("kamelets", name -> name.endsWith(ProjectFiles.KAMELET)).stream()
                    .map(file -> CamelK.kamelet(file.name(), file.text()))
                    .toList();
        List<Map<String, Object>> all = new ArrayList<>(workloads.shared());
        all.addAll(workloads.serve());
        all.add(workloads.workers());
        all.addAll(cronJobs(workloads));
        all.addAll(workloads.networkPolicies());
        return all;
    }

    private Target target() {
        Configuration configuration = shell.configuration();
        Map<String, Effective> told = new TreeMap<>(configuration.effective().stream()
                .filter(s -> s.changed() && s.origin().matches("application(-[^/]+)?[.]properties"))
                .collect(Collectors.toMap(Effective::name, s -> s)));
        Map<String, String> values = new TreeMap<>();
        told.keySet().forEach(name -> values.put(name, configuration.values().get(name)));
        return Target.of(shell::setting, values, name -> !told.get(name).value().equals(values.get(name)));
    }

    private Map<String, Object> one(Workloads workloads) {
        String name = shell.pipelines().named(pipeline).name();
        return schedules().containsKey(name) ? cronJob(workloads, name) : workloads.job(name, List.of());
    }

    private List<Map<String, Object>> cronJobs(Workloads workloads) {
        return schedules().keySet().stream()
                .map(name -> cronJob(workloads, name))
                .toList();
    }

    private Map<String, Object> cronJob(Workloads workloads, String name) {
        String key = schedules().get(name);
        return workloads.cronJob(name, key, shell.setting(key).strip(), zone(key));
    }

    private String zone(String cronKey) {
        String zone = shell.setting(Schedules.zoneOf(cronKey)).strip();
        return zone.isEmpty() ? Schedules.UTC : zone;
    }

    /** The settings of crons that are not blank, by what they start; each is one that fires. */
    private Map<String, String> schedules() {
        Map<String, String> schedules = new TreeMap<>();
        for (Effective setting : shell.configuration().effective()) {
            String key = setting.name();
            Schedules.named(key).filter(name -> !shell.setting(key).isBlank()).ifPresent(name -> {
                Schedules.next(key, shell.setting(key).strip(), zone(key));
                shell.pipelines().named(name);
                schedules.put(name, key);
            });
        }
        return schedules;
    }

    private List<String> arguments() {
        JobDefinition definition = shell.pipelines()
                .job(job)
                .orElseThrow(() -> new ConfigurationException(
                        SettingChecks.sentence(UNIT, "--job", "be a job", job) + "; see " + Launcher.command("list")))
                .definition()
                .orElseThrow(() -> new ConfigurationException(
                        UNIT + ": the job's file is wrong; see " + Launcher.command("validate")));
        List<String> arguments = new ArrayList<>();
        JobOptions.read(UNIT, definition, said)
                .forEach((name, values) -> arguments.add("--" + name + "=" + String.join(",", values)));
        return arguments;
    }

    private List<Map<String, Object>> camelK(CamelK camel) {
        List<Map<String, Object>> all = new ArrayList<>(List.of(camel.serve()));
        schedules()
                .forEach((name, key) -> all.add(
                        camel.scheduled(name, key, shell.setting(key).strip(), Schedules.zoneOf(key), zone(key))));
        all.addAll(camel.fromGit());
        all.add(camel.pipe());
        return all;
    }
}
