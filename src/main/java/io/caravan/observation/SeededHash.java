package io.caravan.observation;

import io.caravan.record.Record;
import java.math.BigDecimal;
import java.util.SplittableRandom;

/** 128 bits of an observation's content, cheaper than a digest, and other ones in each run so that nobody can choose what is alike. */
final class SeededHash {

    private static final long MANY_BITS = 0x9E3779B97F4A7C15L; // odd

    private final long highSeed;
    private final long lowSeed;
    private long high;
    private long low;

    SeededHash() {
        SplittableRandom random = new SplittableRandom();
        highSeed = random.nextLong();
        lowSeed = random.nextLong();
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    void of(Record record) {
        high = highSeed;
        low = lowSeed;
        for (int i = 0; i < record.fields().size(); i++) add(record.at(i));
        high ^= high >>> 32;
        low ^= low >>> 32;
    }

    private void add(Object value) {
        if (value instanceof Long number) {
            mix(number);
        } else if (value instanceof BigDecimal number && number.precision() <= 18) {
            mix(number.unscaledValue().longValue());
            mix(0x1_0000_0000L + number.scale());
        } else {
            String text = value == null ? "" : value.toString();
            for (int i = 0; i < text.length(); i++) mix(text.charAt(i));
            mix(0x2_0000_0000L + (value == null ? -1 : text.length()));
        }
    }

    private void mix(long bits) {
        high = (high ^ bits) * MANY_BITS;
        high ^= high >>> 29;
        low = (low + bits) * (lowSeed | 1);
        low ^= low >>> 31;
    }
}
