package io.caravan.dataset;

import io.caravan.error.SettingChecks;
import io.caravan.step.ApplyStep;
import io.caravan.step.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** What the template of datasets' routes is given for one of them. */
final class DatasetRoute {

    private static final String TOPIC = "caravan.series.topicArn";

    private static final String OBJECTS_REGION = "{{caravan.objects.region}}";

    private static final Set<String> SECRETS =
            Set.of("accessKey", "secretKey", "accountKey", "connectionString", "snsAccessKey", "snsSecretKey");

    private final CamelContext context;
    private final String file;
    private final Dataset dataset;

    DatasetRoute(CamelContext context, String file, Dataset dataset) {
        this.context = context;
        this.file = file;
        this.dataset = dataset;
    }

    Map<String, String> parameters() {
        String transform = dataset.text("transform.plugin");
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("dataset", dataset.id());
        parameters.put("description", dataset.description());
        parameters.put("source", query("source", source()));
        parameters.put("transform", transform(transform));
        parameters.put("versions", query("versions", versions()));
        parameters.put("state", query("state", state()));
        parameters.put("announce", query("announce", announce()));
        parameters.put("noTransform", no(!transform.isBlank()));
        parameters.put("noPublish", no(dataset.loads()));
        parameters.put("noVersions", no(dataset.loads()));
        parameters.put("noState", no(dataset.loads() && dataset.keepsState()));
        parameters.put("noAnnounce", no(announces()));
        parameters.put("noEnd", no(transform.isBlank() && !dataset.loads()));
        return parameters;
    }

    /** A Kamelet, a user's own step by the name of its bean, or what all built-in names mean. */
    private String transform(String plugin) {
        if (plugin.endsWith("-action")) return "kamelet:" + plugin;
        Step own = plugin.isBlank() ? null : context.getRegistry().lookupByNameAndType(plugin, Step.class);
        if (own == null) return "kamelet:observations-action";
        String bean = "dataset-" + dataset.id() + "-" + plugin;
        context.getRegistry().bind(bean, new ApplyStep(own));
        return "bean:" + bean;
    }

    private static String no(boolean configured) {
        return String.valueOf(!configured);
    }

    private Map<String, String> source() {
        Map<String, String> source = new LinkedHashMap<>();
        source.put("pipeline", dataset.id());
        source.put("file", file);
        // a URL may hold what ends a value of a URI
        source.put(
                "scope",
                Print.place(dataset.text("source.url") + dataset.text("source.url_template")) + " " + dataset.rules());
        source.put("output", output());
        source.put("fromRaw", "{{caravan.series.fromRaw}}");
        access(source);
        source.put("deleteLimitPercent", "{{caravan.series.deleteLimitPercent}}");
        source.put("leaseMillis", "{{caravan.run.leaseMillis}}");
        source.put("retries", "{{caravan.delivery.retries}}");
        source.put("retryDelayMillis", "{{caravan.delivery.retryDelayMillis}}");
        return source;
    }

    /** Where and how versions are published, in the names of {@code versions-sink}. */
    Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("sink", "versions");
        versions.put("output", output());
        versions.put("dataset", dataset.id());
        versions.put("format", dataset.text("load.format"));
        versions.put("compression", compression());
        versions.put("partitionStrategy", dataset.text("load.partition_strategy"));
        versions.put("firstWins", String.valueOf(dataset.text("revisions").equals("first-wins")));
        versions.put("timezone", dataset.text("normalize.timezone"));
        versions.put("workers", Long.toString(workers()));
        access(versions);
        return versions;
    }

    /** The reference's files are plain, whatever they say. */
    private String compression() {
        String said = dataset.text("load.compression");
        return said.equals("snappy") && !dataset.text("load.format").equals("parquet") ? "none" : said;
    }

    private long workers() {
        if (!dataset.has("load.projection")) return 8;
        long most =
                Math.max(dataset.whole("load.projection.copy_workers"), dataset.whole("load.projection.merge_workers"));
        return Math.max(1, Math.min(64, most));
    }

    private Map<String, String> state() {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("sink", "state");
        state.put("kind", dataset.text("state.kind"));
        if (dataset.text("state.kind").equals("file")) {
            state.put("file", dataset.stateFile().toString());
            return state;
        }
        state.put("bucket", dataset.text("state.bucket"));
        state.put("key", dataset.text("state.key"));
        state.put("endpoint", "{{caravan.objects.endpoint}}");
        state.put("region", dataset.has("state.aws_region") ? dataset.text("state.aws_region") : OBJECTS_REGION);
        boolean own = dataset.has("state.aws_access_key_id");
        state.put("accessKey", own ? dataset.text("state.aws_access_key_id") : "{{caravan.objects.accessKey}}");
        state.put("secretKey", own ? dataset.text("state.aws_secret_access_key") : "{{caravan.objects.secretKey}}");
        return state;
    }

    /** Whether consumers are told of its versions. */
    boolean announces() {
        return dataset.loads() && !setting(TOPIC).isBlank();
    }

    /** Whom and how, in the names of {@code announce-sink}. */
    Map<String, String> announce() {
        Map<String, String> announce = new LinkedHashMap<>();
        announce.put("sink", "announce");
        announce.put("dataset", dataset.id());
        announce.put("output", output());
        announce.put("topicArn", "{{" + TOPIC + "}}");
        announce.put("snsEndpoint", "{{caravan.series.snsEndpoint}}");
        announce.put("snsAccessKey", "{{caravan.objects.accessKey}}");
        announce.put("snsSecretKey", "{{caravan.objects.secretKey}}");
        access(announce);
        return announce;
    }

    /** Where versions are: what the file says, else the setting. */
    private String output() {
        if (dataset.has("load.bucket")) return "s3://" + dataset.text("load.bucket");
        return dataset.has("load.output") ? dataset.text("load.output") : setting("caravan.series.output");
    }

    private void access(Map<String, String> parameters) {
        for (String name : new String[] {
            "endpoint", "accessKey", "secretKey", "credentialsFile", "account", "accountKey", "connectionString"
        }) {
            parameters.put(name, "{{caravan.objects." + name + "}}");
        }
        parameters.put("region", dataset.has("load.aws_region") ? dataset.text("load.aws_region") : OBJECTS_REGION);
    }

    private String setting(String name) {
        return context.resolvePropertyPlaceholders("{{" + name + ":}}");
    }

    private String query(String step, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + quoted(step, e.getKey(), e.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** A value as a URI may have it; one that would end itself there is a bean if it is a secret, so that Camel hides all of it. */
    private String quoted(String step, String name, String value) {
        String meant = context.resolvePropertyPlaceholders(value);
        if (!meant.contains(")&")) return "RAW(" + value + ")";
        if (SECRETS.contains(name)) {
            String bean = "dataset-" + dataset.id() + "-" + step + "-" + name;
            context.getRegistry().bind(bean, meant);
            return "RAW(#bean:" + bean + ")";
        }
        new SettingChecks(dataset.id())
                .must(!meant.contains("}&"), name, "not hold both )& and }&", meant)
                .check();
        return "RAW{" + meant + "}";
    }
}
