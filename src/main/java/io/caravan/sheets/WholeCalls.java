package io.caravan.sheets;

import com.google.api.client.http.javanet.ConnectionFactory;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections for the calls of threads, and ends those of a call that takes longer than allowed: the client itself only
 * limits the waiting for each byte.
 */
final class WholeCalls implements ConnectionFactory {

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "caravan-sheets-time");
        thread.setDaemon(true);
        return thread;
    });

    /** What a client asks of a server. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws IOException;
    }

    private final int limitMillis;
    private final ThreadLocal<Connections> underWay = new ThreadLocal<>();

    WholeCalls(int limitMillis) {
        this.limitMillis = limitMillis;
    }

    /** Makes a call in this thread; a {@link SocketTimeoutException} when it took too long. */
    <T> T during(Call<T> call) throws IOException {
        Connections connections = new Connections();
        underWay.set(connections);
        // again and again: one may be opened when its time is over
        ScheduledFuture<?> end =
                CLOCK.scheduleWithFixedDelay(connections::end, limitMillis, 100, TimeUnit.MILLISECONDS);
        try {
            return call.make();
        } catch (IOException | RuntimeException e) {
            if (!connections.over) throw e;
            SocketTimeoutException late =
                    new SocketTimeoutException("the answer did not end within " + limitMillis + " ms");
            late.initCause(e);
            throw late;
        } finally {
            end.cancel(false);
            underWay.remove();
        }
    }

    /** The body of an answer to this thread's call, which ends with it: who is asked for the next byte cannot be disconnected. */
    InputStream whole(InputStream body) {
        Connections connections = underWay.get();
        return connections == null
                ? body
                : new FilterInputStream(body) {
                    @Override
                    public int read() throws IOException {
                        connections.mustGoOn();
                        return super.read();
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        connections.mustGoOn();
                        return super.read(target, offset, length);
                    }
                };
    }

    @Override
    public HttpURLConnection openConnection(URL url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        Connections connections = underWay.get();
        if (connections != null) connections.open.add(connection);
        return connection;
    }

    /** Those of one call. */
    private static final class Connections {

        private final Set<HttpURLConnection> open = ConcurrentHashMap.newKeySet();
        private volatile boolean over;

        void mustGoOn() throws SocketTimeoutException {
            if (over) throw new SocketTimeoutException("the call took too long");
        }

        /** In a thread of its own: it may have to wait for the next byte. */
        void end() {
            over = true;
            Thread thread = new Thread(() -> open.forEach(HttpURLConnection::disconnect), "caravan-sheets-end");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
