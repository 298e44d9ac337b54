package io.caravan.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers each path as it was told, byte by byte if need be, on every address of this machine. */
final class ImageServer implements AutoCloseable {

    /** Writes all of an answer, head included. */
    @FunctionalInterface
    interface Reply {
        void to(Request request, OutputStream out) throws IOException;
    }

    /** {@code headers} in lower case. */
    record Request(String path, Map<String, String> headers) {}

    private final ServerSocket socket = new ServerSocket(0, 200);
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    ImageServer() throws IOException {
        start(this::listen);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "image-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    void on(String path, Reply reply) {
        replies.put(path, reply);
    }

    /** Answers with an image, and with 304 to who shows this etag; an empty one: none. */
    void image(String path, byte[] image, String etag) {
        on(path, (request, out) -> {
            if (!etag.isEmpty() && etag.equals(request.headers().get("if-none-match"))) {
                head(out, "304 Not Modified", "ETag: " + etag);
            } else {
                send(out, "200 OK", image, "Content-Type: image/png", etag.isEmpty() ? "X-No: etag" : "ETag: " + etag);
            }
        });
    }

    static void head(OutputStream out, String status, String... headers) throws IOException {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        out.write(("HTTP/1.1 " + status + "\r\n" + lines + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    static void send(OutputStream out, String status, byte[] body, String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Content-Length: " + body.length;
        head(out, status, all);
        out.write(body);
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                Socket one = socket.accept();
                connections.incrementAndGet();
                start(() -> answer(one));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(Socket one) {
        try (one) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(one.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) return;
            Map<String, String> headers = new TreeMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                String[] parts = line.split(":\\s*", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            Request request = new Request(first.split(" ")[1], headers);
            requests.add(request);
            Reply reply = replies.get(request.path());
            if (reply == null) send(one.getOutputStream(), "404 Not Found", new byte[0]);
            else reply.to(request, one.getOutputStream());
        } catch (IOException e) {
            // who asked has hung up
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
