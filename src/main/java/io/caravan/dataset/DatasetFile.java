package io.caravan.dataset;

import io.caravan.validate.FileKey.Type;
import io.caravan.validate.KeyReader;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a dataset file and says all that is wrong with it at once, each with its line. A value with a placeholder, {@code
 * {{caravan.name}}}, is looked at where the setting is known: when the route is made.
 */
public final class DatasetFile {

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
    private final KeyReader reader;

    private DatasetFile(String file) {
        this.file = file;
        this.reader = new KeyReader("dataset", file, DatasetKeys.ALL, true, problems);
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
            reader.wrong(root.line(), "file", "be a map with keys such as source and parse", root.shown());
            return Optional.empty();
        }
        Map<String, Object> said = reader.read(root);
        String id = said.getOrDefault("dataset_id", nameOf(file)).toString();
        if (!said.containsKey("dataset_id") && !KeyReader.isCode(id)) {
            reader.wrong(1, "the file's name", "be " + Type.CODE.rule(), id);
        }
        Dataset dataset = new Dataset(id, said, List.of());
        new DatasetRules(dataset, root, reader::say, warnings).check();
        for (String key : CREDENTIALS) {
            if (dataset.has(key)) {
                warnings.add(key + " stands in the file, where everybody who reads it sees it;"
                        + " better set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
        }
        return Optional.of(new Dataset(id, said, warnings));
    }
}
