package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.Peers;
import io.caravan.delivery.BulkDelivery;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network that delays, cuts and swallows replies between sink and server: nothing is lost, nothing is there twice. */
@Timeout(60)
class MilvusFaultsIT {

    private static final BulkDelivery DELIVERY = new BulkDelivery(10, Duration.ofMillis(1));

    private static final AtomicInteger FAULTS = new AtomicInteger();
    private static TestMilvus milvus;

    @BeforeAll
    static void start() {
        milvus = new TestMilvus();
    }

    @AfterAll
    static void stop() {
        if (milvus == null) return;
        milvus.close();
        assertThat(FAULTS).as("faults of all cases").hasValueGreaterThan(100);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void holdsExactlyWhatWasWritten(long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, Record> world = new HashMap<>();
        VectorCollection collection = new VectorCollection(
                "faults_" + seed,
                COLLECTION.keyField(),
                COLLECTION.vectorField(),
                COLLECTION.dimensions(),
                COLLECTION.scalarFields());
        try (FaultProxy proxy = new FaultProxy(Peers.address("milvus-lite"));
                MilvusSink sink = milvus.sink("http://" + proxy.address(), collection, "")) {
            for (int batch = 0; batch < 4; batch++) {
                for (int i = random.nextInt(3); i > 0; i--) proxy.arm(Fault.seeded(random, 20_000));
                if (random.nextInt(3) == 0) sink.close();
                List<Record> changes = IntStream.range(0, 300)
                        .filter(i -> random.nextInt(3) == 0)
                        .mapToObj(i -> random.nextInt(4) == 0
                                ? gone("k" + i)
                                : record("k" + i, "u" + random.nextInt(9), random.nextFloat(), random.nextFloat()))
                        .toList();
                assertThat(DELIVERY.deliver(sink, changes, () -> {})).isEmpty();
                for (Record record : changes) {
                    if (record.deleted()) world.remove(record.key());
                    else world.put(record.key(), record);
                }
            }
            complete(sink);
            proxy.disarm();
            FAULTS.addAndGet(proxy.fired());
        }
        try (MilvusSink direct = milvus.sink(collection, "")) {
            assertThat(VectorSinkContract.keys(direct)).containsExactlyInAnyOrderElementsOf(world.keySet());
            assertThat(direct.differing(new ArrayList<>(world.values()))).isEmpty();
        }
    }

    private static void complete(MilvusSink sink) {
        for (int attempt = 0; ; attempt++) {
            try {
                sink.complete();
                return;
            } catch (UnavailableException e) {
                if (attempt == 10) throw e;
            }
        }
    }
}
