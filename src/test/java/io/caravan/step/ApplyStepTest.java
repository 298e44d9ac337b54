package io.caravan.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ApplyStepTest {

    @Test
    void aStepIsCalledAsItsKameletIsAndNotAsItsClass() {
        assertThat(ApplyStep.name(new ConvertTypes("price=decimal", ""))).isEqualTo("convert-types");
        assertThat(ApplyStep.name(new In2Percent())).isEqualTo("in2-percent");
    }

    private static final class In2Percent implements Step {
        @Override
        public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
            return batch;
        }
    }
}
