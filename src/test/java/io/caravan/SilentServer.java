package io.caravan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A server that speaks HTTP as long as it is told what to say, and then keeps its client waiting. */
public final class SilentServer implements AutoCloseable {

    /** How it keeps a client waiting. */
    public enum Manner {
        /** Not a byte comes. */
        NEVER_ANSWERS,
        /** The head of the answer and the beginning of its body come. */
        STOPS,
        /** The same, and then a byte of the body now and then, for ever. */
        TRICKLES,
        /** A byte of the head comes now and then, for ever. */
        TRICKLES_IN_THE_HEAD
    }

    private static final String PROMISED = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n"
            + "Content-Range: bytes 0-99999/100000\r\nContent-Type: application/";

    private final Manner manner;
    private final Function<String, Optional<String>> answers;
    private final ServerSocket listener;
    private final AtomicLong since = new AtomicLong();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** {@code answers}: by method and address, what is answered in full, its type first: {@code json {"items": []}}. */
    public SilentServer(Manner manner, Function<String, Optional<String>> answers) {
        this.manner = manner;
        this.answers = answers;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** When it began to keep its first client waiting, as {@link System#nanoTime}. */
    public long since() {
        return since.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                // the next one, or it was closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                String request = line(in);
                long length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Long.parseLong(header.substring(15).strip());
                    }
                }
                in.skipNBytes(length);
                Optional<String> known = answers.apply(request);
                if (known.isEmpty()) break;
                String[] typeAndBody = known.get().split(" ", 2);
                send(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/" + typeAndBody[0] + "\r\nContent-Length: "
                                + typeAndBody[1].length() + "\r\n\r\n" + typeAndBody[1]);
            }
            since.compareAndSet(0, System.nanoTime());
            keepWaiting(out);
            // until the client gives up
            while (in.read() >= 0) {}
        } catch (IOException e) {
            // the client went away
        }
    }

    private void keepWaiting(OutputStream out) throws IOException {
        switch (manner) {
            case NEVER_ANSWERS -> {}
            case STOPS -> send(out, PROMISED + "json\r\nETag: \"e\"\r\n\r\n   ");
            case TRICKLES -> {
                send(out, PROMISED + "json\r\nETag: \"e\"\r\n\r\n");
                trickle(out);
            }
            case TRICKLES_IN_THE_HEAD -> {
                send(out, "HTTP/1.1 200 OK\r\nX-Long: ");
                trickle(out);
            }
        }
    }

    private static void trickle(OutputStream out) throws IOException {
        while (true) {
            send(out, " ");
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("the client ends");
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "silent-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) socket.close();
    }
}
