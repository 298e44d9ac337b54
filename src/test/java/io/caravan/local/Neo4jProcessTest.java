package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.AuthenticationException;

class Neo4jProcessTest {

    @TempDir
    static Path dataDir;

    @BeforeAll
    static void start() {
        neo4j().start();
    }

    @AfterAll
    static void leavesNoProcessBehindWhenStopped() {
        ProcessHandle process = process();

        neo4j().stop();

        assertThat(neo4j().running()).isEmpty();
        assertThat(Waiting.until(() -> !process.isAlive(), Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void isAdoptedByTheNextCaravan() {
        ProcessHandle process = process();
        Endpoint before = neo4j().running().orElseThrow();

        assertThat(neo4j().start()).isEqualTo(before);
        assertThat(process()).isEqualTo(process);
    }

    @Test
    void aStartSaysNothingOfTheDriverThatItAsksWith(@TempDir Path folder) throws Exception {
        Path errors = folder.resolve("errors");
        Process jvm = StartStores.inJvm(errors.toFile(), dataDir, "neo4j");
        assertThat(StartStores.uris(jvm, 1)).hasSize(1);
        StartStores.kill(jvm);
        assertThat(errors).content().doesNotContainIgnoringCase("driver");
    }

    @Test
    void listensOnThisMachineOnly() throws IOException {
        int port = port(neo4j().running().orElseThrow());

        try (ServerSocket elsewhere = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
            assertThat(elsewhere.isBound()).isTrue();
        }
    }

    @Test
    void letsInOnlyWhoKnowsItsRandomPassword() throws IOException {
        Endpoint endpoint = neo4j().running().orElseThrow();

        assertThat(endpoint.password()).hasSize(32);
        for (String secret : new String[] {"endpoint.properties", "data/dbms/auth.ini"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().resolve(secret))))
                    .isEqualTo("rw-------");
        }
        assertThatThrownBy(() -> count(new Endpoint(endpoint.uri(), endpoint.user(), "neo4j")))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void comesBackAfterKillWithItsDataOnAnotherPortWhenItsOwnIsTaken() throws IOException {
        Endpoint before = neo4j().start();
        run(before, "CREATE (:Kept)");
        long kept = count(before);
        ProcessHandle process = process();
        process.destroyForcibly();
        assertThat(Waiting.until(() -> !process.isAlive(), Duration.ofSeconds(10)))
                .isTrue();

        try (ServerSocket taken = new ServerSocket(port(before), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(neo4j().running()).isEmpty();
            Endpoint after = neo4j().start();

            assertThat(port(after)).isNotEqualTo(taken.getLocalPort());
            assertThat(after.password()).isEqualTo(before.password());
            assertThat(count(after)).isEqualTo(kept);
            assertThat(neo4j().running()).contains(after);
        }
    }

    @Test
    void aServerKilledWhileItCreatesItsDatabasesStartsTheNextTime(@TempDir Path other) throws Exception {
        Path folder = other.resolve("neo4j");
        ChildProcess server = new ChildProcess("neo4j", folder);
        Path begun = folder.resolve("data/databases/system/neostore");
        Thread killer = new Thread(() -> {
            Waiting.until(() -> Files.exists(begun), Duration.ofMinutes(1));
            server.running().ifPresent(ProcessHandle::destroyForcibly);
        });
        killer.start();
        assertThatThrownBy(() -> new Neo4jProcess(other, System.err::println).start())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("ended with exit code 137");
        killer.join();

        Neo4jProcess again = new Neo4jProcess(other, System.err::println);
        try {
            Endpoint endpoint = again.start();
            run(endpoint, "CREATE (:Kept)");
            again.stop();
            assertThat(count(again.start())).as("kept by the start after it").isEqualTo(1);
        } finally {
            again.stop();
        }
    }

    @Test
    void saysWhatToDoWhenThePasswordOfItsDataIsLost(@TempDir Path other) throws IOException {
        Path folder = other.resolve("neo4j");
        Files.createDirectories(folder.resolve("data/dbms"));
        Files.createFile(folder.resolve("data/dbms/auth.ini"));

        assertThatThrownBy(() -> new Neo4jProcess(other, System.err::println).start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("neo4j: password must be in " + folder + "/endpoint.properties, got 'no such file';"
                        + " restore it, or delete " + folder + " to start empty");
    }

    private static Neo4jProcess neo4j() {
        return new Neo4jProcess(dataDir, System.err::println);
    }

    private static Path folder() {
        return dataDir.resolve("neo4j");
    }

    private static ProcessHandle process() {
        return new ChildProcess("neo4j", folder()).running().orElseThrow();
    }

    private static int port(Endpoint endpoint) {
        return URI.create(endpoint.uri()).getPort();
    }

    private static long count(Endpoint endpoint) {
        return run(endpoint, "MATCH (n:Kept) RETURN count(n) AS n");
    }

    private static long run(Endpoint endpoint, String cypher) {
        try (Driver driver =
                        GraphDatabase.driver(endpoint.uri(), AuthTokens.basic(endpoint.user(), endpoint.password()));
                Session session = driver.session()) {
            return session.run(cypher).stream()
                    .mapToLong(row -> row.get("n").asLong())
                    .sum();
        }
    }
}
