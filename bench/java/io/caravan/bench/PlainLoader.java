package io.caravan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The loader somebody writes by hand in an afternoon, against which Caravan is measured: reads the CSV, types the
 * fields, and gives every {@value #BATCH} orders to each store in one bulk call, the stores side by side. It keeps no
 * books: no hashes, no dead letters, no deletes, no resuming.
 */
final class PlainLoader {

    private static final int BATCH = 500;

    record Order(
            String id,
            String customer,
            String product,
            long quantity,
            BigDecimal price,
            boolean paid,
            Instant orderedAt,
            String note) {}

    /** One store, connected in its constructor. */
    interface Store extends AutoCloseable {
        void write(List<Order> batch) throws Exception;
    }

    private PlainLoader() {}

    static void load(Path csv, List<Store> stores) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(stores.size());
        try (BufferedReader in = Files.newBufferedReader(csv)) {
            in.readLine();
            for (List<Order> batch = read(in); !batch.isEmpty(); batch = read(in)) write(batch, stores, threads);
        } finally {
            threads.shutdown();
        }
    }

    private static void write(List<Order> batch, List<Store> stores, ExecutorService threads) throws Exception {
        List<Callable<Void>> writes = new ArrayList<>();
        for (Store store : stores) {
            writes.add(() -> {
                store.write(batch);
                return null;
            });
        }
        for (Future<Void> write : threads.invokeAll(writes)) write.get();
    }

    private static List<Order> read(BufferedReader in) throws IOException {
        List<Order> batch = new ArrayList<>(BATCH);
        while (batch.size() < BATCH) {
            String line = in.readLine();
            if (line == null) break;
            batch.add(order(split(line)));
        }
        return batch;
    }

    private static Order order(List<String> f) {
        return new Order(
                f.get(0),
                f.get(1),
                f.get(2),
                Long.parseLong(f.get(3)),
                new BigDecimal(f.get(4)),
                Boolean.parseBoolean(f.get(5)),
                Instant.parse(f.get(6)),
                f.get(7));
    }

    /** Commas within quotes belong to the value; more of CSV than that is not in our files. */
    static List<String> split(String line) {
        List<String> values = new ArrayList<>(8);
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i < line.length() && line.charAt(i) == '"') quoted = !quoted;
            if (i < line.length() && (quoted || line.charAt(i) != ',')) continue;
            String value = line.substring(begin, i);
            values.add(value.startsWith("\"") ? value.substring(1, value.length() - 1) : value);
            begin = i + 1;
        }
        return values;
    }
}
