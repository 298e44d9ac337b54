package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.endpoint.TestContext;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A network that delays, cuts and drops between source and Sheets: no row is lost, none is there twice. */
@Timeout(120)
class SheetsFaultsTest {

    private static final int SEEDS = 50;
    private static final int ROWS = 1_500;
    /** The tabs, three times, the header, and ranges. */
    private static final int REQUESTS = 19;

    private final SheetsStub stub = new SheetsStub();

    @AfterEach
    void stop() {
        stub.close();
    }

    @Test
    void everyRowIsReadOnce() throws IOException {
        List<String> all = rows(ROWS);
        int fired = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (FaultProxy proxy = new FaultProxy("127.0.0.1:" + stub.server.port())) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    proxy.arm(random.nextInt(REQUESTS / 2), Fault.seeded(random, 6_000));
                }
                assertThat(read(source(proxy))).as("seed " + seed).isEqualTo(all);
                fired += proxy.fired();
            }
        }
        assertThat(fired).isGreaterThan(SEEDS);
    }

    /** Inside the status, the headers or the JSON, of the tabs, both tabs' rows in one answer, or the tabs at the end. */
    @Test
    void anAnswerThatEndsAnywhereIsAskedForAgain() throws IOException {
        List<String> all = new ArrayList<>(rows(3));
        stub.tabs.put("u", new ArrayList<>(List.of(List.of("id"), List.of("in u"))));
        all.add("in u");
        int cases = 0;
        try (FaultProxy proxy = new FaultProxy("127.0.0.1:" + stub.server.port())) {
            SheetsSource source = source(proxy);
            for (int request = 0; request < 4; request++) {
                for (int after = 0; after < 420; after += after < 40 ? 1 : 7) {
                    proxy.arm(request, new Fault(Kind.CUT_REPLY, after));
                    assertThat(read(source))
                            .as("request %d after %d bytes", request, after)
                            .isEqualTo(all);
                    proxy.disarm();
                    cases++;
                }
            }
            assertThat(proxy.fired()).isGreaterThan(cases / 2);
        }
    }

    private List<String> rows(int count) {
        List<List<Object>> rows = new ArrayList<>(List.of(List.of("id", "text")));
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add("k" + i);
            rows.add(List.of("k" + i, "x".repeat(i % 40)));
        }
        stub.tabs.put("t", rows);
        return keys;
    }

    private static SheetsSource source(FaultProxy proxy) {
        SheetsApi api = new SheetsApi(SheetsStub.ID, "", "http://" + proxy.address() + "/", 1_000, 5_000, 8, 1, 5_000);
        return TestContext.knownTo(new SheetsSource(api, "", "*", "id", 1, 100, "", ""));
    }

    private static List<String> read(SheetsSource source) {
        List<String> keys = new ArrayList<>();
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            try (RecordReader reader = source.open(objects.next())) {
                for (var record = reader.read(bad -> {}); record.isPresent(); record = reader.read(bad -> {})) {
                    keys.add(record.get().key());
                }
            }
        }
        return keys;
    }
}
