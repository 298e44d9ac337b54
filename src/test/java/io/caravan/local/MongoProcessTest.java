package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongoProcessTest {

    private static final int BATCH = 100;

    @TempDir
    Path dataDir;

    /** Where no server of the tests beside it looks for a port: one could take this server's while it is down. */
    @BeforeEach
    void begin() throws IOException {
        Endpoints.write(dataDir.resolve("mongo"), new Endpoint("mongodb://" + Ports.HOST + ":27228", "", ""));
    }

    @AfterEach
    void stop() {
        mongo().stop();
    }

    @Test
    void survivesTheKillOfTheJvmThatStartedIt() throws Exception {
        Process jvm = StartStores.inJvm(dataDir, "mongo");
        List<String> uris = StartStores.uris(jvm, 1);
        ProcessHandle server = server();
        write(uris.get(0), 0);

        StartStores.kill(jvm);

        assertThat(mongo().start().uri()).isEqualTo(uris.get(0));
        assertThat(server()).isEqualTo(server);
        assertThat(count(uris.get(0))).isEqualTo(BATCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20})
    void keepsWhatItAcknowledgedWhenItIsKilled(int batchesBeforeKill) throws Exception {
        String uri = mongo().start().uri();
        AtomicInteger acknowledged = new AtomicInteger();
        Thread writer = new Thread(() -> writeUntilItFails(uri, acknowledged));
        writer.start();
        assertThat(Waiting.until(() -> acknowledged.get() >= batchesBeforeKill, Duration.ofSeconds(30)))
                .isTrue();

        server().destroyForcibly();
        writer.join();
        assertThat(mongo().start().uri()).isEqualTo(uri);

        assertThat(count(uri)).isGreaterThanOrEqualTo((long) acknowledged.get() * BATCH);
        // what is there again is replaced, not duplicated: documents and their index agree
        IntStream.rangeClosed(0, acknowledged.get()).forEach(batch -> write(uri, batch));
        assertThat(count(uri)).isEqualTo((acknowledged.get() + 1L) * BATCH);
    }

    @Test
    void keepsItsDataOverAStopAndLeavesNoProcess() {
        String uri = mongo().start().uri();
        write(uri, 0);
        ProcessHandle server = server();

        mongo().stop();

        assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(mongo().running()).isEmpty();
        assertThat(count(mongo().start().uri())).isEqualTo(BATCH);
    }

    @Test
    void takesAnotherPortWhenItsOwnIsTakenAndRemembersIt() throws IOException {
        String first = mongo().start().uri();
        mongo().stop();
        String second;
        try (ServerSocket taken = new ServerSocket(port(), 1, InetAddress.getByName(Ports.HOST))) {
            second = mongo().start().uri();
        }
        mongo().stop();

        assertThat(second).isNotEqualTo(first);
        assertThat(mongo().start().uri()).isEqualTo(second);
    }

    @Test
    void answersOnLoopbackOnly() throws IOException {
        mongo().start();
        for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : card.inetAddresses()
                    .filter(a -> !a.getHostAddress().equals(Ports.HOST))
                    .toList()) {
                assertThatThrownBy(() -> new Socket(address, port()).close())
                        .as("%s", address)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void endsWhenItsFolderIsDeleted() throws Exception {
        mongo().start();
        ProcessHandle server = server();

        Path folder = dataDir.resolve("mongo");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);

        assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void saysThatItIsAStandIn() throws IOException {
        Endpoint endpoint = mongo().start();

        assertThat(Files.readString(dataDir.resolve("mongo/mongo.log")))
                .isEqualTo("This is a stand-in for MongoDB (mongo-java-server, BSD licence): no sessions, transactions,"
                        + " change streams or validators, no password. It answers at "
                        + endpoint.uri().substring("mongodb://".length()) + ".\n");
    }

    /** PyMongo 4.20, mongosh 2.12 and the drivers of their years refuse what is older than wire version 9. */
    @Test
    void todaysClientsTakeIt() {
        String uri = mongo().start().uri();
        try (MongoClient client = client(uri)) {
            for (String command : List.of("hello", "isMaster")) {
                Document answer = client.getDatabase("admin").runCommand(new Document(command, 1));
                assertThat(answer.getInteger("maxWireVersion")).as(command).isEqualTo(9);
                assertThat(answer)
                        .as(command)
                        .containsEntry(command.equals("hello") ? "isWritablePrimary" : "ismaster", true)
                        .doesNotContainKeys("logicalSessionTimeoutMinutes", "setName", "topologyVersion");
            }
        }
    }

    private MongoProcess mongo() {
        return new MongoProcess(dataDir);
    }

    private ProcessHandle server() {
        return new ChildProcess("mongo", dataDir.resolve("mongo")).running().orElseThrow();
    }

    private int port() {
        return Ports.remembered(dataDir.resolve("mongo"), 0);
    }

    private static void writeUntilItFails(String uri, AtomicInteger acknowledged) {
        try (MongoClient client = client(uri)) {
            while (true) {
                write(messages(client), acknowledged.get());
                acknowledged.incrementAndGet();
            }
        } catch (MongoException e) {
            // killed
        }
    }

    private static void write(String uri, int batch) {
        try (MongoClient client = client(uri)) {
            write(messages(client), batch);
        }
    }

    private static void write(MongoCollection<Document> messages, int batch) {
        messages.bulkWrite(IntStream.range(batch * BATCH, (batch + 1) * BATCH)
                .mapToObj(i -> new ReplaceOneModel<>(
                        Filters.eq("_id", i), new Document("_id", i).append("n", i), new ReplaceOptions().upsert(true)))
                .toList());
    }

    private static long count(String uri) {
        try (MongoClient client = client(uri)) {
            return messages(client).countDocuments();
        }
    }

    private static MongoCollection<Document> messages(MongoClient client) {
        return client.getDatabase("test").getCollection("messages");
    }

    private static MongoClient client(String uri) {
        return MongoClients.create(uri + "/?serverSelectionTimeoutMS=5000");
    }
}
