package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignalsTest {

    private final Signals signals = new Signals(new Screen().terminal());
    private final AtomicBoolean ended = new AtomicBoolean();

    /** What it was told to do; {@code stop} ends a process in which nothing has begun. */
    private static final class Told implements Signals.Task {

        private final List<String> all = new ArrayList<>();

        @Override
        public void stop(String by) {
            all.add("stop by " + by);
        }

        @Override
        public void ask(String by) {
            all.add("asked by " + by);
        }

        @Override
        public void abandon() {
            all.add("abandoned");
        }

        @Override
        public int code(int own, int signal) {
            return own;
        }
    }

    /** Else the process would end some seconds later. */
    @AfterEach
    void end() {
        ended.set(true);
    }

    @Test
    void whoseTimeIsOverIsAskedToEndAsTheProcessMayGoOn() {
        Told present = new Told();
        signals.begin(present);
        signals.timeIsOver("its timeout", ended::get);
        assertThat(present.all).containsExactly("asked by its timeout");
    }

    @Test
    void whatBeginsAfterItsTimeIsAskedToEndAndWhatComesNextIsNot() {
        signals.timeIsOver("its timeout", ended::get);
        Told late = new Told();
        signals.begin(late);
        assertThat(late.all).containsExactly("asked by its timeout");
        ended.set(true);
        Told next = new Told();
        signals.begin(next);
        assertThat(next.all).isEmpty();
    }
}
