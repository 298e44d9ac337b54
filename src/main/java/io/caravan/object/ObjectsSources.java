package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.Format;
import io.caravan.format.Formats;
import io.caravan.format.TextOptions;
import io.caravan.record.FieldNames;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a source of objects from the settings of a Kamelet, or reports all that is wrong with them at once. */
public final class ObjectsSources {

    private static final String UNIT = "objects-source";

    private ObjectsSources() {}

    /**
     * The objects at {@code input}; nothing is touched yet.
     *
     * @param input the store, see {@link ObjectStores#of}
     * @param prefix what the objects' names begin with; blank for all
     * @param namePattern what the last part of their names is like: {@code *} any text, {@code ?} any character
     * @param format how they are read: {@code csv}, {@code jsonl}, {@code json}, {@code xlsx} or {@code parquet}
     * @param keyFields the fields that identify a record, comma separated
     * @param columns the columns every object must have, comma separated; blank to take what comes
     * @param delimiter what stands between two values: one ASCII character, or {@code tab}
     * @param path where the array of a JSON document is: names with dots between them; blank for the document itself
     * @param sheet of a workbook: its name, or its number from 1
     * @param headerRow the number of the row of a sheet that holds the names
     * @param maxExpansion how many bytes a packed byte may become, beyond the first 64 MiB
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
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            ObjectAccess access) {
        return of(
                input,
                prefix,
                namePattern,
                format,
                keyFields,
                columns,
                delimiter,
                path,
                sheet,
                headerRow,
                maxExpansion,
                access,
                "first",
                "",
                "first",
                "");
    }

    /** The same, of which names say nothing of fields. */
    public static ObjectsSource of(
            String input,
            String prefix,
            String namePattern,
            String format,
            String keyFields,
            String columns,
            String delimiter,
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            ObjectAccess access,
            String header,
            String indexColumn,
            String winner,
            String winnerField) {
        return of(
                input,
                prefix,
                namePattern,
                format,
                keyFields,
                columns,
                delimiter,
                path,
                sheet,
                headerRow,
                maxExpansion,
                access,
                header,
                indexColumn,
                winner,
                winnerField,
                "");
    }

    /**
     * The same.
     *
     * @param header of CSV: {@code first} or {@code none}
     * @param indexColumn of CSV: what a first column without a name is called, {@code ignore} to leave it out
     * @param winner which of the records of one key is taken, see {@link ObjectsSource}
     * @param winnerField the field whose greatest value wins
     * @param partitionColumns the fields that the objects' names say: blank for none, {@code auto}, or their names, comma separated
     */
    public static ObjectsSource of(
            String input,
            String prefix,
            String namePattern,
            String format,
            String keyFields,
            String columns,
            String delimiter,
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            ObjectAccess access,
            String header,
            String indexColumn,
            String winner,
            String winnerField,
            String partitionColumns) {
        return of(
                input,
                prefix,
                namePattern,
                format,
                keyFields,
                columns,
                delimiter,
                path,
                sheet,
                headerRow,
                maxExpansion,
                access,
                header,
                indexColumn,
                winner,
                winnerField,
                partitionColumns,
                "",
                "",
                "",
                "",
                "",
                TextOptions.DEFAULT);
    }

    /**
     * The same.
     *
     * @param layout how the objects' names are made that say fields: blank, or {@code agency}
     * @param schema the file of a schema by which their columns are called; blank for their own names
     * @param dayField the partition columns that say an object's day, comma separated; blank for that of the layout
     * @param minimumScore how many points of 100 an object must have before its records go on; blank for no such rule
     * @param quarantine the store in which rows that become no records are kept, see {@link ObjectStores#of}; blank for none
     * @param text how texts are written
     */
    // minimumScore is an Object as Camel makes numbers of texts of digits
    public static ObjectsSource of(
            String input,
            String prefix,
            String namePattern,
            String format,
            String keyFields,
            String columns,
            String delimiter,
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            ObjectAccess access,
            String header,
            String indexColumn,
            String winner,
            String winnerField,
            String partitionColumns,
            String layout,
            String schema,
            String dayField,
            Object minimumScore,
            String quarantine,
            TextOptions text) {
        List<String> problems = new ArrayList<>();
        ObjectStore store = orReport(problems, () -> ObjectStores.of(UNIT, "input", input, access));
        Format reader = orReport(
                problems,
                () -> Formats.of(
                        UNIT,
                        format,
                        new Formats.Options(
                                FieldNames.of(SettingList.of(columns)),
                                delimiter,
                                path,
                                sheet.toString(),
                                headerRow,
                                maxExpansion,
                                header,
                                indexColumn,
                                text)));
        NameFields names = orReport(problems, () -> new NameFields(UNIT, partitionColumns, layout, schema, dayField));
        Optional<MinimumScore> minimum = orReport(
                problems,
                () -> MinimumScore.of(
                        UNIT, minimumScore.toString(), names == null ? Optional.empty() : names.schema()));
        Optional<ObjectsQuarantine> kept =
                orReport(problems, () -> quarantine(quarantine.strip(), input, prefix.strip(), access));
        ObjectsSource source = orReport(
                problems,
                () -> new ObjectsSource(
                        store,
                        reader,
                        prefix.strip(),
                        namePattern.strip(),
                        FieldNames.of(SettingList.of(keyFields)),
                        winner,
                        winnerField,
                        names,
                        minimum,
                        kept));
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return source;
    }

    private static Optional<ObjectsQuarantine> quarantine(
            String place, String input, String prefix, ObjectAccess access) {
        if (place.isBlank()) return Optional.empty();
        ObjectStore store = ObjectStores.of(UNIT, "quarantine", place, access);
        new SettingChecks(UNIT)
                .must(
                        !(whole(place) + "/" + ObjectsQuarantine.FOLDER).startsWith(whole(input) + "/" + prefix),
                        "quarantine",
                        "not be where objects are read, input and prefix",
                        place)
                .check();
        return Optional.of(new ObjectsQuarantine(store, prefix));
    }

    /** A place as no other is written. */
    private static String whole(String place) {
        if (place.matches("(s3|gs|azure)://.*")) return place.replaceFirst("/$", "");
        return (place.startsWith("file:") ? Path.of(URI.create(place)) : Path.of(place))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    private static <T> T orReport(List<String> problems, Supplier<T> part) {
        try {
            return part.get();
        } catch (ConfigurationException e) {
            problems.add(e.getMessage());
            return null;
        }
    }
}
