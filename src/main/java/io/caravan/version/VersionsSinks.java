package io.caravan.version;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonArrayForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.WritableFormat;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.record.FieldNames;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the sink of versions, and what reads them, from settings, or reports all that is wrong with them at once. */
public final class VersionsSinks {

    private static final String UNIT = "versions-sink";
    private static final Logger LOG = LoggerFactory.getLogger(VersionsSinks.class);

    private VersionsSinks() {}

    /**
     * How a data set is laid out.
     *
     * @param format {@code json}, {@code jsonl}, {@code csv} or {@code parquet}
     * @param compression {@code none}, {@code gzip}, {@code zstd}, and {@code snappy} for parquet
     * @param partitionStrategy {@code series_year_month}, {@code series_year}, {@code series}, {@code year_month} or {@code date}
     * @param keyFields the key of a record, in its order, comma separated
     * @param timezone of times without an offset
     * @param volatileFields whose difference is none, comma separated
     */
    public record Layout(
            String format,
            String compression,
            String partitionStrategy,
            String seriesField,
            String timeField,
            String keyFields,
            String timezone,
            String volatileFields) {

        /** As a dataset's YAML has them when it says nothing. */
        public static final Layout DEFAULT = new Layout(
                "json",
                "none",
                "series_year_month",
                "internal_series_code",
                "obs_time",
                "internal_series_code,obs_time",
                "UTC",
                "collection_date");
    }

    /**
     * The sink at {@code output}; nothing is touched yet.
     *
     * @param output a folder as a path or {@code file:} URI, {@code s3://<bucket>}, {@code gs://<bucket>} or {@code
     *     azure://<container>}
     * @param firstWins whether a point that is there is never revised
     * @param refuseOlderRun whether a run may not publish after one with a greater token
     * @param workers how many objects are written at a time
     */
    public static VersionsSink of(
            Object sink,
            String output,
            Object dataset,
            String format,
            String compression,
            String partitionStrategy,
            String seriesField,
            String timeField,
            String keyFields,
            String timezone,
            String volatileFields,
            boolean firstWins,
            boolean refuseOlderRun,
            int workers,
            ObjectAccess access) {
        Layout layout = new Layout(
                format, compression, partitionStrategy, seriesField, timeField, keyFields, timezone, volatileFields);
        return new VersionsSink(
                sink.toString(),
                publisher(
                        sink.toString(),
                        output,
                        dataset.toString(),
                        layout,
                        firstWins,
                        refuseOlderRun,
                        workers,
                        access));
    }

    /** What reads the versions of a data set, and goes back to one; the caller closes it. */
    public static Versions versions(
            String output, String dataset, Layout layout, ObjectAccess access, CamelContext context) {
        Publisher publisher = publisher("datasets", output, dataset, layout, false, true, 8, access);
        CamelContextAware.trySetCamelContext(publisher.dataset().store(), context);
        return new Versions(publisher);
    }

    private static Publisher publisher(
            String sink,
            String output,
            String dataset,
            Layout layout,
            boolean firstWins,
            boolean tokens,
            int workers,
            ObjectAccess access) {
        List<String> problems = new ArrayList<>();
        ObjectStore store = orReport(problems, () -> ObjectStores.of(sink, "output", output, access));
        Names names = orReport(problems, () -> new Names(dataset));
        WritableFormat form = orReport(problems, () -> form(dataset, layout));
        PartitionStrategy strategy = orReport(problems, () -> PartitionStrategy.of(layout.partitionStrategy()));
        Points points = orReport(problems, () -> points(layout, strategy, form));
        orReport(problems, () -> {
            new SettingChecks(UNIT).between("workers", workers, 1, 64).check();
            return workers;
        });
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return new Publisher(
                new Dataset(store, names, points, form),
                Set.copyOf(FieldNames.of(SettingList.of(layout.volatileFields()))),
                firstWins,
                tokens,
                workers,
                Clock.systemUTC());
    }

    private static Points points(Layout layout, PartitionStrategy strategy, WritableFormat form) {
        ZoneId zone;
        try {
            zone = ZoneId.of(layout.timezone().strip());
        } catch (DateTimeException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                    UNIT, "timezone", "be a zone such as America/Argentina/Buenos_Aires", layout.timezone()));
        }
        return new Points(
                layout.seriesField().strip(),
                layout.timeField().strip(),
                FieldNames.of(SettingList.of(layout.keyFields())),
                zone,
                strategy == null ? PartitionStrategy.SERIES_YEAR_MONTH : strategy,
                form == null ? "" : form.suffix());
    }

    private static WritableFormat form(String dataset, Layout layout) {
        Compression compression = Arrays.stream(Compression.values())
                .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(layout.compression()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(SettingChecks.sentence(
                        UNIT, "compression", "be none, gzip, zstd or snappy", layout.compression())));
        boolean text = !layout.format().equals("parquet");
        if (text && compression == Compression.SNAPPY) {
            LOG.warn(
                    "{}: {}: compression 'snappy' is read as 'none' for {}; say 'none', 'gzip' or 'zstd'",
                    UNIT,
                    dataset,
                    layout.format());
            compression = Compression.NONE;
        }
        return switch (layout.format()) {
            case "json" -> new JsonArrayForm(compression);
            case "jsonl" -> new JsonlForm(compression);
            case "csv" -> new CsvForm(",", false, compression);
            case "parquet" -> ParquetForm.named(compression);
            default ->
                throw new ConfigurationException(
                        SettingChecks.sentence(UNIT, "format", "be json, jsonl, csv or parquet", layout.format()));
        };
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
