package io.caravan;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Stands between clients and their server, and passes nothing on while it is {@link #silence silent}: connections stay, new
 * ones are taken, no byte comes, as with a server that was stopped or a network that swallows everything.
 */
public final class SilentProxy implements AutoCloseable {

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Many hold it for each piece they pass on; silence takes all. */
    private final Semaphore speech = new Semaphore(Integer.MAX_VALUE, true);

    private boolean silent;

    public SilentProxy(String host, int port) throws IOException {
        this.server = new InetSocketAddress(host, port);
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From the return of this on, no byte passes. */
    public synchronized void silence() {
        speech.acquireUninterruptibly(Integer.MAX_VALUE);
        silent = true;
    }

    /** What was held back passes. */
    public synchronized void speak() {
        if (silent) speech.release(Integer.MAX_VALUE);
        silent = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) socket.close();
        speak();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket upstream = new Socket();
                sockets.add(client);
                sockets.add(upstream);
                start(() -> {
                    try {
                        upstream.connect(server);
                        start(() -> pass(upstream, client));
                        pass(client, upstream);
                    } catch (IOException e) {
                        end(client, upstream);
                    }
                });
            } catch (IOException e) {
                if (listener.isClosed()) return;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                speech.acquireUninterruptibly();
                try {
                    to.getOutputStream().write(bytes, 0, n);
                } finally {
                    speech.release();
                }
            }
        } catch (IOException e) {
            end(from, to);
        }
    }

    private void end(Socket... ended) {
        for (Socket socket : ended) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            sockets.remove(socket);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "silent-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
