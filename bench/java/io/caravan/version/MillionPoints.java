package io.caravan.version;

import io.caravan.format.Compression;
import io.caravan.format.JsonArrayForm;
import io.caravan.object.FileObjectStore;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Publishes 1,000,000 points, then 1,000 news, and reads the whole history; meant for {@code -Xmx256m}. Arguments: folder,
 * strategy, number of series, points.
 */
public final class MillionPoints {

    private static final Fields FIELDS =
            Fields.of("obs_time", "internal_series_code", "value", "unit", "frequency", "collection_date");

    private MillionPoints() {}

    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        PartitionStrategy strategy = PartitionStrategy.of(args[1]);
        int series = Integer.parseInt(args[2]);
        int points = Integer.parseInt(args[3]);
        JsonArrayForm format = new JsonArrayForm(Compression.NONE);
        Points shape = new Points(
                "internal_series_code",
                "obs_time",
                List.of("internal_series_code", "obs_time"),
                ZoneOffset.UTC,
                strategy,
                format.suffix());
        Publisher publisher = new Publisher(
                new Dataset(new FileObjectStore(folder), new Names("bench"), shape, format),
                Set.of("collection_date"),
                false,
                true,
                8,
                Clock.systemUTC());
        VersionsSink sink = new VersionsSink("versions", publisher);
        time("publish " + points, () -> {
            write(sink, series, points / series, 0);
            sink.flush();
        });
        time("publish 1,000 news", () -> {
            write(sink, 10, 100, 1);
            sink.flush();
        });
        Versions versions = new Versions(publisher);
        long[] read = {0};
        time("read the history", () -> versions.history(versions.current().orElseThrow(), row -> read[0]++));
        System.out.println(read[0] + " points, " + versions.list().size() + " versions, heap at most "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB");
    }

    private static void write(VersionsSink sink, int series, int each, int more) {
        List<Record> batch = new ArrayList<>();
        for (int s = 0; s < series; s++) {
            for (int day = 0; day < each; day++) {
                String code = "SERIES_" + s;
                String time = LocalDate.of(1950, 1, 1).plusDays(day) + "T00:00:00-03:00";
                Object[] values = {time, code, day + more + 0.5, "pct", "D", "2031-03-05T09:10:11.000123+00:00"};
                batch.add(Record.read(Keys.join(List.of(code, time)), FIELDS, values, new Origin("bench", day)));
                if (batch.size() == 600) {
                    sink.write(batch);
                    batch = new ArrayList<>();
                }
            }
        }
        sink.write(batch);
    }

    private static void time(String what, Runnable work) {
        long begin = System.nanoTime();
        work.run();
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    }
}
