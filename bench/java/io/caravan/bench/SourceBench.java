package io.caravan.bench;

import io.caravan.local.MongoProcess;
import io.caravan.local.PostgresProcess;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Part (d): sources, read to their end with key and hash of every record, and bare clients of the same stores, in turns. */
final class SourceBench {

    private static final int ROUNDS = 3;

    private final HeapPeak heap = new HeapPeak();
    private final TableText table = new TableText(
            "(d) sources against a bare client reading the same, records of 8 fields, -Xmx"
                    + (Runtime.getRuntime().maxMemory() >> 20) + "m",
            "source",
            "records",
            "bare/s",
            "Caravan/s",
            "ratio",
            "target",
            "heap MiB");

    private SourceBench() {}

    /** Arguments: a folder for stores and files, numbers of records, perhaps names of the sources to measure. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<Integer> sizes = new ArrayList<>();
        List<String> chosen = new ArrayList<>();
        for (String arg : List.of(args).subList(1, args.length)) {
            if (arg.matches("\\d+")) sizes.add(Integer.valueOf(arg));
            else chosen.add(arg);
        }
        PostgresProcess postgres = new PostgresProcess(folder);
        MongoProcess mongo = new MongoProcess(folder);
        SourceBench bench = new SourceBench();
        try {
            Databases databases = new Databases(postgres.start());
            List<Reading> readings = List.of(
                    new CsvReading(folder),
                    new JsonlReading(folder),
                    new JdbcReading(databases),
                    new DocumentReading(mongo.start().uri()));
            for (Reading reading : readings) {
                if (chosen.isEmpty() || chosen.stream().anyMatch(reading.name()::startsWith))
                    bench.measure(reading, sizes);
            }
            System.out.println(bench.table);
        } finally {
            postgres.stop();
            mongo.stop();
        }
    }

    private void measure(Reading reading, List<Integer> sizes) throws Exception {
        try (reading) {
            for (int records : sizes) {
                reading.prepare(records);
                measure(reading, records);
            }
        }
    }

    private void measure(Reading reading, int records) throws Exception {
        List<Double> bare = new ArrayList<>();
        List<Double> caravan = new ArrayList<>();
        long peak = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            double theirs = seconds(reading.name(), records, reading::bare);
            System.gc();
            heap.take();
            double ours = seconds(reading.name(), records, () -> read(reading));
            long used = heap.take();
            System.err.printf(
                    "(d) %s, round %d: bare %.2f s, Caravan %.2f s, %d MiB%n",
                    reading.name(), round, theirs, ours, used);
            // the first round warms up
            if (round == 0) continue;
            bare.add(records / theirs);
            caravan.add(records / ours);
            peak = Math.max(peak, used);
        }
        double theirs = TableText.median(bare);
        double ours = TableText.median(caravan);
        table.add(
                reading.name(),
                TableText.whole(records),
                TableText.whole(theirs),
                TableText.whole(ours),
                TableText.two(ours / theirs),
                ">= 0.90",
                TableText.whole(peak));
    }

    private interface Work {
        long run() throws Exception;
    }

    /** A side that lost records would be fast. */
    private static double seconds(String name, int records, Work work) throws Exception {
        long begun = System.nanoTime();
        long read = work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (read != records) throw new IllegalStateException(name + " gave " + read + " of " + records);
        return seconds;
    }

    private static long read(Reading reading) throws Exception {
        Source source = reading.source();
        Consumer<BadRow> bad = row -> {
            throw new IllegalStateException(row.reason());
        };
        long records = 0;
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            try (RecordReader reader = source.open(objects.next())) {
                while (reader.read(bad).isPresent()) records++;
            }
        }
        if (source instanceof AutoCloseable closeable) closeable.close();
        return records;
    }
}
