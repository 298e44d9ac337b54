package io.caravan.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Where a store is not. Started when first asked for, gone with the test JVM. */
enum WrongServer {
    NOBODY,
    NO_HOST,
    CLOSING,
    SILENT,
    HTML;

    private static final String PAGE = "<html><body>Not Found</body></html>";
    private static final byte[] ANSWER = ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: "
                    + PAGE.length() + "\r\nConnection: close\r\n\r\n" + PAGE)
            .getBytes(StandardCharsets.US_ASCII);

    private ServerSocket listener;

    /** {@code host:port}. */
    synchronized String address() {
        if (this == NO_HOST) return "nowhere.invalid:9999";
        try {
            if (listener == null) {
                listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
                // nobody: the port was free a moment ago, and no other asks for it
                if (this == NOBODY) listener.close();
                else if (this != SILENT) thread(this::serve);
            }
            return "127.0.0.1:" + listener.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                thread(() -> answer(socket));
            } catch (IOException e) {
                // the next one
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            if (this == CLOSING || socket.getInputStream().read() < 0) return;
            socket.getOutputStream().write(ANSWER);
            socket.shutdownOutput();
            socket.setSoTimeout(2_000);
            // a connection that is closed with something unread is reset, and the answer lost
            while (socket.getInputStream().read() >= 0) {}
        } catch (IOException e) {
            // the client went away
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "wrong-server");
        thread.setDaemon(true);
        thread.start();
    }
}
