package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldBatchesTest {

    @Test
    void whatDoesNotFitIntoMemoryComesBackFromAFileAsItWas() {
        Fields fields = Fields.of("id", "n", "t", "m");
        List<List<Record>> batches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Object[] values = {
                "k" + i, new BigDecimal("1.50"), Instant.EPOCH, Map.of("a", Arrays.asList(1L, null, "é\n"))
            };
            batches.add(List.of(Record.read("k" + i, fields, values, new Origin("a", "B", i))
                    .changedIn(7)));
        }
        try (HeldBatches held = new HeldBatches(500)) {
            batches.forEach(held::add);
            List<List<Record>> back = new ArrayList<>();
            held.release(back::add);
            assertThat(held.isEmpty()).isTrue();
            assertThat(back).hasSameSizeAs(batches);
            for (int i = 0; i < back.size(); i++) {
                Record record = back.get(i).get(0);
                Record was = batches.get(i).get(0);
                Hash hash = was.hash();
                assertThat(record.key()).isEqualTo(was.key());
                assertThat(record.hash()).isEqualTo(hash);
                assertThat(record.origin()).isEqualTo(was.origin());
                assertThat(record.changedRun()).isEqualTo(7);
                for (int f = 0; f < 4; f++) assertThat(record.at(f)).isEqualTo(was.at(f));
            }
        }
    }
}
