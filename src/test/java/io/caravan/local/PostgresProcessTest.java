package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its folder has mode 700: as root, no other user may pass it. {@link TestStores} is the case where all may. */
class PostgresProcessTest {

    @TempDir
    Path dataDir;

    @AfterEach
    void stop() {
        postgres().stop();
    }

    @Test
    void survivesTheKillOfTheJvmThatStartedIt() throws Exception {
        Process jvm = StartStores.inJvm(dataDir, "postgres");
        List<String> uris = StartStores.uris(jvm, 1);
        ProcessHandle server = server();
        execute("CREATE TABLE t AS SELECT 1 AS one");

        StartStores.kill(jvm);

        assertThat(postgres().start().uri()).isEqualTo(uris.get(0));
        assertThat(server()).isEqualTo(server);
        assertThat(query("SELECT one FROM t")).isEqualTo("1");
    }

    @Test
    void startsAgainAfterItsOwnKillWithAllThatWasCommitted() throws Exception {
        Endpoint endpoint = postgres().start();
        execute("CREATE TABLE t AS SELECT generate_series(1, 10000) AS n");
        Thread busy = new Thread(this::countForAnHour);
        busy.start();
        Waiting.until(
                () -> "1"
                        .equals(query("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE state = 'active' AND query LIKE 'SELECT count(*) FROM generate_series%'")),
                Duration.ofSeconds(10));
        ProcessHandle killed = server();

        killed.destroyForcibly();

        assertThat(postgres().start()).isEqualTo(endpoint);
        assertThat(server()).isNotEqualTo(killed);
        assertThat(query("SELECT sum(n) FROM t")).isEqualTo("50005000");
        busy.join();
    }

    @Test
    void takesAnotherPortWhenItsOwnIsTakenAndRemembersIt() throws IOException {
        postgres().start();
        int first = port();
        postgres().stop();
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getByName(Ports.HOST))) {
            postgres().start();
        }
        int second = port();
        postgres().stop();
        postgres().start();

        assertThat(second).isGreaterThan(first);
        assertThat(port()).isEqualTo(second);
    }

    @Test
    void leavesNoProcessBehind() {
        postgres().start();
        assertThat(PostgresServer.processes(data())).hasSizeGreaterThan(3);

        postgres().stop();

        assertThat(PostgresServer.processes(data())).isEmpty();
        assertThat(postgres().running()).isEmpty();
        postgres().stop();
    }

    @Test
    void isDurableAndPrivate() throws IOException {
        Endpoint endpoint = postgres().start();

        assertThat(query("SHOW fsync")).isEqualTo("on");
        assertThat(query("SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query("SHOW data_checksums")).isEqualTo("on");
        assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(query("SHOW unix_socket_directories")).isEmpty();
        assertThat(query("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                .isEqualTo("scram-sha-256");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(dataDir.resolve("postgres/endpoint.properties"))))
                .isEqualTo("rw-------");
        for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : card.inetAddresses()
                    .filter(a -> !a.getHostAddress().equals(Ports.HOST))
                    .toList()) {
                assertThatThrownBy(() -> new Socket(address, port()).close())
                        .as("%s", address)
                        .isInstanceOf(IOException.class);
            }
        }
        assertThat(endpoint.uri()).isEqualTo("jdbc:postgresql://127.0.0.1:" + port() + "/caravan");
    }

    @Test
    void refusesAnotherPassword() {
        Endpoint endpoint = postgres().start();

        assertThat(PostgresDatabase.attempt(new Endpoint(endpoint.uri(), endpoint.user(), "wrong")))
                .get()
                .extracting(SQLException::getSQLState)
                .isEqualTo("28P01");
        assertThat(PostgresDatabase.attempt(new Endpoint(endpoint.uri(), endpoint.user(), "")))
                .isPresent();
    }

    @Test
    void saysThatThePasswordIsLost() throws IOException {
        postgres().start();
        Path file = dataDir.resolve("postgres/endpoint.properties");
        Endpoints.write(file.getParent(), new Endpoint("jdbc:postgresql://127.0.0.1:1/caravan", "caravan", "wrong"));
        assertThatThrownBy(() -> postgres().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("postgres: the password in " + file + " is not the server's;"
                        + " restore that file, or stop it and delete " + file.getParent());

        postgres().stop();
        Files.delete(file);
        assertThatThrownBy(() -> postgres().start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("postgres: the password of " + file.resolveSibling("data")
                        + " is lost with endpoint.properties; restore that file, or delete " + file.getParent());
        assertThat(postgres().running()).isEmpty();
    }

    @Test
    void isNotFoundFromACopyOfItsFolder(@TempDir Path elsewhere) throws IOException {
        postgres().start();
        Files.createDirectories(elsewhere.resolve("postgres/data"));
        for (String file : List.of("endpoint.properties", "data/postmaster.pid")) {
            Files.copy(
                    dataDir.resolve("postgres").resolve(file),
                    elsewhere.resolve("postgres").resolve(file));
        }

        assertThat(new PostgresProcess(elsewhere).running()).isEmpty();
        new PostgresProcess(elsewhere).stop();
        assertThat(postgres().running()).isPresent();
    }

    @Test
    void writesNoValueIntoItsLog() throws Exception {
        postgres().start();
        execute("CREATE TABLE t (name text PRIMARY KEY)");
        execute("INSERT INTO t VALUES ('hidden')");

        assertThatThrownBy(() -> execute("INSERT INTO t VALUES ('hidden')")).hasMessageContaining("hidden");
        assertThat(Files.readString(dataDir.resolve("postgres/postgres.log")))
                .contains("duplicate key")
                .doesNotContain("hidden");
    }

    private PostgresProcess postgres() {
        return new PostgresProcess(dataDir);
    }

    private ProcessHandle server() {
        return PostgresServer.on(data()).orElseThrow().process();
    }

    private Path data() {
        return dataDir.resolve("postgres/data");
    }

    private int port() {
        return Ports.remembered(dataDir.resolve("postgres"), 0);
    }

    private void countForAnHour() {
        assertThatThrownBy(() -> execute("SELECT count(*) FROM generate_series(1, 100000000000)"))
                .isInstanceOf(SQLException.class);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        return PostgresDatabase.connect(Endpoints.read(dataDir.resolve("postgres")));
    }
}
