package io.caravan.local;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.Neo4jException;

/**
 * A real Neo4j 5 in a JVM with its own class path (GPLv3: never on ours), its data below {@code <data dir>/neo4j}, Bolt on
 * 127.0.0.1 only, with a random password.
 * <ul>
 *   <li>in: the server's jars, which are fetched when it is first started ({@link ServerJars})
 *   <li>outlives us and is adopted by the next Caravan; after a {@code kill -9} of its own it recovers what was committed
 *   <li>memory: about 600 MB (512 MB heap, 128 MB page cache at most)
 *   <li>errors: {@link ConfigurationException} when the password is missing; {@link UnavailableException} when the jars cannot be
 *       had, or it does not answer within two minutes
 * </ul>
 */
public final class Neo4jProcess implements LocalStore {

    private static final String NAME = "neo4j";
    /** With this its list, {@code servers/neo4j.jars}, changes: ServerJarsTest says how. */
    static final String SERVER = "org.neo4j:neo4j:5.26.30";

    private static final String USER = "neo4j";
    private static final int PORT = 7687;
    private static final int BOLT_MAGIC = 0x6060B017;
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;

    private static final String SETTINGS = """
            server.default_listen_address=127.0.0.1
            server.bolt.listen_address=127.0.0.1:%d
            server.http.enabled=false
            server.https.enabled=false
            server.memory.heap.initial_size=512m
            server.memory.heap.max_size=512m
            server.memory.pagecache.size=128m
            db.tx_log.preallocate=false
            db.tx_log.rotation.size=16m
            db.tx_log.rotation.retention_policy=1 files
            db.logs.query.enabled=OFF
            # a first load grows from nothing: else every statement is planned again each ten seconds
            dbms.cypher.min_replan_interval=1m
            dbms.usage_report.enabled=false
            # else every stop takes ten seconds
            internal.dbms.bolt.netty_server_shutdown_quiet_period=0
            """;

    /** Held, as the JDK forgets the level of a logger that nobody holds. */
    private static final Logger DRIVER = Logger.getLogger("org.neo4j.driver");

    static {
        // it says on standard error that it connects; a level that the user set is his
        if (DRIVER.getLevel() == null) DRIVER.setLevel(Level.OFF);
    }

    private final Path folder;
    private final ServerJars jars;
    private final ChildProcess process;
    private final FirstStart first;

    /** With its jars in the user's cache; {@code news} is told when they are fetched. */
    public Neo4jProcess(Path dataDir, Consumer<String> news) {
        this(
                dataDir,
                new ServerJars(
                        SERVER, "point caravan.graph.uri at a Neo4j server", UserCache.folder(System::getenv), news));
    }

    Neo4jProcess(Path dataDir, ServerJars jars) {
        this.folder = dataDir.toAbsolutePath().resolve(NAME);
        this.jars = jars;
        this.process = new ChildProcess(NAME, folder);
        this.first = new FirstStart(folder);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Neo4j 5.26 community (GPLv3, in a process of its own)";
    }

    @Override
    public Endpoint start() {
        try {
            return process.running().isPresent() ? adopt() : launch();
        } catch (IOException e) {
            throw new UnavailableException(NAME + ": cannot be started in " + folder + ": " + e, e);
        }
    }

    @Override
    public void stop() {
        process.stop(STOP_PATIENCE);
    }

    @Override
    public Optional<Endpoint> running() {
        return process.running()
                .flatMap(p -> remembered())
                .filter(endpoint -> answers(port(endpoint)))
                .map(this::answered);
    }

    @Override
    public void tryWrite(Endpoint endpoint) {
        Neo4jLog.silence();
        try (Driver driver =
                        GraphDatabase.driver(endpoint.uri(), AuthTokens.basic(endpoint.user(), endpoint.password()));
                Session session = driver.session()) {
            TransactionConfig soon =
                    TransactionConfig.builder().withTimeout(WRITE_PATIENCE).build();
            session.run("create (:CaravanTries)", soon).consume();
            session.run("match (n:CaravanTries) delete n", soon).consume();
        }
    }

    /** It runs, perhaps only since a moment ago, by a Caravan that was killed while it waited. */
    private Endpoint adopt() throws IOException {
        Endpoint endpoint = remembered().orElseThrow(this::passwordLost);
        Waiting.until(() -> answers(port(endpoint)) || process.running().isEmpty(), START_PATIENCE);
        if (answers(port(endpoint))) return answered(endpoint);
        stop();
        return launch();
    }

    private Endpoint launch() throws IOException {
        Path initialPassword = folder.resolve("data/dbms/auth.ini");
        Optional<Endpoint> before = remembered();
        if (before.isEmpty() && Files.exists(initialPassword)) throw passwordLost();
        String password = before.map(Endpoint::password).orElseGet(Neo4jProcess::randomPassword);
        Path fetched = jars.folder();
        int port = Ports.freeFrom(before.map(Neo4jProcess::port).orElse(PORT));
        for (int attempt = 1; ; attempt++) {
            Endpoint endpoint = launch(fetched, port, password, initialPassword);
            if (isOurs(endpoint)) return answered(endpoint);
            // somebody else took the port since we looked, and answers there
            process.stop(STOP_PATIENCE);
            if (attempt == ATTEMPTS) {
                throw new UnavailableException(
                        NAME + ": a server that takes our password must answer, got none; see " + process.log(), null);
            }
            port = Ports.freeFrom(port + 1);
        }
    }

    private Endpoint launch(Path fetched, int port, String password, Path initialPassword) throws IOException {
        Endpoint endpoint = new Endpoint("bolt://" + Ports.HOST + ":" + port, USER, password);
        first.begin();
        Endpoints.write(folder, endpoint);
        // Neo4j reads it once, when it creates its users: there is no moment with a well-known password
        Files.createDirectories(initialPassword.getParent());
        if (!Files.exists(initialPassword)) Neo4jPassword.write(initialPassword, USER, password);
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/neo4j.conf"), SETTINGS.formatted(port));
        process.start(command(fetched), () -> answers(port), START_PATIENCE);
        return endpoint;
    }

    private List<String> command(Path fetched) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // compiled thoroughly only what is called ten times as often as usual: less work at a start, and soon
                // enough for
                // who asks a hundred questions a second (docs/performance.md)
                "-XX:Tier4InvocationThreshold=50000",
                "-XX:Tier4MinInvocationThreshold=6000",
                "-XX:Tier4CompileThreshold=150000",
                "-XX:Tier4BackEdgeThreshold=400000",
                "-XX:-OmitStackTraceInFastThrow",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dlog4j2.disable.jmx=true",
                "-cp",
                fetched.resolve("*").toString(),
                "org.neo4j.server.CommunityEntryPoint",
                "--home-dir=" + folder,
                "--config-dir=" + folder.resolve("conf"));
    }

    private Endpoint answered(Endpoint endpoint) {
        try {
            first.done();
            return endpoint;
        } catch (IOException e) {
            throw new UnavailableException(NAME + ": its folder " + folder + " cannot be written: " + e, e);
        }
    }

    private Optional<Endpoint> remembered() {
        try {
            return Optional.of(Endpoints.read(folder));
        } catch (UnavailableException e) {
            return Optional.empty();
        }
    }

    private ConfigurationException passwordLost() {
        return new ConfigurationException(NAME + ": password must be in " + folder
                + "/endpoint.properties, got 'no such file'; restore it, or delete " + folder + " to start empty");
    }

    private static int port(Endpoint endpoint) {
        return URI.create(endpoint.uri()).getPort();
    }

    /** Whether a server speaks Bolt there: it does so when its databases can be used. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.HOST, port), 1000);
            socket.setSoTimeout(1000);
            byte[] anyVersion5 = {0, 4, 4, 5};
            ByteBuffer hello = ByteBuffer.allocate(20).putInt(BOLT_MAGIC).put(anyVersion5);
            socket.getOutputStream().write(hello.array());
            byte[] version = socket.getInputStream().readNBytes(4);
            return version.length == 4 && version[3] == 5;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOurs(Endpoint endpoint) {
        Neo4jLog.silence();
        try (Driver driver =
                GraphDatabase.driver(endpoint.uri(), AuthTokens.basic(endpoint.user(), endpoint.password()))) {
            driver.verifyConnectivity();
            return true;
        } catch (Neo4jException e) {
            return false;
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
