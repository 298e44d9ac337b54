package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import io.caravan.error.UnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackgroundWorkTest {

    private static final Runnable NOTHING = () -> {};

    @Test
    void doesEachPieceAfterTheOneBeforeWhileTheCallerGoesOn() throws InterruptedException {
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (BackgroundWork behind = new BackgroundWork("things")) {
            behind.begin(() -> {
                begun.countDown();
                await(goOn);
                done.add(0);
            });
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(done).isEmpty();
            goOn.countDown();
            for (int i = 1; i < 1_000; i++) {
                int piece = i;
                behind.begin(() -> done.add(piece));
            }
            behind.settle();
            assertThat(done).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
        }
    }

    @Test
    void doesNothingBehindAPieceThatFailedUntilThatIsForgotten() {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        try (BackgroundWork behind = new BackgroundWork("things")) {
            behind.begin(() -> {
                throw new UnavailableException("things: no room", null);
            });
            assertThatThrownBy(() -> behind.begin(() -> done.add("lost")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("things: no room");
            assertThatThrownBy(behind::settle).hasMessage("things: no room");
            assertThatThrownBy(() -> behind.begin(NOTHING)).hasMessage("things: no room");
            behind.forget();
            behind.begin(() -> done.add("again"));
            behind.settle();
            assertThat(done).containsExactly("again");
        }
    }

    @Test
    void blamesNoRecordsForWhatNobodyExpected() {
        try (BackgroundWork behind = new BackgroundWork("things")) {
            behind.begin(() -> {
                throw new IllegalStateException("broken");
            });
            assertThatThrownBy(behind::settle)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("things: gathering failed: java.lang.IllegalStateException: broken");
            behind.forget();
            behind.begin(() -> {
                throw new BadRecordException("record: field must be sound");
            });
            assertThatThrownBy(() -> behind.begin(NOTHING)).isInstanceOf(UnavailableException.class);
            behind.forget();
            behind.begin(() -> {
                throw new OutOfMemoryError("made up");
            });
            assertThatThrownBy(behind::settle).hasMessageContaining("OutOfMemoryError: made up");
        }
    }

    @Test
    void anInterruptedCallerWaitsForThePieceWhenItForgets() {
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        try (BackgroundWork behind = new BackgroundWork("things")) {
            behind.begin(() -> {
                await(goOn);
                done.add("done");
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(behind::settle).hasMessage("things: interrupted");
            goOn.countDown();
            behind.forget();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done).containsExactly("done");
            assertThatCode(behind::settle).doesNotThrowAnyException();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
