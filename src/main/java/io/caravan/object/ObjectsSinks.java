package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.WritableFormat;
import io.caravan.record.FieldNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Makes a sink of objects from the settings of a Kamelet, or reports all that is wrong with them at once. */
public final class ObjectsSinks {

    private static final String UNIT = "objects-sink";

    private ObjectsSinks() {}

    /**
     * The sink at {@code output}; nothing is touched yet.
     *
     * @param output a folder as a path or {@code file:} URI, {@code s3://<bucket>}, {@code gs://<bucket>} or {@code
     *     azure://<container>}
     * @param prefix what the names of its objects begin with
     * @param format {@code jsonl}, {@code csv} or {@code parquet}
     * @param compression {@code none}, {@code gzip}, {@code zstd} or {@code snappy}
     * @param partitions the number of objects, when {@code partitionBy} is blank
     * @param partitionBy the field whose values make the folders; blank for none
     * @param keyColumn the column that holds a record's key
     * @param exclude the fields that are not kept, comma separated
     * @param delimiter of CSV: one ASCII character, or {@code tab}
     * @param neutraliseFormulas of CSV: whether a text that a spreadsheet would take for a formula gets a {@code '}
     * @param manifests whether an object beside them says what a run wrote
     */
    public static ObjectsSink of(
            Object sink,
            String output,
            String prefix,
            String format,
            String compression,
            int partitions,
            String partitionBy,
            String keyColumn,
            String exclude,
            String delimiter,
            boolean neutraliseFormulas,
            boolean manifests,
            ObjectAccess access) {
        List<String> problems = new ArrayList<>();
        ObjectStore store = orReport(problems, () -> ObjectStores.of(UNIT, sink.toString(), "output", output, access));
        WritableFormat form =
                orReport(problems, () -> form(format, compression(compression), delimiter, neutraliseFormulas));
        String suffix = form == null ? "" : form.suffix();
        Layout layout = orReport(problems, () -> new Layout(prefix.strip(), partitionBy.strip(), partitions, suffix));
        KeyedRows rows = orReport(
                problems, () -> new KeyedRows(keyColumn.strip(), Set.copyOf(FieldNames.of(SettingList.of(exclude)))));
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return new ObjectsSink(sink.toString(), store, form, layout, rows, manifests);
    }

    private static WritableFormat form(String name, Compression compression, String delimiter, boolean neutralise) {
        return switch (name) {
            case "jsonl" -> new JsonlForm(compression);
            case "csv" -> new CsvForm(delimiter, neutralise, compression);
            case "parquet" -> new ParquetForm(compression);
            default ->
                throw new ConfigurationException(
                        SettingChecks.sentence(UNIT, "format", "be jsonl, csv or parquet", name));
        };
    }

    private static Compression compression(String name) {
        return Arrays.stream(Compression.values())
                .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        SettingChecks.sentence(UNIT, "compression", "be none, gzip, zstd or snappy", name)));
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
