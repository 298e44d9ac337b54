package io.caravan.job;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobDefinition.Kind;
import io.caravan.job.JobDefinition.Target;
import io.caravan.validate.KeyReader;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a job file, {@code <name>.job.yaml}, and says all that is wrong with it at once, each with its line. */
public final class JobFile {

    private static final Pattern NAMED = Pattern.compile("(?s).*\\.job\\.ya?ml");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

    /**
     * What was found.
     *
     * @param job empty when something is wrong
     */
    public record Found(Optional<JobDefinition> job, List<Problem> problems) {}

    private final String file;
    private final String name;
    private final List<Problem> problems = new ArrayList<>();
    private final KeyReader reader;
    private YamlNode root;

    private JobFile(String file) {
        this.file = file;
        this.name = nameOf(file);
        this.reader = new KeyReader("job", file, JobKeys.ALL, false, problems);
    }

    /** Whether a path names one, also one in a folder {@code jobs} whose name has a wrong ending, so that it is not overlooked. */
    public static boolean isNamed(String path) {
        return NAMED.matcher(path).matches()
                || KeyReader.isNamed(path) && path.matches("(?s)(.*[/\\\\])?jobs[/\\\\][^/\\\\]*");
    }

    /** The job's name, which is that of its file. */
    public static String nameOf(String file) {
        return file.replaceFirst("(?s).*[/\\\\]", "").replaceFirst("(\\.job)?\\.ya?ml$", "");
    }

    /** {@code file}: how people know it. */
    public static Found read(String file, String text) {
        JobFile reading = new JobFile(file);
        Optional<JobDefinition> job =
                YamlFile.read(file, text, reading.problems).flatMap(reading::job);
        return new Found(reading.problems.isEmpty() ? job : Optional.empty(), List.copyOf(reading.problems));
    }

    private Optional<JobDefinition> job(YamlNode file) {
        root = file;
        if (!NAMED.matcher(this.file).matches()) reader.wrong(1, "the file's name", "end with .job.yaml", name);
        if (!NAME.matcher(name).matches())
            reader.wrong(1, "the file's name", "be letters, digits, _ . and -, and .job.yaml", name);
        if (!root.isMap()) {
            reader.wrong(root.line(), "file", "be a map with keys such as description and run", root.shown());
            return Optional.empty();
        }
        Map<String, Object> said = reader.read(root);
        List<JobParameter> parameters = new ArrayList<>();
        map(said, "parameters").forEach((name, of) -> new JobParameterReader(reader, root, name, map(of))
                .parameter()
                .ifPresent(parameters::add));
        Map<String, String> settings = new LinkedHashMap<>();
        map(said, "set").forEach((setting, text) -> setting(setting, text, settings));
        Optional<String> key = text(said, "concurrencyKey");
        settings.forEach((setting, text) -> mustBeKnown(line("set", setting), "set." + setting, text, said));
        key.ifPresent(text -> mustBeKnown(line("concurrencyKey"), "concurrencyKey", text, said));
        Optional<Target> target = target(map(said, "run"));
        long retries = whole(said, "retries", 0, JobKeys.MOST_RETRIES).orElse(0L);
        long delay = whole(said, "retryDelaySeconds", 0, JobKeys.LONGEST_DELAY).orElse(10L);
        Optional<Long> timeout = whole(said, "timeoutSeconds", 1, JobKeys.LONGEST_TIMEOUT);
        if (problems.isEmpty() && target.isPresent()) {
            return Optional.of(new JobDefinition(
                    name,
                    text(said, "description").orElse("Job " + name),
                    parameters,
                    target.get(),
                    settings,
                    (int) retries,
                    Duration.ofSeconds(delay),
                    timeout.map(Duration::ofSeconds),
                    key));
        }
        return Optional.empty();
    }

    private Optional<Target> target(Map<String, Object> run) {
        if (run.size() == 1) {
            Map.Entry<String, Object> one = run.entrySet().iterator().next();
            String name = one.getValue().toString().strip();
            for (Kind kind : Kind.values()) {
                if (kind.word().equals(one.getKey())) return Optional.of(new Target(kind, name));
            }
        }
        // a key that is none was said before
        if (run.isEmpty() && root.at("run").filter(r -> !r.fields().isEmpty()).isPresent()) return Optional.empty();
        reader.wrong(
                line("run"),
                "run",
                "name one of pipeline, chain, dataset, backfill, java",
                String.join(", ", run.keySet()));
        return Optional.empty();
    }

    private void setting(String setting, Object text, Map<String, String> settings) {
        if (text instanceof Map<?, ?> || text instanceof List<?>) {
            reader.wrong(line("set", setting), "set." + setting, "be a text", "a map or list");
        } else if (!setting.matches("(caravan|camel)\\.[\\w.-]+")) {
            reader.wrong(line("set", setting), "set", "have names that begin with caravan. or camel.", setting);
        } else {
            settings.put(setting, text.toString());
        }
    }

    /** Every parameter that a text names is one of the job's. */
    private void mustBeKnown(int line, String field, String text, Map<String, Object> said) {
        List<String> known = List.copyOf(map(said, "parameters").keySet());
        for (String named : JobDefinition.named(text)) {
            if (known.contains(named)) continue;
            String rule = "name parameters of the job" + (known.isEmpty() ? ", which has none" : ": ");
            reader.say(
                    line,
                    SettingChecks.sentence("job", field, rule + String.join(", ", known), named)
                            + Nearest.hint(named, known));
        }
    }

    private Optional<Long> whole(Map<String, Object> said, String key, long lowest, long highest) {
        Optional<Long> value = text(said, key).map(Long::valueOf);
        value.filter(v -> v < lowest || v > highest)
                .ifPresent(v -> reader.wrong(line(key), key, "be " + lowest + " to " + highest, v));
        return value;
    }

    private int line(String key) {
        return root.lineOf(key);
    }

    private int line(String key, String below) {
        return root.at(key).map(map -> map.lineOf(below)).orElseGet(() -> line(key));
    }

    private static Optional<String> text(Map<String, Object> said, String key) {
        return Optional.ofNullable(said.get(key)).map(Object::toString).filter(text -> !text.isBlank());
    }

    private static Map<String, Object> map(Map<String, Object> said, String key) {
        return map(said.getOrDefault(key, Map.of()));
    }

    @SuppressWarnings("unchecked") // maps of a file have texts as names
    private static Map<String, Object> map(Object said) {
        return (Map<String, Object>) said;
    }
}
