package io.caravan.bench;

import io.caravan.delivery.Sink;
import io.caravan.local.MongoProcess;
import io.caravan.local.Neo4jProcess;
import io.caravan.local.PostgresProcess;
import io.caravan.record.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Part (e): each sink on its own, batches of {@value #BATCH} records and a flush at the end, and bare clients making the same
 * bulk calls on the same server, in turns. Then the sink alone with as many records as heap is asked for.
 */
final class SinkBench {

    private static final int ROUNDS = 3;
    /** Rounds that are not counted: the code is compiled by then. */
    private static final int WARM_UPS = 2;

    private static final int BATCH = 500;

    private final HeapPeak heap = new HeapPeak();
    private final List<Integer> sizes;
    private final TableText table;

    private SinkBench(List<Integer> sizes) {
        this.sizes = sizes;
        List<String> head = new ArrayList<>(List.of("sink", "records", "bare/s", "Caravan/s", "ratio", "target"));
        sizes.forEach(size -> head.add("heap MiB at " + TableText.whole(size)));
        this.table = new TableText(
                "(e) sinks against a bare client making the same bulk calls, records of 8 fields, -Xmx"
                        + (Runtime.getRuntime().maxMemory() >> 20) + "m",
                head.toArray(String[]::new));
    }

    /** Arguments: a folder for stores and files, numbers of records to hold, perhaps names of the sinks to measure. */
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
        Neo4jProcess neo4j = new Neo4jProcess(folder, System.err::println);
        SinkBench bench = new SinkBench(sizes);
        try {
            bench.measure(chosen, "warehouse-sink", () -> new WarehouseWriting(new Databases(postgres.start())));
            postgres.stop();
            bench.measure(
                    chosen,
                    "mongodb-sink",
                    () -> new DocumentWriting(mongo.start().uri()));
            mongo.stop();
            bench.measure(chosen, "neo4j-sink", () -> new GraphWriting(neo4j.start()));
            neo4j.stop();
            bench.measure(chosen, "lucene-sink", () -> new LuceneWriting(folder.resolve("lucene")));
            if (peer("milvus-lite")) bench.measure(chosen, "milvus-sink", MilvusWriting::new);
            bench.measure(chosen, "bigquery-sink", BigQueryWriting::new);
            for (String format : List.of("jsonl", "jsonl.gz", "csv", "parquet")) {
                bench.measure(
                        chosen,
                        "objects-sink:" + format,
                        () -> ObjectsWriting.folder(folder.resolve("objects"), format));
            }
            if (peer("s3proxy")) bench.measure(chosen, "objects-sink:s3", () -> ObjectsWriting.s3(folder, "jsonl"));
            bench.measure(chosen, "http-sink:batch", () -> new HttpWriting("batch"));
            bench.measure(chosen, "http-sink:record", () -> new HttpWriting("record"));
            System.out.println(bench.table);
            if (chosen.isEmpty() || chosen.contains("put")) System.out.println(PutBench.table());
        } finally {
            postgres.stop();
            mongo.stop();
            neo4j.stop();
        }
    }

    /** Whether {@code peers/run} started it; says so when not. */
    static boolean peer(String name) {
        boolean there = PeerAddress.of(name).isPresent();
        if (!there) System.err.println("without " + name + ", which peers/run would start");
        return there;
    }

    private interface Maker {
        Writing make() throws Exception;
    }

    private void measure(List<String> chosen, String name, Maker maker) throws Exception {
        if (!chosen.isEmpty() && chosen.stream().noneMatch(name::startsWith)) return;
        try (Writing writing = maker.make()) {
            measure(writing);
        }
    }

    private void measure(Writing writing) throws Exception {
        int records =
                Math.min(writing.rated(), sizes.stream().max(Integer::compare).orElse(writing.rated()));
        List<Double> bare = new ArrayList<>();
        List<Double> caravan = new ArrayList<>();
        for (int round = 1 - WARM_UPS; round <= ROUNDS; round++) {
            Clock before = round % 2 == 0 ? null : bare(writing, records);
            Clock ours = caravan(writing, writing::sink, records, i -> i);
            verify(writing, records);
            Clock theirs = round % 2 == 0 ? bare(writing, records) : before;
            System.err.printf("(e) %s, round %d: bare %s, Caravan %s%n", writing.name(), round, theirs, ours);
            // the first rounds warm up
            if (round < 1) continue;
            bare.add(records / theirs.seconds());
            caravan.add(records / ours.seconds());
        }
        double theirs = TableText.median(bare);
        double ours = TableText.median(caravan);
        List<String> row = new ArrayList<>(List.of(
                writing.name(),
                TableText.whole(records),
                TableText.whole(theirs),
                TableText.whole(ours),
                TableText.two(ours / theirs),
                ">= 0.80"));
        for (int size : sizes) row.add(TableText.whole(heap(writing, size)));
        table.add(row.toArray(String[]::new));
    }

    private long heap(Writing writing, int records) throws Exception {
        System.gc();
        heap.take();
        Clock clock = caravan(writing, writing::heapSink, records, i -> i % writing.keys());
        long used = heap.take();
        System.err.printf(
                "(e) %s, %d records of %d keys: %s, %d MiB%n",
                writing.name(), records, Math.min(records, writing.keys()), clock, used);
        return used;
    }

    private static Clock bare(Writing writing, int records) throws Exception {
        writing.empty();
        Clock clock = new Clock();
        Bare bare = clock.of(writing::bare);
        try (bare) {
            for (int i = 0; i < records; i += BATCH) {
                List<Record> batch = batch(writing, i, records, n -> n);
                clock.of(() -> {
                    bare.write(batch);
                    return null;
                });
            }
            clock.of(() -> {
                bare.flush();
                return null;
            });
        }
        verify(writing, records);
        return clock;
    }

    private static Clock caravan(Writing writing, Work<Sink> opened, int records, IntUnaryOperator key)
            throws Exception {
        writing.empty();
        Clock clock = new Clock();
        Sink sink = clock.of(opened);
        try {
            sink.discard();
            for (int i = 0; i < records; i += BATCH) {
                List<Record> batch = batch(writing, i, records, key);
                if (!clock.of(() -> sink.write(batch)).isEmpty()) throw refused(writing);
            }
            if (!clock.of(sink::flush).isEmpty()) throw refused(writing);
        } finally {
            if (sink instanceof AutoCloseable closeable) closeable.close();
        }
        return clock;
    }

    private static List<Record> batch(Writing writing, int from, int records, IntUnaryOperator key) {
        List<Record> batch = new ArrayList<>(BATCH);
        for (int i = from; i < Math.min(from + BATCH, records); i++) batch.add(writing.record(key.applyAsInt(i)));
        return batch;
    }

    /** A side that lost records would be fast. */
    private static void verify(Writing writing, int records) throws Exception {
        long held = writing.held();
        boolean more = held > records && !writing.countsRequests();
        if (held < records || more)
            throw new IllegalStateException(writing.name() + " holds " + held + " of " + records);
    }

    private static IllegalStateException refused(Writing writing) {
        return new IllegalStateException(writing.name() + " refused records");
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    /** Runs while something is done for the store, not while records are made. */
    private static final class Clock {

        private long nanos;
        private double cpu;

        <T> T of(Work<T> work) throws Exception {
            double cpuBegun = ProcessCpu.seconds();
            long begun = System.nanoTime();
            T result = work.run();
            nanos += System.nanoTime() - begun;
            cpu += ProcessCpu.seconds() - cpuBegun;
            return result;
        }

        @Override
        public String toString() {
            return "%.2f s (%.2f of a CPU's)".formatted(seconds(), cpu);
        }

        double seconds() {
            return nanos / 1e9;
        }
    }
}
