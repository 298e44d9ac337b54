package io.caravan.local;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A real PostgreSQL 17 below {@code <data dir>/postgres}, with a database {@code caravan} and a random password.
 * <ul>
 *   <li>durable: {@code fsync} and {@code synchronous_commit} on, data checksums; survives {@code kill -9} of us and of itself
 *   <li>private: SCRAM for every connection, 127.0.0.1 only, no Unix socket
 *   <li>its log holds neither statements nor values
 * </ul>
 */
public final class PostgresProcess implements LocalStore {

    private static final String NAME = "postgres";
    private static final String CARAVAN = "caravan";
    private static final int PORT = 54329;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path folder;
    private final Path data;
    private final Map<String, String> settings;
    private final Consumer<String> news;

    public PostgresProcess(Path dataDir) {
        this(dataDir, Map.of(), line -> {});
    }

    /** {@code news} is told when its programs are fetched. */
    PostgresProcess(Path dataDir, Consumer<String> news) {
        this(dataDir, Map.of(), news);
    }

    /** With PostgreSQL settings of the caller's, {@code fsync=off} for example; values without quotes. */
    PostgresProcess(Path dataDir, Map<String, String> settings) {
        this(dataDir, settings, line -> {});
    }

    private PostgresProcess(Path dataDir, Map<String, String> settings, Consumer<String> news) {
        folder = dataDir.toAbsolutePath().resolve(NAME);
        data = PostgresCluster.data(folder);
        this.settings = Map.copyOf(settings);
        this.news = news;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tryWrite(Endpoint endpoint) throws SQLException {
        try (Connection c = DriverManager.getConnection(endpoint.uri(), endpoint.user(), endpoint.password());
                Statement s = c.createStatement()) {
            s.execute("create table public.caravan_tries (); drop table public.caravan_tries");
        }
    }

    /** The ledger is in it. */
    @Override
    public boolean refilled() {
        return false;
    }

    @Override
    public String description() {
        return "PostgreSQL 17 (PostgreSQL licence)";
    }

    @Override
    public Endpoint start() {
        try {
            // one connection tells: most commands find the server as the last one left it
            Optional<Endpoint> known = remembered().filter(this::isOurs);
            if (known.isPresent()) return known.get();
            Optional<Endpoint> adopted = adopt();
            Endpoint endpoint = adopted.isPresent() ? adopted.get() : launch();
            check(endpoint);
            Endpoints.write(folder, endpoint);
            return endpoint;
        } catch (IOException | UncheckedIOException e) {
            throw new UnavailableException(NAME + ": cannot be started in " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        try {
            Optional<PostgresServer> server = PostgresServer.on(data);
            if (server.isPresent()) server.get().stop(data, Duration.ofSeconds(30));
            PostgresServer.endRemains(data);
        } catch (IOException | UncheckedIOException e) {
            throw new UnavailableException(NAME + ": cannot be stopped: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Endpoint> running() {
        return PostgresServer.on(data)
                .filter(server -> Ports.answers(server.port()))
                .map(server -> endpoint(
                        server.port(), remembered().map(Endpoint::password).orElse("")));
    }

    /** Starts a server and returns when it answers. */
    private Endpoint launch() throws IOException {
        PostgresServer.endRemains(data);
        PostgresCluster cluster = new PostgresCluster(folder, news);
        int port = Ports.remembered(folder, PORT);
        if (!Files.exists(data)) {
            String chosen = remembered().map(Endpoint::password).orElseGet(PostgresProcess::randomPassword);
            Endpoints.write(folder, endpoint(port, chosen));
            cluster.initialise(CARAVAN, chosen);
        }
        // known before a server is started that nobody could use
        String password = password();
        for (int attempt = 1; ; attempt++) {
            port = Ports.freeFrom(port);
            if (cluster.start(port, settings())) return endpoint(port, password);
            boolean takenMeanwhile = !Ports.isFree(port);
            if (!takenMeanwhile || attempt == 3) throw cluster.failure("does not start");
        }
    }

    private Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("fsync", "on");
        all.put("synchronous_commit", "on");
        all.put("password_encryption", "scram-sha-256");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.put("log_error_verbosity", "terse");
        all.put("log_min_error_statement", "panic");
        all.putAll(settings);
        all.put("listen_addresses", Ports.HOST);
        all.put("unix_socket_directories", "");
        all.put("cluster_name", PostgresServer.marker(data));
        return all;
    }

    private boolean isOurs(Endpoint endpoint) {
        return Files.exists(data)
                && PostgresDatabase.cluster(endpoint)
                        .filter(PostgresServer.marker(data)::equals)
                        .isPresent();
    }

    /** Where the server that runs on our data answers; empty when there is none, or when it was just about to end. */
    private Optional<Endpoint> adopt() {
        return PostgresServer.on(data)
                .map(server -> endpoint(server.port(), password()))
                .filter(this::awaitAnswer);
    }

    /** False when the server ended before it answered. */
    private boolean awaitAnswer(Endpoint endpoint) {
        Waiting.until(
                () -> !PostgresDatabase.comesUp(PostgresDatabase.attempt(endpoint))
                        || PostgresServer.on(data).isEmpty(),
                PATIENCE);
        return PostgresServer.on(data).isPresent();
    }

    private void check(Endpoint endpoint) {
        PostgresDatabase.createIfMissing(endpoint);
        PostgresDatabase.attempt(endpoint).ifPresent(e -> {
            if (PostgresDatabase.refusesPassword(e)) {
                throw new ConfigurationException(NAME + ": the password in " + folder
                        + "/endpoint.properties is not the server's; restore that file, or stop it and delete "
                        + folder);
            }
            throw new UnavailableException(
                    NAME + ": does not answer at " + endpoint.uri() + "; see " + PostgresCluster.log(folder), e);
        });
    }

    private static Endpoint endpoint(int port, String password) {
        return new Endpoint("jdbc:postgresql://" + Ports.HOST + ":" + port + "/" + CARAVAN, CARAVAN, password);
    }

    private Optional<Endpoint> remembered() {
        try {
            return Optional.of(Endpoints.read(folder));
        } catch (UnavailableException e) {
            return Optional.empty();
        }
    }

    private String password() {
        return remembered()
                .map(Endpoint::password)
                .orElseThrow(() -> new ConfigurationException(NAME + ": the password of " + data
                        + " is lost with endpoint.properties; restore that file, or delete " + folder));
    }

    private static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
