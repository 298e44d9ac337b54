package io.caravan.run;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;
import org.slf4j.LoggerFactory;

/**
 * The protocol of docs/ledger.md, in random worlds: runs that die at any durable step, sinks that are down, new, or made
 * by other rules, slices of a backfill and runs beside it, sources that change in every way they can. A world is right if every undisturbed run leaves every sink
 * equal to its source, but for records that may be what became of an unreadable row: these stay as they are.
 *
 * <p>A long campaign: {@code mvn test -Dtest=LedgerProtocolTest -Dcaravan.worlds=20000 [-Dcaravan.seed=1]}. Threads
 * take turns as they like, so a seed gives the same world, but not always the same moment of death.
 */
class LedgerProtocolTest {

    private static TestLedger ledger;

    @BeforeContainer
    static void open() {
        ledger = new TestLedger();
        // each death would be in the log many times
        List.of("io.caravan.ledger.Lease", "com.zaxxer.hikari.pool.ProxyConnection")
                .forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.ERROR));
        end().setLevel(Level.OFF);
    }

    @AfterContainer
    static void close() {
        ledger.close();
        end().setLevel(null);
    }

    private static Logger end() {
        return (Logger) LoggerFactory.getLogger(RunEnd.class);
    }

    @Property(tries = 120)
    void everySinkEqualsItsSource(@ForAll("lives") ActionChain<World> life) {
        life.run().settle();
    }

    @Example
    void everySinkEqualsItsSourceInALongCampaign() {
        int worlds = Integer.getInteger("caravan.worlds", 0);
        long first = Long.getLong("caravan.seed", System.nanoTime());
        for (long seed = first; seed < first + worlds; seed++) {
            ActionChain<World> life =
                    lives().generator(1000).next(new Random(seed)).value();
            try {
                life.run().settle();
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + ", world " + (seed - first) + ": " + life.transformations() + ": " + e, e);
            }
            if ((seed - first + 1) % 100 == 0) System.out.println(seed - first + 1 + " worlds are right");
        }
    }

    @Provide
    ActionChainArbitrary<World> lives() {
        return ActionChain.startWith(() -> new World(ledger))
                .withAction(8, act("insert", numbers(3, 40, 25, 4), n -> w -> w.insert(n[0], n[1], n[2], n[3])))
                .withAction(2, act("remove", numbers(3, 40), n -> w -> w.remove(n[0], n[1])))
                .withAction(2, act("change", numbers(3, 40, 4), n -> w -> w.change(n[0], n[1], n[2])))
                .withAction(2, act("move", numbers(3, 40, 3), n -> w -> w.move(n[0], n[1], n[2])))
                .withAction(2, act("spoil", numbers(3, 40, 8), n -> w -> w.spoil(n[0], n[1], n[2])))
                .withAction(1, act("shuffle", numbers(3, 1000), n -> w -> w.shuffle(n[0], n[1])))
                .withAction(1, act("repeat batch", numbers(3, 20), n -> w -> w.repeatBatch(n[0], n[1])))
                .withAction(1, act("drop", numbers(3), n -> w -> w.drop(n[0])))
                .withAction(1, act("touch", numbers(3), n -> w -> w.touch(n[0])))
                .withAction(1, act("revert", numbers(12), n -> w -> w.revert(n[0])))
                .withAction(1, act("add sink", numbers(1), n -> World::addSink))
                .withAction(1, act("generation", numbers(4), n -> w -> w.changeGeneration(n[0])))
                .withAction(3, run("run", n -> down -> w -> w.runAndCheck(down, n % 4 == 0, n % 4 == 1)))
                .withAction(3, run("run and die", n -> down -> w -> w.runAndDie(n, down)))
                .withAction(2, run("slice and die", n -> down -> w -> w.sliceAndDie(n % 3, n % 2 == 0, n, down)))
                .withMaxTransformations(30);
    }

    private interface Act<T> {
        Consumer<World> with(T arguments);
    }

    private static Action.Independent<World> act(String name, Arbitrary<int[]> numbers, Act<int[]> act) {
        return () -> numbers.map(n -> Transformer.mutate(
                name + ' ' + Arrays.toString(n), w -> act.with(n).accept(w)));
    }

    /** A run with each sink down once in five times, and a number up to the most durable steps it may have. */
    private static Action.Independent<World> run(String name, Function<Integer, Act<Set<Integer>>> act) {
        Arbitrary<Set<Integer>> down = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(Set.of())),
                Tuple.of(
                        2,
                        Arbitraries.integers().between(0, 3).set().ofMinSize(1).ofMaxSize(2)));
        return () -> Combinators.combine(Arbitraries.integers().between(1, 150), down)
                .as((n, d) -> Transformer.mutate(
                        name + ' ' + n + ", down " + d,
                        w -> act.apply(n).with(d).accept(w)));
    }

    /** So many numbers, each below its bound. */
    private static Arbitrary<int[]> numbers(int... bounds) {
        Arbitrary<int[]> all = Arbitraries.just(new int[0]);
        for (int bound : bounds) {
            all = Combinators.combine(all, Arbitraries.integers().between(0, bound - 1))
                    .as((some, next) -> {
                        int[] more = Arrays.copyOf(some, some.length + 1);
                        more[some.length] = next;
                        return more;
                    });
        }
        return all;
    }
}
