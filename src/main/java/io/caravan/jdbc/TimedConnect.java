package io.caravan.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects within a limit: few drivers have one of their own for a server that takes a connection and then says nothing. */
final class TimedConnect {

    /** What may take for ever. */
    @FunctionalInterface
    interface Connect {
        Connection connect() throws SQLException;
    }

    private TimedConnect() {}

    /** The connection, or what {@code connect} throws; an {@link SQLTimeoutException} when neither comes in time. */
    static Connection within(long millis, Connect connect) throws SQLException {
        CompletableFuture<Connection> made = new CompletableFuture<>();
        Thread thread = new Thread(() -> make(connect, made), "caravan-jdbc-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            return made.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused) throw refused;
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause();
        } catch (TimeoutException e) {
            leave(made, thread);
            throw new SQLTimeoutException("no connection yet");
        } catch (InterruptedException e) {
            leave(made, thread);
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", "08001", e);
        }
    }

    private static void make(Connect connect, CompletableFuture<Connection> made) {
        try {
            Connection connection = connect.connect();
            if (!made.complete(connection)) connection.close();
        } catch (SQLException | RuntimeException | Error e) {
            made.completeExceptionally(e);
        }
    }

    /** Nobody wants the connection any more; one that was made just now is closed, as one that is made later. */
    private static void leave(CompletableFuture<Connection> made, Thread thread) throws SQLException {
        if (made.cancel(false)) thread.interrupt();
        else if (!made.isCompletedExceptionally()) made.join().close();
    }
}
