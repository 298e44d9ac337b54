package io.caravan.sheets;

import com.google.api.client.http.javanet.ConnectionFactory;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Limits calls as a whole: the client itself only limits the waiting for each byte. Who calls waits no longer than that, and the
 * connection that was opened for the call, in a thread of Camel's component, ends soon behind it.
 */
final class WholeCalls implements ConnectionFactory {

    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(WholeCalls::thread);
    private static final ExecutorService CALLERS = Executors.newCachedThreadPool(WholeCalls::thread);

    /** The connection that a thread opened last, which is the one whose answer it reads. */
    private static final ThreadLocal<Opened> LAST = new ThreadLocal<>();

    /** What is asked of a server. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws IOException;
    }

    private final int limitMillis;

    WholeCalls(int limitMillis) {
        this.limitMillis = limitMillis;
    }

    /** What the call answers or throws; a {@link SocketTimeoutException} when it takes too long. */
    <T> T during(Call<T> call) throws IOException {
        Future<T> answer = CALLERS.submit(call::make);
        try {
            return answer.get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new SocketTimeoutException("the answer did not end within " + limitMillis + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) throw failed;
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** The body of the answer that this thread reads, which ends with its time: who waits for a byte cannot be disconnected. */
    InputStream whole(InputStream body) {
        Opened opened = LAST.get();
        return opened == null
                ? body
                : new FilterInputStream(body) {
                    @Override
                    public int read() throws IOException {
                        opened.mustGoOn();
                        return super.read();
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        opened.mustGoOn();
                        return super.read(target, offset, length);
                    }
                };
    }

    @Override
    public HttpURLConnection openConnection(URL url) throws IOException {
        Opened opened = new Opened((HttpURLConnection) url.openConnection());
        LAST.set(opened);
        // one whose answer was read to its end is not there any more to be disconnected
        CLOCK.schedule(() -> CALLERS.execute(opened::end), limitMillis, TimeUnit.MILLISECONDS);
        return opened.connection;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "caravan-sheets");
        thread.setDaemon(true);
        return thread;
    }

    /** A connection and whether its time is over. */
    private static final class Opened {

        private final HttpURLConnection connection;
        private volatile boolean over;

        Opened(HttpURLConnection connection) {
            this.connection = connection;
        }

        void mustGoOn() throws SocketTimeoutException {
            if (over) throw new SocketTimeoutException("the call took too long");
        }

        /** Not in the clock's thread: it may have to wait for the next byte. */
        void end() {
            over = true;
            connection.disconnect();
        }
    }
}
