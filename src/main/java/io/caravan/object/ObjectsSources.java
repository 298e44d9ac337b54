package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.format.CsvFormat;
import io.caravan.format.Format;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Makes a source of objects from the settings of a Kamelet, or reports all that is wrong with them at once. */
public final class ObjectsSources {

    private static final String UNIT = "objects-source";

    private ObjectsSources() {}

    /**
     * The objects at {@code input}; nothing is touched yet.
     *
     * @param input a folder or one file: a path or a {@code file:} URI
     * @param prefix what the objects' names begin with; blank for all
     * @param namePattern what the last part of their names is like: {@code *} any text, {@code ?} any character
     * @param format how they are read: {@code csv}
     * @param keyFields the fields that identify a record, comma separated
     * @param columns the columns every object must have, comma separated; blank to take what comes
     * @param delimiter what stands between two values: one ASCII character, or {@code tab}
     * @param access how to reach the store
     */
    public static ObjectsSource of(
            String input,
            String prefix,
            String namePattern,
            String format,
            String keyFields,
            String columns,
            String delimiter,
            ObjectAccess access) {
        List<String> problems = new ArrayList<>();
        ObjectStore store = orReport(problems, () -> ObjectStores.of(UNIT, "input", input, access));
        Format reader = orReport(problems, () -> format(format, columns, delimiter));
        ObjectsSource source = orReport(
                problems, () -> new ObjectsSource(store, reader, prefix.strip(), namePattern.strip(), list(keyFields)));
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return source;
    }

    private static <T> T orReport(List<String> problems, Supplier<T> part) {
        try {
            return part.get();
        } catch (ConfigurationException e) {
            problems.add(e.getMessage());
            return null;
        }
    }

    private static Format format(String name, String columns, String delimiter) {
        if (name.equals("csv")) return new CsvFormat(delimiter, list(columns));
        throw new ConfigurationException(Settings.sentence(UNIT, "format", "be csv", name));
    }

    private static List<String> list(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
