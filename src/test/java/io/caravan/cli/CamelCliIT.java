package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.http.ApiServer;
import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's own file with Kamelets of Caravan, run by the Camel CLI ({@code camel run}, which is a class of camel-jbang-core). The
 * jar is where {@code mvn install} puts it.
 */
class CamelCliIT {

    private static final String VERSION = "0.1.0-SNAPSHOT";

    @TempDir
    static Path folder;

    private static String cli;

    @BeforeAll
    static void install() throws Exception {
        Path repository = Path.of(System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        Path place = Files.createDirectories(repository.resolve("io/caravan/caravan/" + VERSION));
        List<String> jar = new ArrayList<>(
                List.of("--create", "--file", folder.resolve("caravan.jar").toString()));
        Set<String> roots = new LinkedHashSet<>(
                List.of(root("io/caravan/cli/Caravan.class"), root("kamelets/objects-source.kamelet.yaml")));
        for (String root : roots) jar.addAll(List.of("-C", root, "."));
        assertThat(ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, jar.toArray(String[]::new)))
                .isZero();
        Files.copy(
                folder.resolve("caravan.jar"),
                place.resolve("caravan-" + VERSION + ".jar"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                Path.of("pom.xml"), place.resolve("caravan-" + VERSION + ".pom"), StandardCopyOption.REPLACE_EXISTING);
        Path file = folder.resolve("class-path");
        Process maven = start(
                "mvn", "-B", "-q", "-f", peers("pom.xml"), "dependency:build-classpath", "-Dmdep.outputFile=" + file);
        assertThat(maven.waitFor()).as(said()).isZero();
        cli = Files.readString(file).strip();
    }

    /** The folder of the class path that holds this. */
    private static String root(String resource) throws Exception {
        URI found = CamelCliIT.class.getClassLoader().getResource(resource).toURI();
        Path root = Path.of(found);
        for (int i = resource.split("/").length; i > 0; i--) root = root.getParent();
        return root.toString();
    }

    private static String peers(String file) {
        return Path.of("peers/camel-cli", file).toAbsolutePath().toString();
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile()) // the CLI leaves a folder where it runs
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private static String said() {
        try {
            return Files.readString(folder.resolve("said"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aUsersFileMovesObjectsWithOurKameletsToAnyEndpointAlsoOneThatDoesNotShip() throws Exception {
        List<String> posted = new CopyOnWriteArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        try (ApiServer api = new ApiServer(exchange -> {
                    posted.add(exchange.getRequestHeaders().getFirst("Idempotency-Key") + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    ApiServer.answer(exchange, 200, "");
                });
                ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread reader = new Thread(() -> read(socket, lines));
            reader.setDaemon(true);
            reader.start();
            runs(api.url("/things"), "netty:tcp://127.0.0.1:" + socket.getLocalPort() + "?textline=true&sync=false");
            Await.until("both lines are there", Duration.ofSeconds(10), () -> lines.size() == 2);
        }
        assertThat(posted)
                .hasSize(2)
                .allMatch(message -> message.matches("[0-9a-f]{32} \\{\"id\":\"[ab]\",\"size\":\"[12]\"}"));
        assertThat(lines).containsExactlyInAnyOrder("a", "b");
    }

    /** All lines that come, whoever connects. */
    private static void read(ServerSocket socket, List<String> lines) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) lines.add(line);
            } catch (IOException e) {
                // the next one, or the end of the test
            }
        }
    }

    private static void runs(String api, String socket) throws Exception {
        Endpoint ledger = TestStores.freshDatabase();
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("in/a.csv"), "id,size\na,1\nb,2\n");
        Files.writeString(folder.resolve("things.camel.yaml"), """
                - route:
                    id: once
                    from:
                      uri: timer:once?repeatCount=1
                      steps:
                        - to: direct:things
                        - log: "the run: ${body.status}"
                - route:
                    id: copy-things
                    from:
                      uri: kamelet:objects-source
                      parameters:
                        pipeline: things
                        input: "{{things.input}}"
                        keyFields: id
                      steps:
                        - multicast:
                            steps:
                              - to:
                                  uri: kamelet:objects-sink
                                  parameters:
                                    output: "{{things.output}}"
                              - to:
                                  id: tell-api
                                  uri: kamelet:endpoint-sink
                                  parameters:
                                    uri: "{{things.api}}"
                              - to:
                                  id: tell-socket
                                  uri: kamelet:endpoint-sink
                                  parameters:
                                    uri: "RAW({{things.socket}})"
                                    body: "field:id"
                                    deletes: skip
                """);
        Files.writeString(folder.resolve("application.properties"), """
                camel.component.kamelet.no-error-handler = true
                camel.beans.ledgerDataSource = #class:io.caravan.ledger.LedgerDataSource("%s","%s","%s","5000","60000")
                things.input = %s
                things.output = %s
                things.api = %s
                things.socket = %s
                """.formatted(
                        ledger.uri(),
                        ledger.user(),
                        ledger.password(),
                        folder.resolve("in"),
                        folder.resolve("out"),
                        api,
                        socket));
        Process camel = start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                cli,
                peers("CamelCli.java"),
                "run",
                folder.resolve("things.camel.yaml").toString(),
                folder.resolve("application.properties").toString(),
                "--dep=io.caravan:caravan:" + VERSION,
                "--max-seconds=240",
                "--logging-color=false");
        try {
            Await.until(
                    "the run has ended", Duration.ofMinutes(5), () -> said().contains("the run: ") || !camel.isAlive());
        } finally {
            camel.destroyForcibly().waitFor();
        }
        assertThat(said()).contains("the run: SUCCEEDED");
        try (Stream<Path> written = Files.walk(folder.resolve("out"))) {
            assertThat(written.filter(f -> FileSystems.getDefault()
                            .getPathMatcher("glob:**.jsonl*")
                            .matches(f)))
                    .isNotEmpty();
        }
    }
}
