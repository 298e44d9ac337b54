package io.caravan.bench;

import io.caravan.endpoint.TestContext;
import io.caravan.object.ObjectsSources;
import io.caravan.source.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.services.s3.S3Client;

/** A CSV object of S3; the bare client splits the lines of Amazon's stream. */
final class BucketReading implements Reading {

    private static final String BUCKET = "bench-reading";
    private static final String OBJECT = "orders.csv";

    private final Path folder;
    private final S3Client client = PeerStores.s3();

    BucketReading(Path folder) {
        this.folder = folder;
        PeerStores.bucket(client, BUCKET);
    }

    @Override
    public String name() {
        return "objects-source, S3 (s3proxy), CSV";
    }

    @Override
    public void prepare(int records) throws IOException {
        Path file = Orders.write(folder, records);
        client.putObject(put -> put.bucket(BUCKET).key(OBJECT), file);
        Files.delete(file);
    }

    @Override
    public Source source() {
        return TestContext.knownTo(ObjectsSources.of(
                "s3://" + BUCKET, "", "*", "csv", Orders.KEY, "", ",", "", "1", 1, 200, PeerStores.s3Access()));
    }

    @Override
    public long bare() throws IOException {
        long records = 0;
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(client.getObject(get -> get.bucket(BUCKET).key(OBJECT)), StandardCharsets.UTF_8),
                64 << 10)) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (PlainLoader.split(line).size() == 8) records++;
            }
        }
        return records;
    }

    @Override
    public void close() {
        client.deleteObject(delete -> delete.bucket(BUCKET).key(OBJECT));
        client.close();
    }
}
