package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server does with callers who take their time, and with more of them than it can answer. */
class ServerLimitsTest {

    private static final int CONNECTIONS = 12;
    private static final int WORKERS = 2;
    private static final int WAITING = 3;

    private static final String OWN = """
            - route:
                id: slow
                from:
                  uri: platform-http:/slow
                  steps:
                    - process: {ref: slow}
                    - setBody: {constant: done}
            - route:
                id: upload
                from:
                  uri: platform-http:/upload
                  steps:
                    - setBody: {constant: stored}
            """;

    @TempDir
    Path folder;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private final List<Socket> sockets = new ArrayList<>();
    private final Main main = new Main();
    private int port;

    @AfterEach
    void stop() throws IOException {
        mayEnd.countDown();
        for (Socket socket : sockets) socket.close();
        main.stop();
    }

    @Test
    void halfSentRequestsAreEnded() throws Exception {
        start(Integer.MAX_VALUE / 1_000_000, 300);
        List<Socket> half = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS - 1; i++) half.add(send("GET /health/live HTTP/1.1\r\nHos"));
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ");
        for (Socket socket : half) {
            assertThat(rest(socket))
                    .startsWith("HTTP/1.1 408 Request Timeout\r\n")
                    .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                    .endsWith("\"detail\":\"query: the head of the request must arrive within 300 ms"
                            + " (caravan.api.headerMillis)\",\"instance\":\"\"}");
        }
    }

    @Test
    void aHeadThatComesByteForByteIsEndedToo() throws Exception {
        start(60_000, 300);
        Socket socket = send("GET /health/live HTTP/1.1\r\nX: ");
        socket.setSoTimeout(10);
        int first = -1;
        for (int i = 0; i < 1_000 && first < 0; i++) {
            try {
                first = socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                socket.getOutputStream().write('x');
            }
        }
        socket.setSoTimeout(10_000);
        assertThat((char) first + rest(socket)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aBodyThatDoesNotComeIsEnded() throws Exception {
        start(60_000, 300);
        Socket upload = send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        assertThat(rest(upload))
                .startsWith("HTTP/1.1 408 ")
                .contains("the body of the request must arrive within 300 ms (caravan.api.bodyMillis)");
        // who is answered without it is closed afterwards
        Socket answered = send("GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        assertThat(rest(answered)).startsWith("HTTP/1.1 200 ").doesNotContain("408");
        assertThat(rest(send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")))
                .contains("\r\nstored\r\n");
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        start(300, 60_000);
        assertThat(rest(send(""))).isEmpty();
        String two = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2);
        assertThat(rest(send(two)).split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }

    @Test
    void whoIsAnsweredForLongIsNotIdle() throws Exception {
        start(100, 100);
        Socket slow = send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        begun.acquire();
        assertThat(rest(send(""))).isEmpty(); // so the time of another is over
        mayEnd.countDown();
        assertThat(rest(slow)).contains("\r\ndone\r\n");
    }

    @Test
    void aConnectionBeyondTheNumberIsTurnedAwayAtOnce() throws Exception {
        start(60_000, 60_000);
        for (int i = 0; i < CONNECTIONS; i++) send("");
        assertThat(get("/slow"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("Retry-After: 1\r\n")
                .contains(
                        "query: there are as many connections as may be, 12 (caravan.api.connections); try again later");
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ");
        sockets.get(0).close();
        mayEnd.countDown();
        String answer;
        do answer = get("/slow");
        while (answer.startsWith("HTTP/1.1 503 ")); // until the server has heard of it
        assertThat(answer).contains("\r\ndone\r\n");
    }

    @Test
    void requestsBeyondThoseThatMayWaitAreTurnedAwayAtOnce() throws Exception {
        start(60_000, 60_000);
        String request = "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        List<Socket> burst = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) burst.add(send(request));
        begun.acquire(WORKERS);
        List<Socket> taken = new ArrayList<>();
        for (Socket socket : burst) {
            socket.setSoTimeout(500);
            try {
                assertThat(rest(socket))
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                        .contains("Retry-After: 1\r\n")
                        .contains("query: too many requests wait already (caravan.api.waitingRequests)");
            } catch (SocketTimeoutException e) {
                taken.add(socket);
            }
        }
        assertThat(taken).hasSize(WORKERS + WAITING);
        // who hangs up leaves his work behind
        taken.remove(0).close();
        assertThat(get("/slow")).startsWith("HTTP/1.1 503 ");
        mayEnd.countDown();
        for (Socket socket : taken) {
            socket.setSoTimeout(10_000);
            assertThat(rest(socket)).contains("\r\ndone\r\n");
        }
        assertThat(get("/slow")).contains("\r\ndone\r\n");
    }

    @Test
    void limitsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> new ServerLimits(0, -1, 0, 0, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("serve: caravan.api.connections must be 1 to 100000, got '0'")
                .hasMessageContaining("serve: caravan.api.bodyMillis must be 1 to 86400000, got '0'");
    }

    private void start(int idleMillis, int partMillis) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Properties settings = new Properties();
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("caravan.api.port", String.valueOf(port));
        settings.setProperty("caravan.api.connections", String.valueOf(CONNECTIONS));
        settings.setProperty("caravan.api.waitingRequests", String.valueOf(WAITING));
        settings.setProperty("caravan.api.idleMillis", String.valueOf(idleMillis));
        settings.setProperty("caravan.api.headerMillis", String.valueOf(partMillis));
        settings.setProperty("caravan.api.bodyMillis", String.valueOf(partMillis));
        settings.setProperty("camel.beans.serverThreads.workerPoolSize", String.valueOf(WORKERS));
        settings.setProperty("caravan.ledger.uri", "jdbc:postgresql://127.0.0.1:1/none");
        settings.setProperty(
                "camel.main.routes-include-pattern",
                "file:" + Files.writeString(folder.resolve("own.camel.yaml"), OWN)
                        + ",classpath:routes/query/health.camel.yaml,classpath:routes/query/query-api.camel.yaml");
        main.setOverrideProperties(settings);
        main.bind("slow", (Processor) exchange -> {
            begun.release();
            mayEnd.await();
        });
        main.start();
    }

    private String get(String path) throws IOException {
        return rest(send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }

    private Socket send(String bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** What comes until the server closes the connection. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
