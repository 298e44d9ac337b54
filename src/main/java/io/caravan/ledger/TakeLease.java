package io.caravan.ledger;

import io.caravan.error.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Takes a lease as soon as that is safe: when it has ended, or when its holder provably has. A holder whose
 * connection is gone, or that no longer renews its lease, may still write: it is waited for until its lease has ended.
 */
final class TakeLease {

    private static final String ROW_IS_LOCKED = "55P03";
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** The token that is ours now, and how long it took to get it. */
    record Taken(long token, Duration waited) {}

    /**
     * What the ledger says of a lease.
     *
     * @param live it has not ended
     * @param overdue its holder should have renewed it by now
     * @param connected its holder's connection is there
     */
    private record Held(
            long token,
            String holder,
            String process,
            boolean live,
            long secondsLeft,
            boolean overdue,
            boolean connected,
            String renewed) {

        boolean free() {
            return !live || ProcessId.parse(process).filter(ProcessId::gone).isPresent();
        }
    }

    private final DataSource ledger;
    private final LeaseRow row;
    private final LeaseTerms terms;
    private final long begun;
    private boolean told;
    private Held first;

    TakeLease(DataSource ledger, LeaseRow row, LeaseTerms terms) {
        this.ledger = ledger;
        this.row = row;
        this.terms = terms;
        this.begun = System.nanoTime();
    }

    /** Waits as the terms say; errors as {@link Lease#acquire} says. */
    Taken take() throws SQLException {
        while (true) {
            Duration waited = Duration.ofNanos(System.nanoTime() - begun);
            try (Connection c = ledger.getConnection()) {
                c.setAutoCommit(false);
                Held held = held(c);
                if (first == null) first = held;
                Optional<Long> token = held.free() ? token(c) : Optional.empty();
                c.commit();
                if (token.isPresent()) return new Taken(token.get(), waited);
                beWilling(held);
            }
            pause();
        }
    }

    private Held held(Connection c) throws SQLException {
        Sql.update(
                c,
                "insert into " + row.table() + " (" + row.column()
                        + ", token, holder, expires_at) values (?, 0, '', clock_timestamp())"
                        + " on conflict do nothing",
                row.id());
        return Sql.first(
                        c,
                        r -> new Held(
                                r.getLong(1),
                                r.getString(2),
                                r.getString(3),
                                r.getBoolean(4),
                                r.getLong(5),
                                r.getBoolean(6),
                                r.getBoolean(7),
                                r.getString(8)),
                        // an older Caravan leaves the process of whoever held it before
                        "select token, holder, case when split_part(process, '#', 1) = token::text"
                                + " then substr(process, strpos(process, '#') + 1) else '' end,"
                                + " expires_at > clock_timestamp(),"
                                + " ceil(extract(epoch from expires_at - clock_timestamp())),"
                                // it is renewed every third of its time
                                + " clock_timestamp() - renewed_at > (expires_at - renewed_at) / 2,"
                                + " exists (select 1 from pg_locks where locktype = 'advisory' and classid::bigint = ?"
                                + " and objid::bigint = token & 4294967295 and granted and database ="
                                + " (select oid from pg_database where datname = current_database())),"
                                + " renewed_at::text from " + row.table() + " where " + row.column() + " = ?",
                        (long) row.space(),
                        row.id())
                .orElseThrow();
    }

    /** Ours, unless somebody was faster, or a last transaction of its holder is still open. */
    private Optional<Long> token(Connection c) throws SQLException {
        try {
            Sql.update(c, "set local lock_timeout = '1s'");
            Optional<Long> last = Sql.first(
                    c,
                    r -> r.getLong(1),
                    "select token from " + row.table() + " where " + row.column() + " = ? for update",
                    row.id());
            if (!held(c).free()) return Optional.empty();
            long token = Math.max(last.orElseThrow(), terms.floor()) + 1;
            Sql.update(
                    c,
                    "update " + row.table() + " set token = ?, holder = ?, process = ?, renewed_at = clock_timestamp(),"
                            + " expires_at = clock_timestamp() + ? * interval '1 millisecond' where " + row.column()
                            + " = ?",
                    token,
                    terms.holder(),
                    token + "#" + terms.process().text(),
                    terms.time().toMillis(),
                    row.id());
            return Optional.of(token);
        } catch (SQLException e) {
            if (!ROW_IS_LOCKED.equals(e.getSQLState())) throw e;
            c.rollback();
            return Optional.empty();
        }
    }

    /** Throws unless it is worth while to wait for this holder. */
    private void beWilling(Held held) {
        boolean heardOf = held.token() != first.token() || !held.renewed().equals(first.renewed());
        boolean alive = heardOf || held.connected() && !held.overdue();
        Duration waited = Duration.ofNanos(System.nanoTime() - begun);
        Duration unheard =
                terms.time().plusSeconds(held.free() ? terms.time().toSeconds() : Math.max(0, held.secondsLeft()));
        boolean patient = terms.patience()
                .map(most -> waited.compareTo(most) < 0)
                .orElse(
                        alive
                                ? slice(held) && waited.compareTo(LeaseTerms.LONGEST_SLICE) < 0
                                : waited.compareTo(unheard) < 0);
        if (!patient) throw new LeaseHeldException(sentence(held));
        if (!told && waited.compareTo(LeaseTerms.QUIET) > 0) {
            told = true;
            terms.notices()
                    .accept(row.name() + ": waits for " + held.holder() + ", "
                            + (alive
                                    ? "which goes on"
                                    : "which no longer renews its lease; it ends in at most "
                                            + Math.max(0, held.secondsLeft()) + " s"));
        }
    }

    private static boolean slice(Held held) {
        return held.holder().startsWith(LeaseTerms.SLICE + " of ");
    }

    private String sentence(Held held) {
        return row.name() + ": the lease is held by " + held.holder() + " for " + Math.max(0, held.secondsLeft())
                + " s more unless renewed; wait for that run to end, then run again, or run with --wait <seconds>";
    }

    private void pause() {
        LockSupport.parkNanos(Math.min(LONGEST_PAUSE.toNanos(), terms.time().toNanos() / 10));
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(row.name() + ": interrupted while it waited for the lease", null);
        }
    }
}
