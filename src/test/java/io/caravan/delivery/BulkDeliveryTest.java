package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.LeaseLostException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.SealedSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class BulkDeliveryTest {

    private final BulkDelivery delivery = new BulkDelivery(3, Duration.ZERO);

    @Property(tries = 500)
    void everythingButTheGuiltyIsDeliveredAndFewCallsTellThemApart(
            @ForAll @IntRange(min = 1, max = 2000) int count,
            @ForAll @Size(max = 12) @UniqueElements List<@IntRange(max = 1999) Integer> poison) {
        Set<String> guilty =
                poison.stream().filter(i -> i < count).map(i -> "k" + i).collect(Collectors.toSet());
        Store store = new Store(batch -> {
            if (batch.stream().anyMatch(r -> guilty.contains(r.key()))) throw new IllegalStateException("cannot hold");
            return List.of();
        });
        List<Refusal> refused = delivery.deliver(store, records(count), () -> {});
        assertThat(refused).extracting(r -> r.record().key()).containsExactlyInAnyOrderElementsOf(guilty);
        assertThat(refused).extracting(Refusal::reason).allMatch("cannot hold"::equals);
        assertThat(store.held).hasSize(count - guilty.size()).noneMatch(guilty::contains);
        assertThat(store.taken).isEqualTo(count - guilty.size());
        int halvings = 32 - Integer.numberOfLeadingZeros(count - 1);
        assertThat(store.calls).isLessThanOrEqualTo(2 * guilty.size() * halvings + 1);
    }

    @Property(tries = 200)
    void whatTheStoreRefusesOneByOneComesBackFromOneCall(
            @ForAll @IntRange(min = 1, max = 500) int count, @ForAll @IntRange(min = 1, max = 7) int every) {
        Store store = new Store(batch -> batch.stream()
                .filter(r -> r.origin().line() % every == 0)
                .map(r -> new Refusal(r, "too long"))
                .toList());
        List<Record> batch = records(count);
        List<Refusal> refused = delivery.deliver(store, batch, () -> {});
        assertThat(store.calls).isEqualTo(1);
        assertThat(refused).hasSize(count / every).extracting(Refusal::reason).allMatch("too long"::equals);
        assertThat(BulkDelivery.taken(batch, refused))
                .hasSize(count - count / every)
                .noneMatch(r -> r.origin().line() % every == 0);
    }

    @Test
    void aStoreThatWasSilentForLongIsNotAskedAgain() {
        Store silent = new Store(batch -> {
            throw new UnavailableException("store: no answer in time", null);
        });
        assertThatThrownBy(
                        () -> new BulkDelivery(3, Duration.ZERO, Duration.ZERO).deliver(silent, records(1), () -> {}))
                .isInstanceOf(UnavailableException.class);
        assertThat(silent.calls).isEqualTo(1);
        assertThatThrownBy(() ->
                        new BulkDelivery(3, Duration.ZERO, Duration.ofHours(1)).deliver(silent, records(1), () -> {}))
                .isInstanceOf(UnavailableException.class);
        assertThat(silent.calls).isEqualTo(5);
    }

    @Test
    void aStoreGetsTheTextsOfSealedValuesAndRefusesTheRecordsThemselves() {
        SealedSample dob = new SealedSample("1990");
        Record sealed = Record.read("k1", Fields.of("dob"), new Object[] {dob}, new Origin("x", 1));
        List<Object> got = new ArrayList<>();
        Store store = new Store(batch -> {
            got.add(batch.get(0).at(0));
            return List.of(new Refusal(batch.get(0), "too long"));
        });
        assertThat(delivery.deliver(store, List.of(sealed), () -> {}))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.record()).isSameAs(sealed));
        assertThat(got).containsExactly(dob.text());
    }

    @Test
    void refusalsOfBothKindsAreCollected() {
        Store store = new Store(batch -> {
            if (batch.size() > 1) throw new IllegalStateException("all or nothing");
            return batch.get(0).key().equals("k1") ? List.of(new Refusal(batch.get(0), "refused")) : List.of();
        });
        assertThat(delivery.deliver(store, records(4), () -> {}))
                .extracting(r -> r.record().key() + " " + r.reason())
                .containsExactly("k1 refused");
        assertThat(store.calls).isEqualTo(7);
    }

    @Test
    void aStoreThatIsAwayIsTriedAgainAndThenGivenUpWithoutBlamingARecord() {
        Store store = new Store(batch -> {
            throw new UnavailableException("store: cannot be reached", null);
        });
        assertThatThrownBy(() -> delivery.deliver(store, records(8), () -> {}))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("store: cannot be reached");
        assertThat(store.calls).isEqualTo(4);
        assertThat(store.sizes).containsOnly(8);
    }

    @Test
    void aStoreThatComesBackTakesTheBatch() {
        AtomicInteger away = new AtomicInteger(2);
        Store store = new Store(batch -> {
            if (away.getAndDecrement() > 0) throw new UnavailableException("store: throttled", null);
            return List.of();
        });
        assertThat(delivery.deliver(store, records(8), () -> {})).isEmpty();
        assertThat(store.calls).isEqualTo(3);
        assertThat(store.held).hasSize(8);
    }

    @Test
    void thePausesGrow() {
        Store store = new Store(batch -> {
            throw new UnavailableException("store: cannot be reached", null);
        });
        long start = System.nanoTime();
        assertThatThrownBy(() -> new BulkDelivery(3, Duration.ofMillis(20)).deliver(store, records(1), () -> {}))
                .isInstanceOf(UnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(140));
    }

    @Test
    void aStoreThatCannotBeUsedAsConfiguredFailsAtOnce() {
        Store store = new Store(batch -> {
            throw new ConfigurationException("store: password must be right");
        });
        assertThatThrownBy(() -> delivery.deliver(store, records(8), () -> {}))
                .isInstanceOf(ConfigurationException.class);
        assertThat(store.calls).isEqualTo(1);
    }

    @Test
    void aStoreThatGoesAwayWhileTheGuiltyAreSoughtBlamesNobody() {
        Store store = new Store(batch -> {
            if (batch.size() == 1) throw new UnavailableException("store: cannot be reached", null);
            throw new IllegalStateException("cannot hold");
        });
        assertThatThrownBy(() -> delivery.deliver(store, records(8), () -> {}))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void nothingIsWrittenOnceThereIsNoPermission() {
        Store store = new Store(batch -> {
            throw new IllegalStateException("cannot hold");
        });
        BulkDelivery.Permit permission = () -> {
            if (store.calls == 3) throw new LeaseLostException("the lease has ended");
        };
        assertThatThrownBy(() -> delivery.deliver(store, records(64), permission))
                .isInstanceOf(LeaseLostException.class);
        assertThat(store.calls).isEqualTo(3);
    }

    @Test
    void aStoreThatIsAwayIsNotTriedAgainWithoutPermission() {
        Store store = new Store(batch -> {
            throw new UnavailableException("store: cannot be reached", null);
        });
        BulkDelivery.Permit permission = () -> {
            if (store.calls == 2) throw new LeaseLostException("the lease has ended");
        };
        assertThatThrownBy(() -> delivery.deliver(store, records(64), permission))
                .isInstanceOf(LeaseLostException.class);
        assertThat(store.calls).isEqualTo(2);
    }

    @Test
    void anInterruptedPauseGivesUpAndKeepsTheInterrupt() {
        Store store = new Store(batch -> {
            Thread.currentThread().interrupt();
            throw new UnavailableException("store: cannot be reached", null);
        });
        assertThatThrownBy(() -> new BulkDelivery(10, Duration.ofSeconds(60)).deliver(store, records(1), () -> {}))
                .isInstanceOf(UnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.calls).isEqualTo(1);
    }

    @Test
    void aReasonIsNeverEmpty() {
        Store store = new Store(batch -> {
            throw new IllegalStateException();
        });
        assertThat(delivery.deliver(store, records(1), () -> {}))
                .extracting(Refusal::reason)
                .singleElement()
                .asString()
                .matches(
                        "a fault of Caravan itself \\(in delivery, aReasonIsNeverEmpty at line \\d+\\), please report it");
    }

    @Test
    void itsSettingsAreCheckedTogether() {
        assertThatThrownBy(() -> new BulkDelivery(11, Duration.ofMinutes(2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("delivery: retries must be 0 to 10, got '11'")
                .hasMessageContaining("delivery: retryDelayMillis must be 0 to 60000, got '120000'");
    }

    private static List<Record> records(int count) {
        Fields id = Fields.of("id");
        return IntStream.range(0, count)
                .mapToObj(i -> Record.read("k" + i, id, new Object[] {"k" + i}, new Origin("o", i + 1), new Hash(i, i)))
                .toList();
    }

    /** A store that answers each bulk write as it is told, and holds what it did not refuse. */
    private static final class Store implements Sink {

        final Set<String> held = new TreeSet<>();
        final List<Integer> sizes = new ArrayList<>();
        int calls;
        int taken;
        private final Answer answer;

        Store(Answer answer) {
            this.answer = answer;
        }

        @Override
        public String name() {
            return "store";
        }

        @Override
        public List<Refusal> write(List<Record> batch) {
            calls++;
            sizes.add(batch.size());
            List<Refusal> refused = answer.to(batch);
            List<Record> kept = BulkDelivery.taken(batch, refused);
            taken += kept.size();
            kept.forEach(r -> held.add(r.key()));
            return refused;
        }

        @Override
        public Stream<String> keys() {
            return held.stream();
        }

        @Override
        public Set<String> differing(List<Record> batch) {
            return Set.of();
        }

        @Override
        public Optional<String> check() {
            return Optional.empty();
        }
    }

    private interface Answer {
        List<Refusal> to(List<Record> batch);
    }
}
