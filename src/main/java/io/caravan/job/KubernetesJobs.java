package io.caravan.job;

import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/**
 * Jobs as objects of Kubernetes: a Job of batch/v1 each, which runs {@code caravan run <job>} in a container. The same job has the same
 * name, so that applying it again changes nothing.
 */
public final class KubernetesJobs {

    private static final String UNIT = "jobs add";
    private static final int PART = 20;

    private static final DumpSettings YAML = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setExplicitStart(true)
            .setSplitLines(false)
            .setUseUnicodeEncoding(false)
            .build();

    private final String image;
    private final String secret;

    /** {@code secret}: a Secret whose entries are environment variables of the container; blank for none. */
    public KubernetesJobs(String image, String secret) {
        new SettingChecks(UNIT)
                .must(
                        image.matches("[^\\s]{1,500}"),
                        "caravan.jobs.kubernetes.image",
                        "name the image that runs jobs, such as registry.example.com/caravan:1.0",
                        image)
                .must(
                        secret.isBlank() || secret.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"),
                        "caravan.jobs.kubernetes.secret",
                        "be the name of a Secret",
                        secret)
                .check();
        this.image = image;
        this.secret = secret.strip();
    }

    /** A document of YAML; what a row holds is quoted in it, unless it is a word that no reader takes for anything else. */
    public String yaml(NewJob job) {
        return new Dump(YAML, new Texts()).dumpToString(of(job));
    }

    /** Kubernetes reads YAML 1.1, in which yes and 0o17 are no texts. */
    private static final class Texts extends StandardRepresenter {

        Texts() {
            super(YAML);
            representers.put(String.class, text -> representScalar(Tag.STR, text.toString(), style(text.toString())));
        }

        private static ScalarStyle style(String text) {
            boolean plain = text.matches("[A-Za-z][A-Za-z0-9./-]{2,}") && !text.matches("(?i)yes|off|true|false|null");
            return plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
        }
    }

    private Map<String, Object> of(NewJob job) {
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", "job");
        container.put("image", image);
        container.put("args", arguments(job));
        if (!secret.isEmpty()) container.put("envFrom", List.of(Map.of("secretRef", Map.of("name", secret))));

        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("restartPolicy", "Never");
        pod.put("containers", List.of(container));

        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/name", "caravan");
        labels.put("caravan.io/job", label(job.kind(), 63));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name(job));
        metadata.put("labels", labels);
        metadata.put("annotations", Map.of("caravan.io/key", job.key()));

        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("backoffLimit", 1);
        spec.put("template", Map.of("spec", pod));

        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("apiVersion", "batch/v1");
        whole.put("kind", "Job");
        whole.put("metadata", metadata);
        whole.put("spec", spec);
        return whole;
    }

    /** Kubernetes puts variables in place of {@code $(NAME)}, and takes two dollars for one: what comes from a row is data. */
    private static List<String> arguments(NewJob job) {
        List<String> arguments = new ArrayList<>(List.of("run", job.kind(), "--"));
        job.payload()
                .values()
                .forEach((name, said) ->
                        arguments.add("--" + name + "=" + String.join(",", said).replace("$", "$$")));
        return arguments;
    }

    /** As DNS wants it, and another one for each other kind or key. */
    static String name(NewJob job) {
        return (label(job.kind(), PART) + "-" + label(job.key(), PART) + "-"
                        + Sha256.hex(job.kind() + "\0" + job.key(), 8))
                .replaceAll("^-+|-(?=-)", "");
    }

    private static String label(String text, int most) {
        String plain =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        return plain.substring(0, Math.min(most, plain.length())).replaceAll("-+$", "");
    }
}
