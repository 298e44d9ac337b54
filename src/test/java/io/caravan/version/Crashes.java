package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.object.ObjectStore;
import io.caravan.record.Record;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Dies at each write of a run, once before it is done and once after. */
final class Crashes {

    private static final String DAY_4 = "2031-03-04T00:00:00-03:00";
    private static final String DAY_5 = "2031-03-05T00:00:00-03:00";
    private static final String APRIL = "2031-04-01T00:00:00-03:00";
    private static final Record[] FIRST = {Rates.point("A", DAY_4, 1), Rates.point("B", DAY_4, 1)};
    private static final Record[] SECOND = {
        Rates.point("A", DAY_4, 2), Rates.gone("B", DAY_4), Rates.point("A", APRIL, 3), Rates.point("C", DAY_5, 4)
    };
    private static final Map<String, String> WANTED =
            Map.of("A|" + DAY_4, "2.0", "A|" + APRIL, "3.0", "C|" + DAY_5, "4.0");

    private Crashes() {}

    /** At every write; {@code empty} makes a store for each, by a name of its own. Returns how many crashes there were. */
    static int prove(Function<String, ObjectStore> empty) {
        return prove(empty, 0, 1);
    }

    /** The same at one write of {@code step}, beginning with {@code from}. */
    static int prove(Function<String, ObjectStore> empty, int from, int step) {
        int crashes = 0;
        boolean finished = false;
        for (int at = from; !finished; at += step) {
            for (boolean done : new boolean[] {false, true}) {
                String point = at + (done ? "-after" : "-before");
                ObjectStore own = empty.apply(point);
                publish(own, 1, FIRST);
                Map<String, String> old = Rates.history(own);
                DyingStore dying = new DyingStore(own, at, done);
                try {
                    publish(dying, 2, SECOND);
                    finished = true;
                } catch (DyingStore.Dead e) {
                    crashes++;
                }
                assertThat(Rates.history(own)).as("write " + point).isIn(old, WANTED);
                publish(own, 3, SECOND);
                assertThat(Rates.history(own)).isEqualTo(WANTED);
                assertThat(Rates.projected(own)).as("write " + point).isEqualTo(WANTED);
                assertThat(Rates.versions(own).list()).hasSize(2);
                own.close();
            }
        }
        return crashes;
    }

    private static void publish(ObjectStore store, long token, Record... points) {
        VersionsSink sink = Rates.sink(store);
        sink.fencedBy(Rates.token(token));
        assertThat(sink.write(List.of(points))).isEmpty();
        assertThat(sink.flush()).isEmpty();
    }
}
