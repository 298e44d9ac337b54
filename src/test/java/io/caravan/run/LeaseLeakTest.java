package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault 4 of issue 20: whatever a sink does at a run's end, the lease ends with the run. */
class LeaseLeakTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @Test
    void theLeaseEndsWhateverTheEndOfARunMeets() {
        Map<String, Consumer<Broken>> ways = new LinkedHashMap<>();
        ways.put("discard", s -> s.discard = true);
        ways.put("flush", s -> s.flush = true);
        ways.put("flush and discard", s -> s.flush = s.discard = true);
        ways.put("complete", s -> s.complete = true);
        ways.put("last", s -> s.last = true);
        ways.forEach((way, breaks) -> {
            for (Mode mode : List.of(Mode.RUN, Mode.REPLAY, Mode.REPAIR)) {
                Things broken = new Things(ledger);
                broken.object("a", "one=1", "bad=2");
                Broken sink = new Broken();
                broken.sinks = List.of(broken.left, sink);
                if (mode != Mode.RUN) {
                    broken.left.poison = r -> r.key().equals("bad");
                    assertThat(broken.run().problems()).as("before %s", way).isEmpty();
                    broken.left.poison = r -> false;
                    sink.held.clear();
                }
                breaks.accept(sink);
                RunReport report = Loop.run(broken.open(RunRequest.of(mode)), broken.steps, broken.sinks);
                if (mode == Mode.RUN) assertThat(report.status()).as(way).isEqualTo(Status.FAILED);
                sink.repair();
                RunReport next = Loop.run(
                        broken.open(RunRequest.of(Mode.RUN).waiting(Optional.of(Duration.ZERO))),
                        broken.steps,
                        broken.sinks);
                assertThat(next.problems()).as("%s after %s", way, mode).isEmpty();
            }
        });
    }

    @Test
    void theLeaseEndsWhenWhoListensThrows() {
        things.object("a", "one=1");
        RunRequest request = RunRequest.of(Mode.RUN).heardBy(run -> {
            throw new IllegalStateException("a listener with a bug");
        });
        assertThatThrownBy(() -> things.open(request)).hasMessage("a listener with a bug");
        assertThat(things.run(RunRequest.of(Mode.RUN).waiting(Optional.of(Duration.ZERO)))
                        .status())
                .isEqualTo(Status.SUCCEEDED);
    }

    /** A sink in memory that breaks where it is told to. */
    private static final class Broken implements Sink {

        final Map<String, Hash> held = new TreeMap<>();
        private final MemorySink store = new MemorySink("right", held);
        boolean discard;
        boolean flush;
        boolean complete;
        boolean last;

        void repair() {
            discard = flush = complete = last = false;
        }

        @Override
        public String name() {
            return "right";
        }

        @Override
        public List<Refusal> write(List<Record> batch) {
            return store.write(batch);
        }

        @Override
        public List<Refusal> flush() {
            if (flush) throw new NoClassDefFoundError("a library without a part of it");
            return List.of();
        }

        @Override
        public void complete() {
            if (complete) throw new IllegalStateException("a publication with a bug");
        }

        @Override
        public void discard() {
            if (discard) throw new IllegalStateException("a spool that cannot be deleted");
        }

        @Override
        public boolean last() {
            if (last) throw new IllegalStateException("a setting nobody understands");
            return false;
        }

        @Override
        public Stream<String> keys() {
            return store.keys();
        }

        @Override
        public Set<String> differing(List<Record> batch) {
            return store.differing(batch);
        }

        @Override
        public Optional<String> check() {
            return Optional.empty();
        }
    }
}
