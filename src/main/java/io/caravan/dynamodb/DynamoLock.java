package io.caravan.dynamodb;

import io.caravan.error.AwakeClock;
import io.caravan.error.CaravanException;
import io.caravan.error.LongWait;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.BusyException;
import io.caravan.source.RunLock;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A lock in a table of DynamoDB that the reference system's writers and ours respect together: {@link LockItem} says how.
 *
 * <ul>
 *   <li>free: no item; one that ended longer ago than clocks may differ; one whose owner's process has provably ended here
 *   <li>taken: by a put that expects that there is no item, else by an update that expects the end and owner that were seen
 *   <li>a write whose answer was lost is settled by reading who the owner is
 *   <li>a holder takes its lock for ended that much before the end it wrote, by a clock that nobody sets
 * </ul>
 */
public final class DynamoLock implements RunLock, CamelContextAware {

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

    /** Most clocks of servers differ by much less. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(2);

    private final String table;
    private final String key;
    private final DynamoAccess access;
    private final Duration time;
    private final Duration skew;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private volatile CamelContext context;

    /**
     * A lock as a dataset describes it.
     *
     * @param time how long it lasts unless it is renewed, every third of that
     * @param skew by how much the clocks of those who use it may differ; less than a third of {@code time}
     */
    public DynamoLock(String table, String key, DynamoAccess access, Duration time, Duration skew) {
        this(table, key, access, time, skew, InstantSource.system(), new AwakeClock());
    }

    /** With clocks that a test moves. */
    DynamoLock(
            String table,
            String key,
            DynamoAccess access,
            Duration time,
            Duration skew,
            InstantSource clock,
            LongSupplier nanos) {
        new SettingChecks("lock")
                .must(table.matches("[A-Za-z0-9_.:/-]{1,1024}"), "table_name", "name a table of DynamoDB", table)
                .must(!key.isBlank() && key.length() <= 1024, "key", "have 1 to 1024 characters", key)
                .between("timeout_seconds", time.toSeconds(), 1, 86_400)
                .must(
                        !skew.isNegative() && skew.multipliedBy(3).compareTo(time) < 0,
                        "clock_skew_seconds",
                        "be less than a third of timeout_seconds",
                        skew.toMillis() / 1000.0)
                .check();
        this.table = table;
        this.key = key;
        this.access = access;
        this.time = time;
        this.skew = skew;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public void setCamelContext(CamelContext known) {
        context = known;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Optional<String> check() {
        try {
            item().read();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Held acquire(Asker asker) {
        LockTable item = item();
        long begun = System.nanoTime();
        boolean told = false;
        while (true) {
            Optional<LockItem> seen = item.read();
            if (seen.map(there -> free(there, asker)).orElse(true)) {
                Optional<Held> held = take(item, seen, asker);
                if (held.isPresent()) return held.get();
            } else {
                Duration waited = Duration.ofNanos(System.nanoTime() - begun);
                if (asker.patience().map(most -> waited.compareTo(most) >= 0).orElse(true)) {
                    throw new BusyException(sentence(item, seen.get())
                            + "; wait for it to end, then run again, or run with --wait <seconds>");
                }
                if (!told && waited.compareTo(LongWait.QUIET) > 0) {
                    told = true;
                    asker.notices().accept("waits, as the " + sentence(item, seen.get()));
                }
            }
            pause(item);
        }
    }

    private boolean free(LockItem there, Asker asker) {
        return there.endedBefore(clock.instant().minus(skew))
                || !there.process().isEmpty() && asker.gone().test(there.process());
    }

    /** Ours now, unless somebody was faster. */
    private Optional<Held> take(LockTable table, Optional<LockItem> seen, Asker asker) {
        long asked = nanos.getAsLong();
        LockItem own = new LockItem(
                Optional.of(end()),
                LockItem.seconds(clock.instant())
                        .setScale(0, RoundingMode.FLOOR)
                        .toPlainString(),
                asker.name() + " " + UUID.randomUUID(),
                asker.process(),
                Math.max(seen.map(LockItem::token).orElse(0L), asker.floor().getAsLong()) + 1);
        if (!written(table, seen, own)) return Optional.empty();
        return Optional.of(new HeldLock(table, own, time, skew, asked, this::end, nanos));
    }

    private static boolean written(LockTable table, Optional<LockItem> seen, LockItem own) {
        try {
            boolean done = seen.isEmpty() ? table.create(own) : table.replace(seen.get(), own);
            // what was expected is not there any more when the client sent it again, as the answer was lost
            return done || ours(table, own);
        } catch (UnavailableException e) {
            if (ours(table, own)) return true;
            throw e;
        }
    }

    private static boolean ours(LockTable table, LockItem own) {
        return table.read().filter(item -> item.owner().equals(own.owner())).isPresent();
    }

    /** When a lock ends that is written now: whole seconds, as the reference has them, and not too early. */
    private String end() {
        return LockItem.seconds(clock.instant().plus(time))
                .setScale(0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static String sentence(LockTable table, LockItem there) {
        String owner = there.owner().isEmpty()
                ? "a program that gives no name"
                : there.owner().replaceAll(" [0-9a-f-]{36}$", "");
        return table.shown() + " is held by " + ServerErrors.line(owner) + " since "
                + LockItem.shown(there.acquiredAt()) + " until "
                + LockItem.shown(there.expiration().orElse("")) + " unless renewed";
    }

    private LockTable item() {
        Duration call = time.dividedBy(6);
        if (call.compareTo(LONGEST_CALL) > 0) call = LONGEST_CALL;
        return new LockTable(context, table, key, access, DynamoClients.of(context, access, call));
    }

    private void pause(LockTable table) {
        LockSupport.parkNanos(Math.min(LONGEST_PAUSE.toNanos(), time.toNanos() / 10));
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(table.shown() + ": interrupted while it was waited for", null);
        }
    }
}
