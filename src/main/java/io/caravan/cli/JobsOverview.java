package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.job.JobReport;
import io.caravan.job.JobReport.Overview;
import io.caravan.job.JobTable;
import io.caravan.job.Jobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All jobs of all tables at a glance.
 *
 * @param ofBooks whether those of books are among them
 * @param failed how many others have failed
 * @param kinds how many of each kind have each status
 */
record JobsOverview(Overview now, boolean ofBooks, long failed, Map<String, Map<String, Long>> kinds) {

    private static final int MOST_REASONS = 20;
    private static final int BAR = 30;
    private static final List<String> STATUSES = List.of("pending", "processing", "completed", "failed", "cancelled");

    static JobsOverview of(Shell shell) {
        Overview books = null;
        Overview others = null;
        Map<String, Map<String, Long>> kinds = new LinkedHashMap<>();
        for (JobTable table : JobStore.tables(shell)) {
            try (JobStore jobs = new JobStore(shell, table)) {
                Overview found = jobs.overview(MOST_REASONS);
                kinds.putAll(jobs.ask(JobReport::kinds));
                if (table == JobTable.BOOKS) books = found;
                else others = found;
            }
        }
        return new JobsOverview(books == null ? others : books.and(others), books != null, others.of("failed"), kinds);
    }

    /** How many are not ended. */
    long left() {
        return now.of("pending") + now.of("processing");
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(lines(now));
        if (now.all() == 0) return lines;
        if (kinds.size() > 1 || !ofBooks) lines.addAll(1 + now.byStatus().size(), byKind());
        long ofBooksFailed = now.of("failed") - failed;
        if (ofBooks && ofBooksFailed > 0) lines.addAll(next(now.retries()));
        if (failed > 0)
            lines.add("Next: " + Launcher.command("jobs retry --failed") + " puts " + Figures.count(failed) + " back");
        return lines;
    }

    private List<String> byKind() {
        Table table = new Table("kind", ">pending", ">processing", ">completed", ">failed", ">cancelled");
        kinds.forEach((kind, n) -> {
            List<Object> row = new ArrayList<>(List.of(kind));
            for (String status : STATUSES) row.add(Figures.count(n.getOrDefault(status, 0L)));
            table.row(row.toArray());
        });
        return table.lines();
    }

    static List<String> lines(Overview now) {
        List<String> lines = new ArrayList<>();
        if (now.all() == 0) return List.of("No jobs yet; make some: " + Launcher.command("jobs add <job>"));
        Table table = new Table("status", ">jobs");
        now.byStatus().forEach((status, n) -> table.row(status, Figures.count(n)));
        lines.addAll(table.lines());
        long ended = now.of("completed") + now.of("failed");
        int full = (int) (ended * BAR / now.all());
        lines.add("[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + Figures.count(ended) + " of "
                + Figures.count(now.all()) + " ended, "
                + String.format(Locale.ROOT, "%.1f", now.perSecond()) + " jobs/s completed");
        now.oldestPending().ifPresent(age -> lines.add("The oldest pending job waits for " + Figures.duration(age)));
        if (now.failures().isEmpty()) return lines;
        Table failures = new Table(">failed", "reason");
        now.failures().forEach((reason, n) -> failures.row(Figures.count(n), reason));
        lines.addAll(failures.lines());
        return lines;
    }

    /** What may be done about the failed ones, and for how many of them it helps. */
    private static List<String> next(Jobs.Retries retries) {
        String again = Launcher.command("run books-work --retry-failed");
        String all = again + " --max-retries " + retries.enough();
        String now = Figures.count(retries.now());
        String usedUp = Figures.count(retries.usedUp());
        if (retries.usedUp() == 0) return List.of("Next: " + again + " puts " + now + " back");
        if (retries.now() == 0) return List.of("Next: " + usedUp + " were put back too often; all the same: " + all);
        return List.of(
                "Next: " + again + " puts " + now + " back,",
                "  not the " + usedUp + " that were put back too often; those too: " + all);
    }

    /** As a map for JSON. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(now.byStatus());
        json.put("completedPerSecond", now.perSecond());
        json.put(
                "oldestPendingMillis",
                now.oldestPending().map(Duration::toMillis).orElse(null));
        json.put("failures", now.failures());
        json.put("retryable", now.retries().now());
        json.put("retriesUsedUp", now.retries().usedUp());
        json.put("maxRetriesForAll", now.retries().enough());
        json.put("kinds", kinds);
        return json;
    }
}
