package io.caravan.dynamodb;

import io.caravan.error.CaravanException;
import io.caravan.source.RunLock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that is ours until it is given back, or ends as it could not be renewed in time, or was taken by somebody. */
final class HeldLock implements RunLock.Held {

    private static final Logger LOG = LoggerFactory.getLogger(HeldLock.class);

    private final LockTable table;
    private final LockItem own;
    private final Supplier<String> end;
    private final LongSupplier nanos;
    private final long goodForNanos;
    private final long renewAfterNanos;
    private final ScheduledExecutorService heartbeat;
    private final Object lock = new Object();
    /** Guarded by the lock. */
    private boolean closed;

    private boolean told;
    private Runnable hearer = () -> {};
    private volatile long renewedNanos;
    private volatile boolean lost;

    /** {@code asked}: when the write began by which it became ours; {@code end}: of one that is renewed now. */
    HeldLock(
            LockTable table,
            LockItem own,
            Duration time,
            Duration skew,
            long asked,
            Supplier<String> end,
            LongSupplier nanos) {
        this.table = table;
        this.own = own;
        this.end = end;
        this.nanos = nanos;
        this.goodForNanos = time.minus(skew).toNanos();
        this.renewAfterNanos = time.toNanos() / 3;
        this.renewedNanos = asked;
        this.heartbeat = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread t = new Thread(r, "caravan-lock");
            t.setDaemon(true);
            return t;
        });
        long every = Math.max(1, time.toMillis() / 12);
        heartbeat.scheduleWithFixedDelay(this::beat, every, every, TimeUnit.MILLISECONDS);
    }

    @Override
    public long token() {
        return own.token();
    }

    @Override
    public boolean held() {
        return !lost && nanos.getAsLong() - renewedNanos < goodForNanos;
    }

    @Override
    public boolean confirmed() {
        if (!held()) return false;
        try {
            boolean ours = table.read()
                    .filter(item -> item.owner().equals(own.owner()))
                    .isPresent();
            if (!ours) lose();
        } catch (CaravanException e) {
            LOG.warn("{} was not confirmed: {}", table.shown(), e.getMessage());
        }
        return held();
    }

    @Override
    public String ended() {
        return "the " + table.shown() + " (token " + own.token()
                + ") has ended and another run may have taken over; nothing more is written, run again";
    }

    @Override
    public void whenLost(Runnable told) {
        boolean already;
        synchronized (lock) {
            hearer = told;
            already = this.told;
        }
        if (already) told.run();
    }

    @Override
    public void close() {
        heartbeat.shutdownNow();
        synchronized (lock) {
            if (closed) return;
            closed = true;
            lost = true; // who still has it writes nothing more
            try {
                table.free(own);
            } catch (RuntimeException e) {
                LOG.warn("{} was not given back, it ends by itself: {}", table.shown(), e.getMessage());
            }
        }
    }

    private void beat() {
        try {
            if (held() && nanos.getAsLong() - renewedNanos >= renewAfterNanos) renew();
        } catch (CaravanException e) {
            LOG.warn("{} was not renewed: {}", table.shown(), e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("{} was not renewed", table.shown(), e); // thrown on, it would end the heartbeat
        }
        if (!held()) lose();
    }

    private void renew() {
        synchronized (lock) {
            if (closed) return;
            long asked = nanos.getAsLong();
            if (table.prolong(own, end.get())) renewedNanos = asked;
            else lost = true;
        }
    }

    private void lose() {
        lost = true;
        Runnable hears;
        synchronized (lock) {
            if (closed || told) return;
            told = true;
            hears = hearer;
        }
        LOG.warn("{}", ended());
        hears.run();
    }
}
