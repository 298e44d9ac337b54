package io.caravan.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AwakeClockTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
    private final AwakeClock clock = new AwakeClock(nanos::get, wallMillis::get);
    private final long began = clock.getAsLong();

    @Test
    void goesAsTheOtherWhileTheMachineIsAwake() {
        for (int i = 1; i <= 10_000; i++) {
            pass(997, 1);
            // in steps, and a little too fast
            if (i % 100 == 0) wallMillis.incrementAndGet();
        }
        assertThat(millis()).isBetween(9_970L, 9_970L + 200);
    }

    @Test
    void countsEachSleepOnce() {
        for (int i = 1; i <= 3; i++) {
            wallMillis.addAndGet(60_000);
            pass(1_000, 1);
            assertThat(millis()).isEqualTo(i * 60_001L);
        }
    }

    @Test
    void doesNotGoBackWithTheClockOnTheWallAndCountsASleepAfterIt() {
        wallMillis.addAndGet(-3_600_000);
        pass(1_000, 1);
        assertThat(millis()).isEqualTo(1);
        wallMillis.addAndGet(60_000);
        assertThat(millis()).isEqualTo(60_001);
    }

    private void pass(long micros, long onTheWall) {
        nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(micros));
        wallMillis.addAndGet(onTheWall);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - began);
    }
}
