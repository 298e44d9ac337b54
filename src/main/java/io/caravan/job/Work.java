package io.caravan.job;

import io.caravan.error.AwakeClock;
import io.caravan.error.CaravanException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers of one process have taken: hands out claim after claim until no job is left to do anywhere, and keeps
 * their leases alive. Thread-safe.
 */
public final class Work implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    /** One that could be begun may be in the hands of somebody who looks at it. */
    private static final long SHORTEST_WAIT_MILLIS = 50;

    private final JobDatabase database;
    private final Claims claims;
    private final int batchSize;
    private final Queue<Claim> waiting = new ArrayDeque<>();
    private final AwakeClock clock = new AwakeClock();
    private final long leaseNanos;
    private final Consumer<Claim> lost;
    private final Map<Long, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService heartbeat;
    private long taken;
    /** Set without the monitor, which who waits for the database holds. */
    private volatile boolean stopped;

    private volatile boolean cut;

    /** A claim, and how long it cannot have ended. */
    private record Held(Claim claim, long untilNanos) {}

    /**
     * @param leaseMillis of a claim; it is renewed every third of it
     * @param lost hears of claims that were found to be somebody else's
     */
    public Work(JobDatabase database, Claims claims, int batchSize, long leaseMillis, Consumer<Claim> lost) {
        this.database = database;
        this.claims = claims;
        this.batchSize = batchSize;
        this.leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
        this.lost = lost;
        this.heartbeat = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "caravan-claims");
            thread.setDaemon(true);
            return thread;
        });
        long every = leaseMillis / 3;
        heartbeat.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    /**
     * The next claim. Waits while jobs are in other workers' hands, as they may come back; empty when there is none any more.
     * Errors as {@link JobDatabase#patiently}.
     */
    public synchronized Optional<Claim> next() {
        while (!stopped) {
            Claim claim = waiting.poll();
            if (claim != null) return Optional.of(claim);
            AtomicLong asked = new AtomicLong();
            List<Claim> batch = database.patiently(c -> {
                claims.takeBack(c);
                asked.set(clock.getAsLong());
                return claims.take(c, batchSize);
            });
            taken += batch.size();
            batch.forEach(b -> held.put(b.job(), new Held(b, asked.get() + leaseNanos)));
            waiting.addAll(batch);
            if (batch.isEmpty() && !waitForOthers()) return Optional.empty();
        }
        cut = true;
        return Optional.empty();
    }

    /** Whether the claim, by all that is known here, is ours still. */
    public boolean holds(Claim claim) {
        Held known = held.get(claim.job());
        return known != null && known.claim().token() == claim.token() && known.untilNanos() - clock.getAsLong() > 0;
    }

    /** The claim is over, however it ended: its lease is not renewed any more. */
    public void done(Claim claim) {
        held.remove(claim.job());
        synchronized (this) {
            notifyAll();
        }
    }

    /** Hands out no more. */
    public void stop() {
        stopped = true;
        synchronized (this) {
            notifyAll();
        }
    }

    /** Whether somebody asked for a job after the stop, and got none. */
    public boolean cut() {
        return cut;
    }

    /** Hands out no more; what is in hand goes back too, and who still works at it finds that out. */
    public void abandon() {
        stopped = true;
        database.in(c -> {
            Claims.release(c, held());
            return null;
        });
    }

    /** How many claims were handed out or wait to be. */
    public synchronized long taken() {
        return taken;
    }

    /** Hands out no more; what was taken and not begun goes back at once. */
    @Override
    public void close() {
        stop();
        List<Claim> rest;
        synchronized (this) {
            rest = new ArrayList<>(waiting);
            waiting.clear();
        }
        heartbeat.shutdownNow();
        if (rest.isEmpty()) return;
        try {
            database.in(c -> {
                Claims.release(c, rest);
                return null;
            });
        } catch (CaravanException e) {
            LOG.warn(
                    "{} jobs were not given back, they come back when their leases end: {}",
                    rest.size(),
                    e.getMessage());
        }
    }

    /** Waits for a change; false when nobody has a job in hand and none waits for its time. */
    private boolean waitForOthers() {
        Optional<Long> millis = database.patiently(claims::millisToNextChange);
        if (millis.isEmpty()) return false;
        try {
            wait(Math.max(SHORTEST_WAIT_MILLIS, Math.min(LONGEST_WAIT_MILLIS, millis.get())));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Claim> held() {
        return held.values().stream().map(Held::claim).toList();
    }

    /** Also puts back what others lost: who is busy with a batch would find out much later. */
    private void renew() {
        if (held.isEmpty()) return;
        try {
            List<Claim> ours = held();
            long asked = clock.getAsLong();
            Set<Long> renewed = database.in(c -> {
                Set<Long> still = claims.renew(c, ours);
                claims.takeBack(c);
                return still;
            });
            for (Claim claim : ours) {
                if (renewed.contains(claim.job())) {
                    held.computeIfPresent(
                            claim.job(),
                            (job, now) ->
                                    now.claim().token() == claim.token() ? new Held(claim, asked + leaseNanos) : now);
                } else {
                    Held now = held.get(claim.job());
                    if (now != null && now.claim().token() == claim.token() && held.remove(claim.job(), now))
                        lost.accept(claim);
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("the leases of {} jobs were not renewed: {}", held.size(), e.getMessage());
        }
    }
}
