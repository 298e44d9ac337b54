package io.caravan.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.BatchStates.State;
import io.caravan.ledger.RecordStates.Change;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import io.caravan.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run asks for each batch reads the rows it needs, not the 200,000 others, whatever the planner knows. */
class QueryPlanTest {

    private static final short FLOW = 1;
    private static final Hash BATCH = new Hash(1, 1);
    private static final List<String> KEYS =
            IntStream.range(1_000, 1_600).mapToObj(i -> "key-" + i).toList();

    private static final List<Hash> GONE =
            Stream.of("1", "2", "3").map(QueryPlanTest::fingerprint).toList();

    private static DatabasePool pool;

    /** A statement of every batch or page, and how many rows it may read. */
    enum Asked {
        FIND_RECORDS(600) {
            @Override
            void of(Connection c) throws SQLException {
                assertThat(RecordStates.find(c, FLOW, KEYS)).hasSize(600);
            }
        },
        WRITE_RECORDS(600) {
            @Override
            void of(Connection c) throws SQLException {
                List<Change> changes =
                        KEYS.stream().map(k -> new Change(k, BATCH, 1, 2)).toList();
                RecordStates.write(c, FLOW, BATCH, changes);
            }
        },
        FIRST_RUNS(600) {
            @Override
            void of(Connection c) throws SQLException {
                RecordStates.firstRuns(c, FLOW, KEYS);
            }
        },
        FIND_A_BATCH(1) {
            @Override
            void of(Connection c) throws SQLException {
                BatchStates.find(c, FLOW, BATCH);
            }
        },
        WRITE_A_BATCH(1) {
            @Override
            void of(Connection c) throws SQLException {
                BatchStates.write(c, FLOW, BATCH, "o", new State(1, 1, false, 600));
            }
        },
        A_PAGE_OF_TOMBSTONES(500) {
            @Override
            void of(Connection c) throws SQLException {
                assertThat(RecordStates.tombstones(c, FLOW, 0, "key-5", 500)).hasSize(500);
            }
        },
        /** Three of the batches are no more. */
        SWEEP(600 * 3) {
            @Override
            void of(Connection c) throws SQLException {
                BatchStates.invalidateBatches(c, FLOW, GONE);
                assertThat(RecordStates.orphans(c, FLOW, 5, 1).gone())
                        .as("but those that are dead")
                        .isEqualTo(1_543);
            }
        },
        DELETE_WHAT_IS_GONE(600 * 3) {
            @Override
            void of(Connection c) throws SQLException {
                BatchStates.invalidateBatches(c, FLOW, GONE);
                Savepoint before = c.setSavepoint();
                RecordStates.markDeleted(c, FLOW, 2, 1);
                c.rollback(before);
            }
        },
        PURGE_NOTHING(30_000) {
            @Override
            void of(Connection c) throws SQLException {
                RecordStates.purge(c, FLOW, 0);
            }
        },
        END_LETTERS(600) {
            @Override
            void of(Connection c) throws SQLException {
                DeadLetters.delivered(c, FLOW, "left", KEYS);
            }
        },
        KEYS_WITH_LETTERS(1_200) {
            @Override
            void of(Connection c) throws SQLException {
                assertThat(Comparison.deadKeys(c, FLOW, "left", KEYS)).hasSize(600);
            }
        },
        LETTERS_OF_AN_OBJECT(0) {
            @Override
            void of(Connection c) throws SQLException {
                DeadLetters.gone(c, FLOW, "o5", 2);
            }
        },
        A_PAGE_OF_LETTERS(501) {
            @Override
            void of(Connection c) throws SQLException {
                assertThat(DeadLetters.openFor(c, FLOW, "left", 0, 500)).hasSize(500);
            }
        };

        final long rows;

        Asked(long rows) {
            this.rows = rows;
        }

        abstract void of(Connection c) throws SQLException;
    }

    @BeforeAll
    static void fill() {
        Endpoint endpoint = TestStores.freshDatabase();
        pool = LedgerDatabase.open(endpoint.uri(), endpoint.user(), endpoint.password(), 5_000, 60_000);
        new PlainTransactions(pool).in(c -> {
            for (String sql : List.of(
                    "alter table ledger.record_state set (autovacuum_enabled = off)",
                    "alter table ledger.batch_state set (autovacuum_enabled = off)",
                    "alter table ledger.dead_letter set (autovacuum_enabled = off)",
                    "insert into ledger.flow (name) values ('things'), ('others')",
                    "insert into ledger.batch_state select f, decode(md5(i::text), 'hex'), 'o' || i % 7, 1, 1, false, 600"
                            + " from generate_series(0, 333) i, generate_series(1, 2) f",
                    "insert into ledger.record_state select f, 'key-' || i, decode(md5(i::text), 'hex'), 1, 1,"
                            + " decode(md5((i / 600)::text), 'hex'), i % 7 = 0"
                            + " from generate_series(0, 199999) i, generate_series(1, 2) f",
                    "insert into ledger.dead_letter (flow, sink, identity, key, stage, object, line, reason, content, run)"
                            + " select 1, 'left', 'key key-' || i, 'key-' || i, 'sink', 'o', i, '', '', 1"
                            + " from generate_series(0, 49999) i"
                            + " union all select 1, '', 'at 1 of p' || i, null, 'source', 'p' || i, 1, '', '', 1"
                            + " from generate_series(0, 49999) i")) {
                Sql.update(c, sql);
            }
            return null;
        });
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void readsOnlyTheRowsItNeeds(Asked asked) {
        assertThat(rowsRead(asked)).as("before the planner knows the tables").isLessThanOrEqualTo(asked.rows + 50);
        new PlainTransactions(pool)
                .in(c -> Sql.update(c, "analyze ledger.record_state, ledger.batch_state, ledger.dead_letter"));
        assertThat(rowsRead(asked)).as("when it knows them").isLessThanOrEqualTo(asked.rows + 50);
    }

    /** Of the big tables, with the plan that the driver and the server settle on after some executions. */
    private static long rowsRead(Asked asked) {
        try (Connection c = pool.getConnection()) {
            c.setAutoCommit(false);
            for (int i = 0; i < 12; i++) asked.of(c);
            long before = read(c);
            asked.of(c);
            long rows = read(c) - before;
            c.rollback();
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #fill} makes them. */
    private static Hash fingerprint(String batch) {
        try {
            return Hash.of(MessageDigest.getInstance("MD5").digest(batch.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long read(Connection c) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables"
                                + " where relname in ('record_state', 'dead_letter')")
                .orElseThrow();
    }
}
