package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestStores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {

    /** At the first moments, and then every fourth; all of them with {@code -Dcaravan.moments.step=1}. */
    @ParameterizedTest
    @CsvSource({
        "ledger,classpath:db/migration," + LedgerDatabase.NEWEST,
        "books,classpath:db/books,2",
        "jobs,classpath:db/jobs,1"
    })
    void aProcessMayBeKilledBeforeAndBehindEachCommitOfItsFirstStart(String schema, String location, String newest)
            throws SQLException {
        DataSource undisturbed = TestStores.freshDataSource();
        Schema.migrate(undisturbed, schema, location, newest);
        List<String> expected = contents(undisturbed, schema);
        int kills = 0;
        int step = Integer.getInteger("caravan.moments.step", 4);
        for (int after = 0; ; after += after < 2 * step ? 1 : step) {
            DataSource database = TestStores.freshDataSource();
            Doomed doomed = new Doomed(database, after);
            if (doomed.survives(schema, location, newest)) break;
            kills++;
            Schema.migrate(database, schema, location, newest);
            assertThat(contents(database, schema))
                    .as("killed at moment %s", after)
                    .isEqualTo(expected);
        }
        assertThat(kills).isGreaterThan(3);
    }

    /** Its tables and the versions it has been brought to. */
    private static List<String> contents(DataSource database, String schema) throws SQLException {
        try (Connection c = database.getConnection()) {
            return Sql.list(
                    c,
                    r -> r.getString(1),
                    "select table_name::text from information_schema.tables where table_schema = ? union all"
                            + " select version from " + schema + ".flyway_schema_history"
                            + " where success and version is not null order by 1",
                    schema);
        }
    }

    /** An error, so that nobody tries again. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Loses all its connections before or behind one of its commits, as those of a process that is killed. */
    private static final class Doomed {

        private final DataSource database;
        private final List<Connection> open = new ArrayList<>();
        private int left;
        private boolean dead;

        Doomed(DataSource database, int after) {
            this.database = database;
            this.left = after;
        }

        /** Whether it came to its end. */
        boolean survives(String schema, String location, String newest) {
            DataSource mortal = proxy(DataSource.class, database);
            try {
                Schema.migrate(mortal, schema, location, newest);
                return true;
            } catch (Killed e) {
                return false;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private <T> T proxy(Class<T> type, Object of) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, args) -> {
                boolean counts = method.getName().startsWith("execute")
                        || method.getName().equals("commit");
                if (counts && left-- == 0) kill();
                if (dead) throw new Killed();
                Object result;
                try {
                    result = method.invoke(of, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
                if (result instanceof Connection c) {
                    open.add(c);
                    return proxy(Connection.class, c);
                }
                Class<?> returned = method.getReturnType();
                return result instanceof Statement && Statement.class.isAssignableFrom(returned)
                        ? proxy(returned, result)
                        : result;
            }));
        }

        private void kill() throws SQLException {
            dead = true;
            for (Connection c : open) c.abort(Runnable::run);
        }
    }
}
