package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store lost between two runs comes back, in a route as Camel drives it. */
class RollCallRouteTest {

    @TempDir
    Path folder;

    @Test
    void aStoreThatWasEmptiedGetsEverythingAnewInARoute() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,size,text\na,1,x\nb,2,y\n");
        MarkedStore left = new MarkedStore();
        try (ThingsRoute route =
                new ThingsRoute("copy-things", folder, TestStores.freshDatabase(), Optional.of(left))) {
            assertThat(route.run().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(left.store.held).hasSize(2);
            left.store.held.clear();
            left.markers.clear();

            RunReport plan = route.run(RunRequest.of(Mode.PLAN));
            assertThat(plan.notes()).contains("left" + RollCall.LOST);
            assertThat(plan.sinks().get("left").inserts()
                            + plan.sinks().get("left").updates())
                    .isEqualTo(2);
            assertThat(left.store.held).isEmpty();

            RunReport run = route.run();
            assertThat(run.notes()).contains("left" + RollCall.LOST);
            assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.sinks().get("left").written()).isEqualTo(2);
            assertThat(left.store.held).isEqualTo(route.right.held).hasSize(2);

            RunReport last = route.run();
            assertThat(last.notes()).isEmpty();
            assertThat(last.sinks().get("left").written()).isZero();
        }
    }

    @Test
    void aStoreThatRefusesItsMarkerIsNotTakenForLostInEveryRun() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,size,text\na,1,x\nb,2,y\n");
        MarkedStore left = new MarkedStore();
        left.refusing = true;
        try (ThingsRoute route =
                new ThingsRoute("copy-things", folder, TestStores.freshDatabase(), Optional.of(left))) {
            assertThat(route.run().sinks().get("left").written()).isEqualTo(2);
            left.marks = true; // as another process, which has not been refused yet
            RunReport run = route.run();
            assertThat(run.notes()).isEmpty();
            assertThat(run.sinks().get("left").written()).isZero();
        }
    }

    /** A store in memory that keeps markers, unless it refuses them. */
    private static final class MarkedStore implements Sink {

        final MemorySink store = new MemorySink("left");
        final Map<String, String> markers = new ConcurrentHashMap<>();
        volatile boolean refusing;
        volatile boolean marks = true;

        @Override
        public String name() {
            return store.name();
        }

        @Override
        public List<Refusal> write(List<Record> batch) {
            return store.write(batch);
        }

        @Override
        public boolean marks() {
            return marks;
        }

        @Override
        public Optional<String> marker(String owner) {
            return store.held.isEmpty() ? Optional.empty() : Optional.ofNullable(markers.get(owner));
        }

        @Override
        public void mark(String owner, String marker) {
            if (refusing) marks = false;
            else markers.put(owner, marker);
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
            return store.check();
        }
    }
}
