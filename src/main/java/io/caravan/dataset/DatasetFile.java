package io.caravan.dataset;

import io.caravan.dataset.DatasetKey.Type;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a dataset file and says all that is wrong with it at once, each with its line. A value with a placeholder, {@code
 * {{caravan.name}}}, is looked at where the setting is known: when the route is made.
 */
public final class DatasetFile {

    private static final Pattern CODE = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,200}");
    private static final Pattern PLACEHOLDER = Pattern.compile("(?s).*\\{\\{.*}}.*");
    private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final List<String> CREDENTIALS = List.of(
            "state.aws_access_key_id",
            "state.aws_secret_access_key",
            "lock.aws_access_key_id",
            "lock.aws_secret_access_key");

    /**
     * What was found.
     *
     * @param dataset empty when something is wrong
     */
    public record Found(Optional<Dataset> dataset, List<Problem> problems) {}

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private DatasetFile(String file) {
        this.file = file;
    }

    /** Whether a path names one: a {@code .yml} or {@code .yaml} that is no file of routes or Kamelet. */
    public static boolean isNamed(String name) {
        return name.matches("(?s).*\\.ya?ml") && !name.matches("(?s).*\\.(camel|kamelet)\\.ya?ml");
    }

    /** {@code file}: how people know it; its base name is the dataset's where it says none. */
    public static Found read(String file, String text) {
        DatasetFile reader = new DatasetFile(file);
        Optional<Dataset> dataset = YamlFile.read(file, text, reader.problems).flatMap(reader::dataset);
        return new Found(reader.problems.isEmpty() ? dataset : Optional.empty(), List.copyOf(reader.problems));
    }

    /** The name that a file is known by before it is read. */
    public static String nameOf(String file) {
        return file.replaceFirst("(?s).*[/\\\\]", "").replaceFirst("\\.ya?ml$", "");
    }

    private Optional<Dataset> dataset(YamlNode root) {
        if (!root.isMap()) {
            wrong(root.line(), "file", "be a map with keys such as source and parse", root.shown());
            return Optional.empty();
        }
        Map<String, Object> said = map(root, "");
        String id = said.getOrDefault("dataset_id", nameOf(file)).toString();
        if (!said.containsKey("dataset_id") && !CODE.matcher(id).matches()) {
            wrong(1, "the file's name", "be " + Type.CODE.rule(), id);
        }
        Dataset dataset = new Dataset(id, said, List.of());
        new DatasetRules(
                        dataset, root, (line, sentence) -> problems.add(new Problem(file, line, 0, sentence)), warnings)
                .check();
        for (String key : CREDENTIALS) {
            if (dataset.has(key)) {
                warnings.add(key + " stands in the file, where everybody who reads it sees it;"
                        + " better set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
        }
        return Optional.of(new Dataset(id, said, warnings));
    }

    private Map<String, Object> map(YamlNode node, String path) {
        Map<String, Object> said = new LinkedHashMap<>();
        List<DatasetKey> known = DatasetKeys.in(path);
        node.fields().forEach((name, value) -> {
            Optional<DatasetKey> key =
                    known.stream().filter(k -> k.name().equals(name)).findFirst();
            if (key.isEmpty()) {
                List<String> names = known.stream().map(DatasetKey::name).toList();
                problems.add(new Problem(
                        file,
                        node.lineOf(name),
                        0,
                        SettingChecks.sentence(
                                        path.isEmpty() ? "dataset" : path,
                                        "key",
                                        "be one of " + String.join(", ", names),
                                        name)
                                + Nearest.hint(name, names)));
            } else {
                value(key.get(), value, node.lineOf(name)).ifPresent(v -> said.put(name, v));
            }
        });
        return said;
    }

    private Optional<Object> value(DatasetKey key, YamlNode node, int line) {
        if (node.isScalar() && NOTHING.matcher(node.text()).matches()) return Optional.empty();
        switch (key.type()) {
            case MAP -> {
                if (node.isMap()) return Optional.of(map(node, key.path()));
            }
            case TEXTS -> {
                List<YamlNode> items = node.isScalar() ? List.of(node) : node.items();
                if (!node.isMap() && items.stream().allMatch(YamlNode::isScalar)) {
                    return Optional.of(items.stream().map(YamlNode::text).toList());
                }
            }
            case OPEN -> {
                if (node.isMap()) return Optional.of(plain(node));
            }
            default -> {
                if (node.isScalar()) return scalar(key, node.text(), line);
            }
        }
        wrong(line, key.path(), "be " + key.type().rule(), node.shown());
        return Optional.empty();
    }

    private Optional<Object> scalar(DatasetKey key, String text, int line) {
        if (PLACEHOLDER.matcher(text).matches()) return Optional.of(text);
        if (!key.words().isEmpty() && !key.words().contains(text)) {
            problems.add(new Problem(
                    file,
                    line,
                    0,
                    SettingChecks.sentence("dataset", key.path(), "be one of " + String.join(", ", key.words()), text)
                            + Nearest.hint(text, key.words())));
            return Optional.empty();
        }
        boolean right =
                switch (key.type()) {
                    case CODE -> CODE.matcher(text).matches();
                    case WHOLE -> text.matches("[0-9]{1,18}");
                    case NUMBER -> text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") && Double.parseDouble(text) > 0;
                    case TRUTH -> text.matches("(?i)true|false");
                    case ZONE -> isZone(text);
                    default -> true;
                };
        if (!right) {
            wrong(line, key.path(), "be " + key.type().rule(), text);
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static boolean isZone(String text) {
        try {
            ZoneId.of(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** As texts, lists and maps; what is nothing is left out of a map. */
    private static Object plain(YamlNode node) {
        if (node.isScalar()) return TRUTH.matcher(node.text()).matches() ? Boolean.valueOf(node.text()) : node.text();
        if (!node.isMap()) return node.items().stream().map(DatasetFile::plain).toList();
        Map<String, Object> plain = new LinkedHashMap<>();
        node.fields().forEach((name, value) -> {
            if (!value.isScalar() || !NOTHING.matcher(value.text()).matches()) plain.put(name, plain(value));
        });
        return plain;
    }

    private void wrong(int line, String field, String rule, Object got) {
        problems.add(new Problem(file, line, 0, SettingChecks.sentence("dataset", field, rule, got)));
    }
}
