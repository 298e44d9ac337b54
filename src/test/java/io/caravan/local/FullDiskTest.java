package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in for MongoDB on a disk that was full; skipped where this process may not mount one. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

    @TempDir
    Path folder;

    @Test
    void aStandInWhoseDiskWasFullTakesWritesAgainWhenItIsHealed() throws Exception {
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=16m", "caravan-test", folder.toString()))
                .as("the right to mount a small disk")
                .isZero();
        MongoProcess mongo = new MongoProcess(folder);
        LaptopStores stores = new LaptopStores(folder, List.of(mongo));
        try {
            Endpoint endpoint = stores.start(List.of()).get("mongo");
            Path filler = Files.write(folder.resolve("filler"), new byte[12 << 20]);
            int kept = fill(endpoint);
            assertThat(kept).isPositive();
            Files.delete(filler);
            assertThatThrownBy(() -> mongo.tryWrite(endpoint))
                    .as("there is room again, but it still takes no write")
                    .isInstanceOf(MongoException.class);

            stores.heal(List.of("mongo"));

            Endpoint healed = mongo.running().orElseThrow();
            mongo.tryWrite(healed);
            try (MongoClient client = MongoClients.create(healed.uri())) {
                assertThat(documents(client).countDocuments())
                        .as("what it acknowledged is there, and perhaps the one it was not sure of")
                        .isBetween((long) kept, kept + 1L);
            }
        } finally {
            stores.stop(List.of());
            run("umount", "--lazy", folder.toString()); // its last process may be a moment about it
        }
    }

    /** Until it takes no more; how many it took. */
    private static int fill(Endpoint endpoint) {
        Random random = new Random(1);
        try (MongoClient client = MongoClients.create(endpoint.uri())) {
            for (int i = 0; i < 1_000; i++) {
                byte[] bytes = new byte[256 << 10];
                random.nextBytes(bytes); // so that it cannot be made smaller
                try {
                    documents(client).insertOne(new Document("_id", i).append("bytes", bytes));
                } catch (MongoException e) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("the disk is not full");
    }

    private static MongoCollection<Document> documents(MongoClient client) {
        return client.getDatabase("d").getCollection("c");
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
