package io.caravan.bench;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import io.caravan.endpoint.TestContext;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.services.s3.S3Client;

/** One object of 200 MB put into a store, by Caravan and by the vendor's client, in turns. */
final class PutBench {

    private static final int ROUNDS = 3;
    private static final int MEGABYTES = 200;
    private static final long BYTES = (long) MEGABYTES << 20;
    private static final String OBJECT = "large";
    /** By itself Azure's client holds up to 256 MB of an object. */
    private static final ParallelTransferOptions BOUNDED = new ParallelTransferOptions()
            .setBlockSizeLong(16L << 20)
            .setMaxSingleUploadSizeLong(16L << 20)
            .setMaxConcurrency(2);

    private static final byte[] MEGABYTE = new byte[1 << 20];

    static {
        new Random(1).nextBytes(MEGABYTE);
    }

    private PutBench() {}

    private interface Put {
        void run() throws Exception;
    }

    static TableText table() throws Exception {
        TableText table = new TableText(
                "(e) an object of 200 MB into a store against the vendor's client",
                "store",
                "bare MB/s",
                "Caravan MB/s",
                "ratio",
                "target",
                "heap MiB");
        if (SinkBench.peer("s3proxy")) {
            try (S3Client client = PeerStores.s3()) {
                PeerStores.bucket(client, "bench-put");
                measure(
                        table,
                        "S3 (s3proxy)",
                        () -> PeerStores.put(client, "bench-put", OBJECT, new Content()),
                        "s3://bench-put",
                        PeerStores.s3Access());
            }
        }
        if (SinkBench.peer("azurite")) {
            BlobContainerClient client = PeerStores.azure("bench-put");
            measure(
                    table,
                    "Azure (azurite)",
                    () -> client.getBlobClient(OBJECT)
                            .uploadWithResponse(
                                    new BlobParallelUploadOptions(new Content()).setParallelTransferOptions(BOUNDED),
                                    null,
                                    null),
                    "azure://bench-put",
                    PeerStores.azureAccess());
        }
        return table;
    }

    private static void measure(TableText table, String name, Put bare, String uri, ObjectAccess access)
            throws Exception {
        HeapPeak heap = new HeapPeak();
        ObjectStore store = TestContext.knownTo(ObjectStores.of("bench", "output", uri, access));
        List<Double> theirs = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        long peak = 0;
        try {
            for (int round = 0; round <= ROUNDS; round++) {
                double bareSeconds = seconds(bare);
                System.gc();
                heap.take();
                double seconds = seconds(() -> store.put(OBJECT, out -> {
                    for (int i = 0; i < MEGABYTES; i++) out.write(MEGABYTE);
                }));
                long used = heap.take();
                System.err.printf("(e) %s, round %d: bare %.2f s, Caravan %.2f s%n", name, round, bareSeconds, seconds);
                if (round == 0) continue;
                theirs.add(MEGABYTES / bareSeconds);
                ours.add(MEGABYTES / seconds);
                peak = Math.max(peak, used);
            }
        } finally {
            store.close();
        }
        double ratio = TableText.median(ours) / TableText.median(theirs);
        table.add(
                name,
                TableText.whole(TableText.median(theirs)),
                TableText.whole(TableText.median(ours)),
                TableText.two(ratio),
                ">= 0.80",
                TableText.whole(peak));
    }

    private static double seconds(Put put) throws Exception {
        long begun = System.nanoTime();
        put.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** The bytes of the object, as if they came from somewhere: a client that wants to try again asks again. */
    private static final class Content extends InputStream {

        private long at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == BYTES) return -1;
            int from = (int) (at % MEGABYTE.length);
            int n = (int) Math.min(Math.min(length, MEGABYTE.length - from), BYTES - at);
            System.arraycopy(MEGABYTE, from, target, offset, n);
            at += n;
            return n;
        }
    }
}
