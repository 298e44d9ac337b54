package io.caravan.cli;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.job.KubernetesJobs;
import io.caravan.job.NewJob;
import io.caravan.message.EndpointSink;
import io.caravan.message.Messages;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where jobs go that are not put into our own table: as messages to an endpoint of Camel, which a pipeline such as {@code queued-jobs}
 * takes in, or as objects of Kubernetes to standard output.
 */
final class JobScatter {

    static final String KUBERNETES = "kubernetes";

    private static final String UNIT = "jobs add";
    private static final String QUEUE = "queue";
    private static final String SETTING = "caravan.jobs.queue";
    private static final Fields MESSAGE = Fields.of("job", "key", "told");
    private static final int AT_ONCE = 500;

    private final Shell shell;

    JobScatter(Shell shell) {
        this.shell = shell;
    }

    /** The URI that is meant. */
    private String uri(String to) {
        String uri = to.equals(QUEUE) ? shell.configuration().value(SETTING).orElse("") : to;
        new SettingChecks(UNIT)
                .must(
                        uri.indexOf(':') > 0,
                        "--to",
                        "be " + QUEUE + " (that of " + SETTING + "), " + KUBERNETES + ", or the URI of an endpoint",
                        to)
                .check();
        return uri;
    }

    /** Sends all of them, each at least once; what was refused. Sending them again is harmless, as each starts once. */
    List<Refusal> send(String to, List<NewJob> jobs) throws Exception {
        EndpointSink sink = new EndpointSink(UNIT, uri(to), messages(), "", "");
        List<Refusal> refused = new ArrayList<>();
        try (Engine engine = new Engine(shell.configuration(), List.of())) {
            sink.setCamelContext(engine.context());
            BulkDelivery delivery = new BulkDelivery(3, Duration.ofMillis(500));
            for (int from = 0; from < jobs.size(); from += AT_ONCE) {
                List<Record> batch = jobs.subList(from, Math.min(jobs.size(), from + AT_ONCE)).stream()
                        .map(JobScatter::record)
                        .toList();
                refused.addAll(delivery.deliver(sink, batch, () -> {}));
            }
        }
        return refused;
    }

    private static Messages messages() {
        return new Messages(UNIT, UNIT, "record", 1, "json", "", "", "Idempotency-Key", "skip", "deleted");
    }

    private static Record record(NewJob job) {
        Map<String, Object> told = new LinkedHashMap<>();
        job.payload().values().forEach((name, said) -> told.put(name, said.size() == 1 ? said.get(0) : said));
        return Record.read(job.key(), MESSAGE, new Object[] {job.kind(), job.key(), told}, new Origin(UNIT, 0));
    }

    /** Prints a Job of Kubernetes for each. */
    void print(List<NewJob> jobs) {
        KubernetesJobs kubernetes = new KubernetesJobs(
                shell.setting("caravan.jobs.kubernetes.image"), shell.setting("caravan.jobs.kubernetes.secret"));
        jobs.forEach(job -> shell.terminal().out().print(kubernetes.yaml(job)));
    }
}
