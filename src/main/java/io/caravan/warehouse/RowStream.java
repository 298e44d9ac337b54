package io.caravan.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The rows of a query as a lazy stream. */
final class RowStream {

    private static final int FETCHED_AT_ONCE = 10_000;

    private RowStream() {}

    @FunctionalInterface
    interface Mapper<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Reads with a cursor; closing the stream closes the connection, which must not be in auto-commit. */
    static <T> Stream<T> of(Connections server, Connection connection, String sql, Mapper<T> mapper)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement(sql);
        select.setFetchSize(FETCHED_AT_ONCE);
        ResultSet row = select.executeQuery();
        return StreamSupport.stream(
                        new Spliterators.AbstractSpliterator<T>(Long.MAX_VALUE, Spliterator.NONNULL) {
                            @Override
                            public boolean tryAdvance(Consumer<? super T> action) {
                                try {
                                    if (!row.next()) return false;
                                    action.accept(mapper.of(row));
                                    return true;
                                } catch (SQLException e) {
                                    throw server.meaning("read on", e);
                                }
                            }
                        },
                        false)
                .onClose(() -> {
                    try {
                        connection.close();
                    } catch (SQLException e) {
                        throw server.meaning("close the connection", e);
                    }
                });
    }
}
