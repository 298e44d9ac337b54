package io.caravan.bench;

import io.caravan.local.Endpoint;
import io.caravan.local.PostgresProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Part (a): what Caravan itself costs, CSV -> hash -> ledger -> a sink that does nothing. */
final class LedgerBench {

    private static final int ROUNDS = 3;
    private static final int LONG_ENOUGH_FOR_ONE = 2_000_000;
    private static final int TARGET = 300_000;

    private final Path folder;
    private final Databases databases;
    private final HeapPeak heap = new HeapPeak();
    private final TableText table = new TableText(
            "(a) CSV -> hash -> ledger -> no-op sink, records of 8 fields, -Xmx"
                    + (Runtime.getRuntime().maxMemory() >> 20) + "m",
            "run",
            "records",
            "seconds",
            "records/s",
            "heap MiB",
            "target");

    private LedgerBench(Path folder, Endpoint postgres) {
        this.folder = folder;
        this.databases = new Databases(postgres);
    }

    /** Arguments: a folder for stores and files, then numbers of records. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        PostgresProcess postgres = new PostgresProcess(folder);
        try {
            LedgerBench bench = new LedgerBench(folder, postgres.start());
            bench.measure(100_000, 2, false);
            for (int i = 1; i < args.length; i++) {
                int records = Integer.parseInt(args[i]);
                bench.measure(records, records >= LONG_ENOUGH_FOR_ONE ? 1 : ROUNDS, true);
            }
            System.out.println(bench.table);
        } finally {
            postgres.stop();
        }
    }

    /** First runs, each into an empty ledger and followed by a run without news; the medians become rows. */
    private void measure(int records, int rounds, boolean shown) throws Exception {
        Path csv = Orders.write(folder, records);
        List<Double> first = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        long firstHeap = 0;
        long againHeap = 0;
        for (int round = 1; round <= rounds; round++) {
            Endpoint database = databases.fresh();
            try (BenchPipeline pipeline =
                    new BenchPipeline(csv, "", List.of("kamelet:no-op-sink?sink=nothing"), database)) {
                first.add(seconds(pipeline, records));
                firstHeap = Math.max(firstHeap, heap.take());
                touch(csv);
                again.add(seconds(pipeline, 0));
                againHeap = Math.max(againHeap, heap.take());
            }
            databases.drop(database);
            System.err.printf(
                    "(a) %,d records, round %d: %.1f s, without news %.1f s%n",
                    records, round, first.get(round - 1), again.get(round - 1));
        }
        Files.delete(csv);
        if (!shown) return;
        row("first", records, TableText.median(first), firstHeap, "");
        row("without news", records, TableText.median(again), againHeap, ">= " + TableText.whole(TARGET));
    }

    private void row(String run, int records, double seconds, long heapMib, String target) {
        table.add(
                run,
                TableText.whole(records),
                TableText.two(seconds),
                TableText.whole(records / seconds),
                Long.toString(heapMib),
                target);
    }

    private static double seconds(BenchPipeline pipeline, long written) throws Exception {
        System.gc();
        long begun = System.nanoTime();
        long found = pipeline.run().sinks().get("nothing").written();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (found != written) throw new IllegalStateException(found + " written instead of " + written);
        return seconds;
    }

    /** Another time of modification: the file must be read and hashed, nothing in it is news. */
    private static void touch(Path csv) throws IOException {
        Files.setLastModifiedTime(csv, FileTime.from(Instant.now()));
    }
}
