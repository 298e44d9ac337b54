package io.caravan.job;

import io.caravan.error.Mask;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes jobs for a worker and ends them. A claim lasts for its lease, unless renewed; then the job goes back, and what the
 * late worker does is refused by the claim's token. All times are the database's.
 */
public final class Claims {

    /** So often a job may take its worker down with it before it is given up. */
    static final int MOST_LOST = 20;

    private final String worker;
    private final Duration lease;
    /** The only kinds that are taken; empty for all. */
    private final Set<String> kinds;

    /** {@code worker}: who, for the history: host and process. */
    public Claims(String worker, Duration lease) {
        this(worker, lease, Set.of());
    }

    /** The same; {@code kinds}: the only ones that are taken, as who takes them can do no other; empty for all. */
    public Claims(String worker, Duration lease, Set<String> kinds) {
        new SettingChecks("jobs")
                .notBlank("worker", worker)
                .between("leaseMillis", lease.toMillis(), 100, 3_600_000)
                .check();
        this.worker = worker;
        this.lease = lease;
        this.kinds = Set.copyOf(kinds);
    }

    /**
     * Takes up to {@code most} pending jobs, oldest first, with one token; passed over are jobs that others are taking, and those
     * whose concurrency key a job has that is in somebody's hands.
     */
    public List<Claim> take(Connection c, int most) throws SQLException {
        impatiently(c);
        return Sql.list(
                c,
                this::claim,
                "with next as materialized (select id from job where status = 'pending'" + ofKinds()
                        + " and not_before <= clock_timestamp() and (concurrency_key is null or not exists (select 1"
                        + " from job o where o.concurrency_key = job.concurrency_key and o.status = 'processing'))"
                        + " order by id limit ? for update skip locked),"
                        + " token as materialized (select nextval('claim_token') as token),"
                        + " taken as (update job j set status = 'processing', worker = ?, token = t.token,"
                        + " attempts = j.attempts + 1, leased_until = clock_timestamp() + ? * interval '1 millisecond'"
                        + " from next n, token t where j.id = n.id returning j.*),"
                        + " begun as (insert into attempt (job, attempt, token, worker)"
                        + " select id, attempts, token, worker from taken)"
                        + " select id, kind, key, payload, attempts, token from taken order by id",
                kinds.isEmpty()
                        ? new Object[] {most, worker, lease.toMillis()}
                        : new Object[] {kinds.toArray(String[]::new), most, worker, lease.toMillis()});
    }

    /** Puts back what workers hold that let their lease end; how many. */
    public int takeBack(Connection c) throws SQLException {
        impatiently(c);
        return Sql.update(
                c,
                "with lost as materialized (select id, attempts from job where status = 'processing'"
                        + " and leased_until < clock_timestamp() for update skip locked),"
                        + " ended as (update attempt a set ended_at = clock_timestamp(), outcome = 'lost',"
                        + " reason = 'the worker stopped without a result' from lost"
                        + " where a.job = lost.id and a.attempt = lost.attempts and a.ended_at is null)"
                        + " update job j set lost = j.lost + 1, token = null, worker = null, leased_until = null,"
                        + " status = case when j.lost + 1 >= ? then 'failed' else 'pending' end,"
                        + " error_message = case when j.lost + 1 >= ? then 'jobs: the worker must end the job, got lost '"
                        + " || (j.lost + 1) || ' times' else j.error_message end"
                        + " from lost where j.id = lost.id",
                MOST_LOST,
                MOST_LOST);
    }

    /**
     * How long until a job of somebody may come back, or one may be begun that waits for its time; empty when there is none. Nobody
     * says when a job ends whose concurrency key another waits for: who waits for that looks once a second.
     */
    Optional<Long> millisToNextChange(Connection c) throws SQLException {
        return Sql.first(
                        c,
                        r -> Optional.ofNullable(r.getObject(1, Long.class)),
                        "select ceil(extract(epoch from least("
                                + "(select min(leased_until) from job where status = 'processing'" + ofKinds() + "),"
                                + " (select min(case when concurrency_key is not null and exists (select 1 from job o"
                                + " where o.concurrency_key = job.concurrency_key and o.status = 'processing')"
                                + " then greatest(not_before, clock_timestamp() + interval '1 second')"
                                + " else not_before end) from job where status = 'pending'" + ofKinds() + "))"
                                + " - clock_timestamp()) * 1000)::bigint",
                        both())
                .orElseThrow();
    }

    private Object[] both() {
        String[] only = kinds.toArray(String[]::new);
        return kinds.isEmpty() ? new Object[0] : new Object[] {only, only};
    }

    private String ofKinds() {
        return kinds.isEmpty() ? "" : " and kind = any(?)";
    }

    /** Makes the leases of these claims last from now; called every third of it. The numbers of the jobs that still are ours. */
    public Set<Long> renew(Connection c, Collection<Claim> claims) throws SQLException {
        impatiently(c);
        return new HashSet<>(Sql.list(
                c,
                r -> r.getLong(1),
                "update job j set leased_until = clock_timestamp() + ? * interval '1 millisecond'"
                        + " from unnest(?, ?) as t (id, token)"
                        + " where j.id = t.id and j.token = t.token and j.status = 'processing' returning j.id",
                lease.toMillis(),
                claims.stream().map(Claim::job).toArray(Long[]::new),
                claims.stream().map(Claim::token).toArray(Long[]::new)));
    }

    /**
     * Keeps the job for the rest of the transaction; false when this very claim has completed it already, and only the
     * reply was lost. A transaction that then says nothing for half a lease is ended by the database: a worker that is paused
     * in it must not keep the job from the others.
     *
     * <ul>
     *   <li>errors: {@link ClaimLostException} when the job is somebody else's by now; the caller rolls back
     * </ul>
     */
    public static boolean hold(Connection c, Claim claim) throws SQLException {
        boolean ours = Sql.first(
                        c,
                        r -> true,
                        "select set_config('idle_in_transaction_session_timeout', ?, true) from job"
                                + " where id = ? and token = ? and status = 'processing' for update",
                        String.valueOf(Math.max(1, claim.leaseMillis() / 2)),
                        claim.job(),
                        claim.token())
                .isPresent();
        if (!ours && !ended(c, claim)) throw new ClaimLostException(claim);
        return ours;
    }

    /**
     * Ends the job well, in the transaction that {@link #hold}s it and loaded what it found.
     *
     * @param answers what was heard on the way, and {@code result} what was made of it: JSON, for the history; null for none
     */
    public static void complete(Connection c, Claim claim, String answers, String result) throws SQLException {
        end(c, claim, "status = 'completed', completed_at = clock_timestamp(), error_message = null");
        history(c, claim, "completed", Optional.empty(), answers, result);
    }

    /** Ends the job as one that cannot be done; errors as {@link #hold}. */
    public static void fail(Connection c, Claim claim, String reason, String answers) throws SQLException {
        fail(c, claim, reason, answers, null);
    }

    /** The same; {@code result}: what came of it all the same, as JSON. */
    public static void fail(Connection c, Claim claim, String reason, String answers, String result)
            throws SQLException {
        if (!hold(c, claim)) return;
        end(c, claim, "status = 'failed', error_message = ?", Mask.ofProcess().sentence(reason));
        history(c, claim, "failed", Optional.of(reason), answers, result);
    }

    /**
     * Puts the job back, to be tried again after a pause; false when that was done {@code maxRetries} times already, and the
     * job has failed. Errors as {@link #hold}.
     */
    public static boolean later(
            Connection c, Claim claim, String reason, String answers, int maxRetries, Duration pause)
            throws SQLException {
        if (hold(c, claim)) {
            end(
                    c,
                    claim,
                    "status = case when retry_count >= ? then 'failed' else 'pending' end, error_message = ?,"
                            + " not_before = clock_timestamp() + ? * interval '1 millisecond',"
                            + " retry_count = least(retry_count + 1, ?)",
                    maxRetries,
                    Mask.ofProcess().sentence(reason),
                    pause.toMillis(),
                    maxRetries);
            history(c, claim, "later", Optional.of(reason), answers, null);
        }
        return Sql.first(c, r -> true, "select 1 from job where id = ? and status <> 'failed'", claim.job())
                .isPresent();
    }

    /** Gives jobs back that were never begun, as a worker does that ends. */
    public static void release(Connection c, List<Claim> claims) throws SQLException {
        putBack(c, claims, Duration.ZERO);
    }

    /** The same; they are not taken again before the pause is over. */
    public static void putBack(Connection c, List<Claim> claims, Duration pause) throws SQLException {
        for (Claim claim : claims) {
            int released = Sql.update(
                    c,
                    "update job set status = 'pending', token = null, worker = null, leased_until = null,"
                            + " attempts = attempts - 1,"
                            + " not_before = greatest(not_before, clock_timestamp() + ? * interval '1 millisecond')"
                            + " where id = ? and token = ? and status = 'processing'",
                    pause.toMillis(),
                    claim.job(),
                    claim.token());
            if (released == 0) continue;
            Sql.update(c, "delete from attempt where job = ? and attempt = ?", claim.job(), claim.attempt());
        }
    }

    private static void end(Connection c, Claim claim, String change, Object... values) throws SQLException {
        Object[] all = new Object[values.length + 2];
        System.arraycopy(values, 0, all, 0, values.length);
        all[values.length] = claim.job();
        all[values.length + 1] = claim.token();
        Sql.update(
                c,
                "update job set " + change + ", token = null, worker = null, leased_until = null"
                        + " where id = ? and token = ? and status = 'processing'",
                all);
    }

    /** Who is paused inside this transaction keeps its rows from others for half a lease only, see {@link #hold}. */
    private void impatiently(Connection c) throws SQLException {
        Sql.first(
                c,
                r -> true,
                "select set_config('idle_in_transaction_session_timeout', ?, true)",
                String.valueOf(Math.max(1, lease.toMillis() / 2)));
    }

    private static boolean ended(Connection c, Claim claim) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from attempt where job = ? and attempt = ? and token = ?"
                                + " and outcome not in ('lost', 'cancelled')",
                        claim.job(),
                        claim.attempt(),
                        claim.token())
                .isPresent();
    }

    private static void history(
            Connection c, Claim claim, String outcome, Optional<String> reason, String answers, String result)
            throws SQLException {
        Sql.update(
                c,
                "update attempt set ended_at = clock_timestamp(), outcome = ?, reason = ?, answers = ?::jsonb,"
                        + " result = ?::jsonb where job = ? and attempt = ?",
                outcome,
                reason.map(Mask.ofProcess()::sentence).orElse(null),
                answers,
                result,
                claim.job(),
                claim.attempt());
    }

    private Claim claim(ResultSet r) throws SQLException {
        return new Claim(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                Payload.of(r.getString(4)),
                r.getInt(5),
                r.getLong(6),
                lease.toMillis());
    }
}
