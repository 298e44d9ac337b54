package io.caravan.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers with bytes no HTTP library would send, and then ends the connection. */
final class RawServer implements AutoCloseable {

    /** Writes the answer to the n-th request, from 1; the connection ends after it. */
    @FunctionalInterface
    interface Answers {
        void write(int request, OutputStream out) throws IOException;
    }

    final AtomicInteger asked = new AtomicInteger();
    private final ServerSocket server;

    RawServer(Answers answers) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(() -> serve(answers), "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    private void serve(Answers answers) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
                answers.write(asked.incrementAndGet(), socket.getOutputStream());
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // the client went away, or the test ended
            }
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
