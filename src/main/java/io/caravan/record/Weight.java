package io.caravan.record;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** About how many bytes of memory a value holds: enough to tell large ones from small ones. */
final class Weight {

    private static final int OBJECT = 16;
    private static final int SEALED = 256; // its plain text is nobody's to measure

    private Weight() {}

    static long of(Object value) {
        if (value instanceof String text) return OBJECT + text.length();
        if (value instanceof byte[] bytes) return OBJECT + bytes.length;
        if (value instanceof float[] vector) return OBJECT + 4L * vector.length;
        if (value instanceof BigDecimal number) return OBJECT + number.precision() / 2;
        if (value instanceof Sealed) return SEALED;
        long weight = OBJECT;
        if (value instanceof List<?> list) for (Object element : list) weight += of(element);
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) weight += OBJECT + of(entry.getKey()) + of(entry.getValue());
        }
        return weight;
    }
}
