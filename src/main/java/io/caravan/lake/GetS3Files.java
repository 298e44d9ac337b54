package io.caravan.lake;

import io.caravan.error.SettingChecks;
import io.caravan.job.Job;
import io.caravan.job.JobCall;
import io.caravan.job.JobEnd;
import io.caravan.lake.AgencyCopy.Done;
import io.caravan.lake.AgencyCopy.Wanted;
import io.caravan.lake.Manifest.Row;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.run.RunReport.Status;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Copies what is new of {@code agency/<slug>/files/} from one bucket to another, under the same keys, five at once, and writes a
 * manifest of all files to {@code agency/<slug>/manifests/}.
 * <ul>
 *   <li>in: {@code agency-id}, {@code agency-slug} (by default {@code agency-<id>}), {@code source-bucket}, {@code destination-bucket}
 *   <li>out: partial when some files could not be copied, failed when none could
 *   <li>errors: {@link io.caravan.error.ConfigurationException} when a bucket is not there or refuses us
 * </ul>
 */
public final class GetS3Files implements Job, CamelContextAware {

    private static final int MOST_PROBLEMS = 20;

    private CamelContext context;

    /** What one of {@link #plan} and {@link #run} does between two buckets. */
    private interface Work {
        JobEnd on(AgencyCopy copy) throws Exception;
    }

    @Override
    public JobEnd plan(JobCall call) throws Exception {
        return between(call, copy -> {
            Wanted wanted = copy.wanted();
            return end(Status.SUCCEEDED, wanted.news().size(), wanted, List.of(), "to copy", "");
        });
    }

    @Override
    public JobEnd run(JobCall call) throws Exception {
        return between(call, copy -> {
            Wanted wanted = copy.wanted();
            Done done = copy.copy(wanted, call.stopped());
            List<String> problems = done.rows().stream()
                    .filter(row -> !row.status().equals(Manifest.SUCCESS))
                    .map(GetS3Files::problem)
                    .toList();
            int copied = done.rows().size() - problems.size();
            boolean none = copied == 0 && wanted.kept().isEmpty();
            Status status = problems.isEmpty() ? Status.SUCCEEDED : none ? Status.FAILED : Status.PARTIAL;
            String manifest = done.manifest().isEmpty() ? "" : "; manifest " + done.manifest();
            return end(status, copied, wanted, problems, "copied", manifest);
        });
    }

    private static String problem(Row row) {
        return row.message().contains(row.key()) ? row.message() : row.key() + ": " + row.message();
    }

    private JobEnd between(JobCall call, Work work) throws Exception {
        String from = place(call, "source-bucket");
        String to = place(call, "destination-bucket");
        new SettingChecks(call.job())
                .must(!from.equals(to), "--destination-bucket", "be another than --source-bucket", to)
                .check();
        String slug = call.arguments().has("agency-slug")
                ? call.arguments().text("agency-slug")
                : "agency-" + call.arguments().whole("agency-id");
        ObjectAccess access = StorePlace.access(call);
        try (ObjectStore source = ObjectStores.of(call.job(), "source-bucket", from, access);
                ObjectStore destination = ObjectStores.of(call.job(), "destination-bucket", to, access)) {
            CamelContextAware.trySetCamelContext(source, context);
            CamelContextAware.trySetCamelContext(destination, context);
            return work.on(new AgencyCopy(source, destination, slug, InstantSource.system()));
        }
    }

    /** A name alone is that of a bucket of S3, as the reference takes it; one with a slash a URI or a folder. */
    private static String place(JobCall call, String parameter) {
        String said = call.arguments().text(parameter);
        if (said.matches("[a-z]{2,}:.*")) return said.replaceFirst("/$", "");
        return said.contains("/") ? call.folder().resolve(said).normalize().toString() : "s3://" + said;
    }

    private static JobEnd end(
            Status status, int news, Wanted wanted, List<String> problems, String done, String manifest) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(done.equals("copied") ? "copied" : "toCopy", (long) news);
        counts.put("unchanged", (long) wanted.kept().size());
        counts.put("failed", (long) problems.size());
        String summary = news + " " + done + ", " + wanted.kept().size() + " unchanged, " + problems.size() + " failed"
                + manifest;
        List<String> shown = problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()));
        return new JobEnd(status, summary, counts, shown);
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }
}
