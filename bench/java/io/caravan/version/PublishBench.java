package io.caravan.version;

import io.caravan.format.Compression;
import io.caravan.format.JsonArrayForm;
import io.caravan.object.FileObjectStore;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.object.TestPlace;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Publishes so many partitions of three points, and writes the same objects, with as many threads, by a bare client: of a folder, and of S3
 * where peers/run started s3proxy. In turns, the best of each. Arguments: folder, partitions.
 */
public final class PublishBench {

    private static final int WORKERS = 8;
    private static final int ROUNDS = 2;
    private static final Fields FIELDS =
            Fields.of("obs_time", "internal_series_code", "value", "unit", "frequency", "collection_date");

    private PublishBench() {}

    private interface Place {
        ObjectStore store() throws Exception;

        BiConsumer<String, byte[]> bare() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int partitions = Integer.parseInt(args[1]);
        measure("a folder, bare", partitions, folder(folder, false));
        measure("a folder, bare and synced", partitions, folder(folder, true));
        server(partitions);
    }

    /** @param synced whether the bare client's files outlast the machine, as ours do; their folders need not */
    private static Place folder(Path folder, boolean synced) {
        return new Place() {
            @Override
            public ObjectStore store() throws IOException {
                return new FileObjectStore(Files.createTempDirectory(folder, "ours"));
            }

            @Override
            public BiConsumer<String, byte[]> bare() throws IOException {
                Path to = Files.createTempDirectory(folder, "bare");
                return (name, bytes) -> {
                    try {
                        Path file = to.resolve(name);
                        Files.createDirectories(file.getParent());
                        if (synced)
                            Files.write(
                                    file,
                                    bytes,
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.SYNC);
                        else Files.write(file, bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
            }
        };
    }

    private static void server(int partitions) throws Exception {
        String server = System.getenv("CARAVAN_PEER_S3PROXY");
        if (server == null) return;
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create("http://" + server))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")))
                .build()) {
            measure("S3 (s3proxy)", partitions, new Place() {
                @Override
                public ObjectStore store() {
                    return TestPlace.s3("s3proxy").store();
                }

                @Override
                public BiConsumer<String, byte[]> bare() {
                    String bucket = TestPlace.s3("s3proxy").uri().substring("s3://".length());
                    return (name, bytes) ->
                            client.putObject(p -> p.bucket(bucket).key(name), RequestBody.fromBytes(bytes));
                }
            });
        }
    }

    private static void measure(String name, int partitions, Place place) throws Exception {
        double ours = Double.MAX_VALUE;
        double bare = Double.MAX_VALUE;
        double alone = Double.MAX_VALUE;
        int objects = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ObjectStore store = place.store();
            long begin = System.nanoTime();
            publish(store, partitions);
            double mine = seconds(begin);
            Map<String, byte[]> all = objects(store);
            objects = all.size();
            store.close();
            BiConsumer<String, byte[]> client = place.bare();
            begin = System.nanoTime();
            write(all, client);
            double theirs = seconds(begin);
            System.err.printf("(j) %s, round %d: Caravan %.1f s, bare %.1f s%n", name, round, mine, theirs);
            ObjectStore same = place.store();
            begin = System.nanoTime();
            write(all, (object, bytes) -> same.create(object, out -> out.write(bytes)));
            double calls = seconds(begin);
            same.close();
            alone = Math.min(alone, calls);
            ours = Math.min(ours, mine);
            bare = Math.min(bare, theirs);
        }
        System.out.printf(
                "(j) %,d partitions, %,d objects into %s: Caravan %.1f s, its store alone %.1f s, bare client %.1f s,"
                        + " ratio %.2f, target >= 0.80%n",
                partitions, objects, name, ours, alone, bare, bare / ours);
    }

    private static void publish(ObjectStore store, int partitions) {
        JsonArrayForm format = new JsonArrayForm(Compression.NONE);
        Points points = new Points(
                "internal_series_code",
                "obs_time",
                List.of("internal_series_code", "obs_time"),
                ZoneOffset.UTC,
                PartitionStrategy.SERIES_YEAR_MONTH,
                format.suffix());
        Publisher publisher = new Publisher(
                new Dataset(store, new Names("bench"), points, format),
                Set.of("collection_date"),
                false,
                true,
                WORKERS,
                Clock.systemUTC());
        VersionsSink sink = new VersionsSink("versions", publisher);
        List<Record> batch = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            for (int day = 0; day < 3; day++) {
                String series = "SERIES_" + p % 100;
                String time = LocalDate.of(1950, 1, 1).plusMonths(p / 100).plusDays(day) + "T00:00:00-03:00";
                Object[] values = {time, series, p + day / 4.0, "pct", "D", "2031-03-05T09:10:11.000123+00:00"};
                batch.add(Record.read(Keys.join(List.of(series, time)), FIELDS, values, new Origin("bench", day)));
            }
            if (batch.size() < 600 && p < partitions - 1) continue;
            sink.write(batch);
            batch = new ArrayList<>();
        }
        sink.flush();
    }

    private static Map<String, byte[]> objects(ObjectStore store) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        for (Iterator<SourceObject> names = store.list("datasets/", new Glob("*")); names.hasNext(); ) {
            SourceObject object = names.next();
            try (InputStream in = store.open(object)) {
                all.put(object.name(), in.readAllBytes());
            }
        }
        return all;
    }

    private static void write(Map<String, byte[]> all, BiConsumer<String, byte[]> client) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            all.forEach((name, bytes) -> calls.add(threads.submit(() -> client.accept(name, bytes))));
            for (Future<?> call : calls) call.get();
        } finally {
            threads.shutdownNow();
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
