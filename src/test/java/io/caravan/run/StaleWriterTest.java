package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.CaravanException;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.record.Hash;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Faults 1 to 3 of issue 20: a run that lost its lease, or only the connection of it, is fenced from its sinks, or what it
 * still writes is repaired by the next run, at whatever moment of it that happens: each statement to the ledger, and each
 * record that a sink takes, also while it flushes.
 */
class StaleWriterTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    @Test
    void aConnectionThatIsCutLetsNobodyTakeOver() {
        int moments = atEveryMoment((worlds, moment) -> {
            worlds.cutLeaseConnection();
            assertThatThrownBy(() -> worlds.open(ledger.pool, Duration.ZERO)).isInstanceOf(LeaseHeldException.class);
        });
        System.out.println("StaleWriterTest: lease connection cut at " + moments + " moments");
        assertThat(moments).isGreaterThan(60);
    }

    @Test
    void aRunThatIsOverruledIsRepairedByTheNext() {
        int moments = atEveryMoment((world, moment) -> {
            world.takeOver(moment);
            world.overruled = true;
        });
        System.out.println("StaleWriterTest: overruled at " + moments + " moments");
        assertThat(moments).isGreaterThan(60);
    }

    /** At every third moment; all of them with {@code -Dcaravan.moments.step=1}. */
    @Test
    void aRunThatIsOverruledIsRepairedAlsoWhenItCannotSayWhatItWrote() {
        int moments = atEvery(Integer.getInteger("caravan.moments.step", 3), (world, moment) -> {
            world.takeOver(moment);
            world.overruled = true;
            world.mute = true;
            moment.cutOff();
        });
        System.out.println("StaleWriterTest: overruled and cut off from the ledger at " + moments + " moments");
        assertThat(moments).isGreaterThan(20);
    }

    /** Tries one moment after the other until a run has no more; how many were tried. */
    private static int atEveryMoment(BiConsumer<World, Moments> event) {
        return atEvery(1, event);
    }

    private static int atEvery(int step, BiConsumer<World, Moments> event) {
        int tried = 0;
        for (int at = 1; ; at += step, tried++) {
            World world = new World();
            if (!world.happens(at, event)) return tried;
        }
    }

    /** A pipeline with a sink that writes at once and one that gathers, and a run of it to which something happens. */
    private static final class World {

        private final Things things = new Things(ledger);
        private final GatheringSink gathering = new GatheringSink("right");
        private Moments moments;
        boolean overruled;
        boolean mute;

        World() {
            things.sinks = List.of(things.left, gathering);
            things.object("a", "kept=1", "changed=1", "gone=1", "last=1");
            things.object("b", "other=1", "goes=1");
        }

        boolean happens(int at, BiConsumer<World, Moments> event) {
            assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
            things.object("a", "kept=1", "changed=2", "gone=2", "last=2", "back=1");
            things.object("b", "other=1", "goes=2");
            Runnable once = () -> event.accept(this, moments);
            moments = new Moments(ledger.pool, at, once);
            things.left.meddler = position -> moments.pass("left at " + position);
            gathering.meddler = position -> moments.pass("flush at " + position);
            things.leaseMillis = 400; // of this run alone: a busy machine stops the others for longer
            List<String> problems = late();
            if (!moments.happened()) return false;
            moments.rethrow();
            things.left.meddler = position -> {};
            gathering.meddler = position -> {};
            things.leaseMillis = 30_000;
            if (!overruled) assertThat(problems).as("at %s", moments.where()).isEmpty();
            RunReport next = things.run();
            assertThat(next.problems()).as("at %s", moments.where()).isEmpty();
            assertThat(things.left.held)
                    .as("left, overruled at %s", moments.where())
                    .isEqualTo(expected());
            assertThat(gathering.held)
                    .as("right, overruled at %s", moments.where())
                    .isEqualTo(expected());
            if (!mute) {
                assertThat(things.run().sinks().values())
                        .as("at %s", moments.where())
                        .allMatch(s -> s.written() + s.deleted() == 0);
            }
            return true;
        }

        /** The run that something happens to; it may be overruled before it has begun. */
        private List<String> late() {
            try {
                Session session = open(moments.database(), Duration.ofSeconds(20));
                return Loop.run(session, things.steps, things.sinks).problems();
            } catch (CaravanException e) {
                return List.of(e.getMessage());
            }
        }

        private Map<String, Hash> expected() {
            return things.memory.expected().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, e -> e.getValue().hash(), (x, y) -> x, TreeMap::new));
        }

        Session open(DataSource database, Duration patience) {
            return things.open(RunRequest.of(Mode.RUN).waiting(Optional.of(patience)), database);
        }

        /** As a failover or a firewall does; the run itself goes on. */
        void cutLeaseConnection() {
            ledger.texts(
                    "select pg_terminate_backend(l.pid)::text from pg_locks l join pg_stat_activity a on a.pid = l.pid"
                            + " where l.locktype = 'advisory' and l.granted and a.datname = current_database()");
        }

        /** Another run takes over as if this one had been paused past its lease, and delivers something else to the end. */
        void takeOver(Moments moment) {
            moment.renewNothing();
            things.object("a", "kept=1", "changed=3", "last=2");
            things.memory.objects.remove("b");
            ledger.execute("update ledger.lease set expires_at = clock_timestamp()");
            GatheringSink others = new GatheringSink("right", gathering.held);
            int leaseMillis = things.leaseMillis;
            things.leaseMillis = 30_000;
            RunReport other =
                    Loop.run(open(ledger.pool, Duration.ofSeconds(20)), things.steps, List.of(stale(), others));
            things.leaseMillis = leaseMillis;
            // the overruled run's other threads go on: what they note meanwhile, this run hears of
            assertThat(other.problems())
                    .allMatch(p -> p.contains("an earlier run wrote to it after its lease had ended; run again"));
        }

        /** The other process's writer to the same store: the lock of an object in memory keeps nobody out. */
        private MemorySink stale() {
            return new MemorySink("left", things.left.held);
        }
    }
}
