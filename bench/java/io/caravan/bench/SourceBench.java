package io.caravan.bench;

import io.caravan.local.MongoProcess;
import io.caravan.local.PostgresProcess;
import io.caravan.record.Cut;
import io.caravan.run.Batches;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Part (d): sources and bare clients of the same stores, read to their end in turns; and sources as a run reads them, in one
 * thread, while another makes the hash of every record and the fingerprint of every batch.
 */
final class SourceBench {

    /** The stand-in for MongoDB sorts in memory, and dies of more. */
    private static final int STAND_IN_SORTS = 100_000;

    private static final int ROUNDS = 3;
    /** Rounds that are not counted: the code is compiled by then. */
    private static final int WARM_UPS = 3;

    private static final double PATIENCE_SECONDS = 20;

    private final HeapPeak heap = new HeapPeak();
    private double cpu; // of this process, of what was run last
    private final TableText table = new TableText(
            "(d) sources against a bare client reading the same, records of 8 fields, -Xmx"
                    + (Runtime.getRuntime().maxMemory() >> 20) + "m",
            "source",
            "records",
            "bare/s",
            "Caravan/s",
            "ratio",
            "target",
            "with hashes/s",
            "ratio",
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
            bench.measure(sizes, chosen, "objects-source:csv", () -> new CsvReading(folder));
            bench.measure(sizes, chosen, "objects-source:jsonl", () -> new JsonlReading(folder));
            bench.measure(sizes, chosen, "objects-source:gzip", () -> new GzipReading(folder));
            bench.measure(sizes, chosen, "objects-source:parquet", () -> new ParquetReading(folder));
            bench.measure(sizes, chosen, "objects-source:xlsx", () -> new XlsxReading(folder));
            if (SinkBench.peer("s3proxy")) {
                bench.measure(sizes, chosen, "objects-source:s3", () -> new BucketReading(folder));
            }
            bench.measure(sizes, chosen, "http-source", HttpReading::new);
            bench.measure(sizes, chosen, "google-sheets-source", SheetsReading::new);
            bench.measure(sizes, chosen, "jdbc-source", () -> new JdbcReading(new Databases(postgres.start())));
            List<Integer> fewer =
                    sizes.stream().filter(n -> n <= STAND_IN_SORTS).toList();
            bench.measure(
                    fewer,
                    chosen,
                    "mongodb-source",
                    () -> new DocumentReading(mongo.start().uri()));
        } finally {
            System.out.println(bench.table);
            postgres.stop();
            mongo.stop();
        }
    }

    private interface Maker {
        Reading make() throws Exception;
    }

    private void measure(List<Integer> sizes, List<String> chosen, String name, Maker maker) throws Exception {
        if (!chosen.isEmpty() && chosen.stream().noneMatch(name::startsWith)) return;
        try (Reading reading = maker.make()) {
            boolean warm = false;
            for (int records : sizes) {
                reading.prepare(records);
                measure(reading, records, warm);
                warm = true;
            }
        }
    }

    /** Rounds that take long need no warming up, nor so many of them, after those that did not. */
    private void measure(Reading reading, int records, boolean warm) throws Exception {
        List<Double> bare = new ArrayList<>();
        List<Double> caravan = new ArrayList<>();
        List<Double> hashed = new ArrayList<>();
        long peak = 0;
        double spent = 0;
        for (int round = warm ? 1 : 1 - WARM_UPS; round <= ROUNDS && (round < 2 || spent < PATIENCE_SECONDS); round++) {
            double theirs = seconds(reading.name(), records, reading::bare);
            double theirCpu = cpu;
            System.gc();
            heap.take();
            double ours = seconds(reading.name(), records, () -> read(reading, SourceBench::count));
            double ourCpu = cpu;
            double run = seconds(reading.name(), records, () -> read(reading, SourceBench::cut));
            long used = heap.take();
            System.err.printf(
                    "(d) %s, %d records, round %d: bare %.2f s (%.2f of a CPU's), Caravan %.2f s (%.2f), with hashes %.2f s"
                            + " (%.2f), %d MiB%n",
                    reading.name(), records, round, theirs, theirCpu, ours, ourCpu, run, cpu, used);
            if (round < 1) continue;
            spent += ours + theirs + run;
            bare.add(records / theirs);
            caravan.add(records / ours);
            hashed.add(records / run);
            peak = Math.max(peak, used);
        }
        double theirs = TableText.median(bare);
        double ours = TableText.median(caravan);
        double run = TableText.median(hashed);
        table.add(
                reading.name(),
                TableText.whole(records),
                TableText.whole(theirs),
                TableText.whole(ours),
                TableText.two(ours / theirs),
                ">= 0.90",
                TableText.whole(run),
                TableText.two(run / theirs),
                TableText.whole(peak));
    }

    private interface Work {
        long run() throws Exception;
    }

    /** A side that lost records would be fast. */
    private double seconds(String name, int records, Work work) throws Exception {
        double cpuBegun = ProcessCpu.seconds();
        long begun = System.nanoTime();
        long read = work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        cpu = ProcessCpu.seconds() - cpuBegun;
        if (read != records) throw new IllegalStateException(name + " gave " + read + " of " + records);
        return seconds;
    }

    private interface Way {
        long read(SourceObject object, RecordReader reader, Consumer<BadRow> bad);
    }

    private static long count(SourceObject object, RecordReader reader, Consumer<BadRow> bad) {
        long records = 0;
        while (reader.read(bad).isPresent()) records++;
        return records;
    }

    private static long cut(SourceObject object, RecordReader reader, Consumer<BadRow> bad) {
        long records = 0;
        try (Batches batches = new Batches(object.name(), Cut.DEFAULT, reader, bad)) {
            while (batches.hasNext()) records += batches.next().records().size();
        }
        return records;
    }

    private static long read(Reading reading, Way way) throws Exception {
        Source source = reading.source();
        Consumer<BadRow> bad = row -> {
            throw new IllegalStateException(row.reason());
        };
        long records = 0;
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            SourceObject object = objects.next();
            try (RecordReader reader = source.open(object)) {
                records += way.read(object, reader, bad);
            }
        }
        if (source instanceof AutoCloseable closeable) closeable.close();
        return records;
    }
}
