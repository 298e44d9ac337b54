package io.caravan.lake;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.endpoint.EndpointMessage;
import io.caravan.endpoint.MessageEndpoint;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.job.Job;
import io.caravan.job.JobArguments;
import io.caravan.job.JobCall;
import io.caravan.job.JobEnd;
import io.caravan.object.ObjectStore;
import io.caravan.quality.Quality;
import io.caravan.quality.QualityChange;
import io.caravan.quality.QualityCheck;
import io.caravan.run.RunReport.Status;
import io.caravan.schema.SchemaFile;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Says how good an object or a table is: profile, scores, what failed, what changed since the check before; as JSON and a page, in the monitoring tables, by mail.
 * <ul>
 *   <li>in: {@code object} or {@code table} or {@code query}, {@code schema}, and where the results go to
 *   <li>out: done, however poor it is; partial below {@code minimum-score}
 *   <li>errors: {@link io.caravan.error.ConfigurationException} when there is no such object or a schema is wrong
 * </ul>
 */
public final class CheckQuality implements Job, CamelContextAware {

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH");
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss");

    private final InstantSource clock;
    private CamelContext context;

    public CheckQuality() {
        this(InstantSource.system());
    }

    CheckQuality(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public JobEnd plan(JobCall call) throws Exception {
        settled(call);
        Checked checked = checked(call);
        return end(call, checked, "would be said of " + checked.dataset(), List.of());
    }

    @Override
    public JobEnd run(JobCall call) throws Exception {
        settled(call);
        Checked checked = checked(call);
        Optional<MonitoringTables> tables = tables(call);
        if (tables.isPresent() && tables.get().suppressed(checked))
            return JobEnd.done(checked.dataset() + " is suppressed in monitoring_file: nothing was written");
        String page = "";
        Map<String, Object> report = checked.json();
        StorePlace place = StorePlace.folder(call, call.arguments().text("reports"));
        try (ObjectStore store = place.open(call, "--reports", context)) {
            QualityReports reports = new QualityReports(store, place.name(), checked.dataset());
            Optional<JsonNode> before = reports.before(checked.run());
            report = QualityChange.with(report, before);
            page = reports.write(checked.run(), report);
        }
        tables.ifPresent(t -> t.write(checked));
        List<String> problems = new ArrayList<>();
        if (call.arguments().has("mail")) mail(call, checked, report).ifPresent(problems::add);
        return end(call, checked, "page " + page, problems);
    }

    private static void settled(JobCall call) {
        JobArguments said = call.arguments();
        long ways =
                List.of("object", "table", "query").stream().filter(said::has).count();
        new SettingChecks(call.job())
                .must(
                        ways == 1,
                        "--object, --table or --query",
                        "be given, one of them",
                        ways == 0 ? "none" : "several")
                .check();
    }

    private Checked checked(JobCall call) throws Exception {
        JobArguments said = call.arguments();
        QualityCheck by = said.has("schema")
                ? QualityCheck.of(SchemaFile.load(call.job(), "--schema", schema(call, said.text("schema"))))
                : QualityCheck.withoutSchema();
        Instant now = clock.instant();
        if (!said.has("object")) {
            String name = said.has("table") ? said.text("table") : "query";
            ObjectKey key = new ObjectKey(said.text("agency-slug"), name, Optional.empty(), Optional.empty());
            Quality quality = new CheckedTable(call, context).check(by);
            return checked(call, key, name, "table", "", -1, now, quality);
        }
        String object = said.text("object");
        StorePlace place = StorePlace.object(call, "--object", object);
        try (ObjectStore store = place.open(call, "--object", context)) {
            CheckedObject.Found found = new CheckedObject(call, store, place.name()).check(by);
            ObjectKey key = ObjectKey.of(object);
            return checked(
                    call,
                    said.has("agency-slug")
                            ? new ObjectKey(said.text("agency-slug"), key.file(), key.date(), key.hour())
                            : key,
                    object,
                    found.format(),
                    found.object().etag(),
                    found.object().size(),
                    now,
                    found.quality());
        }
    }

    private static Checked checked(
            JobCall call,
            ObjectKey key,
            String place,
            String format,
            String etag,
            long size,
            Instant now,
            Quality quality) {
        ZonedDateTime at = now.atZone(ZoneOffset.UTC);
        boolean dated = key.date().isPresent() && key.hour().isPresent();
        int hour = key.hour().orElse(at.getHour());
        String dataset = call.arguments().has("dataset")
                ? call.arguments().text("dataset")
                : key.slug().isEmpty() ? key.file() : key.slug() + "/" + key.file();
        return new Checked(
                dataset,
                key.slug(),
                key.file(),
                place,
                format,
                etag,
                size,
                key.date().orElse(at.toLocalDate()),
                hour,
                now,
                dated ? HOUR.format(key.date().get().atTime(hour, 0)) : SECOND.format(at),
                quality);
    }

    /** A path is one from the caller's folder, a name alone that of a file in its folder {@code schemas}. */
    private static String schema(JobCall call, String said) {
        if (said.startsWith("classpath:")) return said;
        boolean bare = !said.contains("/") && !said.matches("(?i).*\\.(ya?ml|json)");
        return call.folder().resolve(bare ? "schemas/" + said + ".yaml" : said).toString();
    }

    private static Optional<MonitoringTables> tables(JobCall call) {
        if (!call.arguments().truth("monitoring")) return Optional.empty();
        return Optional.of(new MonitoringTables(
                call.setting("caravan.warehouse.uri"),
                call.setting("caravan.warehouse.user"),
                call.setting("caravan.warehouse.password"),
                call.arguments().text("monitoring-schema")));
    }

    /** Why nobody took it; the check itself is done. */
    private Optional<String> mail(JobCall call, Checked checked, Map<String, Object> report) {
        try {
            MessageEndpoint to =
                    MessageEndpoint.of(call.job(), "--mail", call.arguments().text("mail"));
            to.setCamelContext(context);
            Quality quality = checked.quality();
            String subject = "Quality of " + checked.dataset() + ": " + quality.score() + " points, "
                    + (quality.passed() ? "passed" : "failed");
            Map<String, Object> headers = new LinkedHashMap<>();
            headers.put("Subject", subject.replaceAll("\\p{Cc}", "?"));
            headers.put("Content-Type", "text/html; charset=UTF-8");
            to.tell(new EndpointMessage(QualityReports.page(report), "", headers));
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static JobEnd end(JobCall call, Checked checked, String where, List<String> problems) {
        Quality quality = checked.quality();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("score", (long) quality.score());
        counts.put("scoreCompatible", (long) quality.scoreCompatible());
        counts.put("rows", quality.rows());
        counts.put("badRows", quality.badRows());
        counts.put("failedRules", (long) quality.failedRules().size());
        JobArguments said = call.arguments();
        boolean poor = said.has("minimum-score") && quality.score() < said.whole("minimum-score");
        List<String> all = new ArrayList<>(problems);
        if (poor)
            all.add(
                    0,
                    checked.dataset() + ": the score must be " + said.whole("minimum-score") + " or more, got '"
                            + quality.score() + "'");
        String summary = quality.score() + " points (" + quality.scoreCompatible() + " as the reference counts) for "
                + quality.rows() + " rows, " + quality.failedRules().size() + " rules failed; " + where;
        return new JobEnd(poor ? Status.PARTIAL : Status.SUCCEEDED, summary, counts, all);
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
