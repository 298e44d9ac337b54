package io.caravan.bench;

import io.caravan.endpoint.TestContext;
import io.caravan.format.JsonlFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.object.ObjectsSource;
import io.caravan.source.RecordReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Part (f): one object larger than memory by far, put and read to its end. Into a folder, and into S3Proxy when {@code
 * peers/run s3proxy -- bench/run f} started it.
 */
final class BigObject {

    private static final String OBJECT = "big.jsonl";
    private static final int TIMEOUT_MILLIS = 60_000;

    private final HeapPeak heap = new HeapPeak();
    private final long bytes;
    private final TableText table;

    private BigObject(long bytes) {
        this.bytes = bytes;
        this.table = new TableText(
                "(f) one object of " + (bytes >> 20) + " MiB of JSON lines, -Xmx"
                        + (Runtime.getRuntime().maxMemory() >> 20) + "m",
                "store",
                "records",
                "put MiB/s",
                "read MiB/s",
                "heap MiB");
    }

    /** Arguments: a folder for the object, how many MiB it has. */
    public static void main(String[] args) throws Exception {
        BigObject bench = new BigObject(Long.parseLong(args[1]) << 20);
        bench.measure("file", new FileObjectStore(Files.createDirectories(Path.of(args[0], "objects"))));
        String s3 = System.getenv("CARAVAN_PEER_S3PROXY");
        if (s3 != null) bench.measure("S3 (S3Proxy)", bucket("http://" + s3));
        System.out.println(bench.table);
    }

    private void measure(String name, ObjectStore store) throws Exception {
        long begun = System.nanoTime();
        long[] written = new long[1];
        store.put(OBJECT, out -> written[0] = write(out));
        double put = seconds(begun);
        heap.take();
        begun = System.nanoTime();
        long read = read(store);
        double get = seconds(begun);
        if (read != written[0]) throw new IllegalStateException(name + " gave " + read + " of " + written[0]);
        store.delete(OBJECT);
        store.close();
        double mib = bytes / (double) (1 << 20);
        table.add(
                name,
                TableText.whole(read),
                TableText.whole(mib / put),
                TableText.whole(mib / get),
                TableText.whole(heap.take()));
    }

    /** As many lines as fill the object. */
    private long write(OutputStream out) throws java.io.IOException {
        long records = 0;
        for (long written = 0; written < bytes; records++) {
            byte[] line = ("{\"order_id\":\"order-%d\",\"customer\":\"größer %d\",\"note\":\"%s\"}%n"
                            .formatted(records, records % 1000, "0123456789".repeat((int) (records % 200))))
                    .getBytes(StandardCharsets.UTF_8);
            out.write(line);
            written += line.length;
        }
        return records;
    }

    private static long read(ObjectStore store) {
        ObjectsSource source = new ObjectsSource(store, new JsonlFormat(), "", OBJECT, List.of("order_id"));
        long records = 0;
        try (RecordReader reader = source.open(source.objects().next())) {
            while (reader.read(bad -> {
                        throw new IllegalStateException(bad.reason());
                    })
                    .isPresent()) records++;
        }
        return records;
    }

    private static ObjectStore bucket(String endpoint) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")))
                .build()) {
            client.createBucket(b -> b.bucket("bench-big"));
        }
        ObjectAccess access =
                ObjectAccess.of(endpoint, "us-east-1", "caravan", "caravan-secret", "", "", "", "", TIMEOUT_MILLIS);
        return TestContext.knownTo(ObjectStores.of("bench", "input", "s3://bench-big", access));
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
