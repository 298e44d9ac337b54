package io.caravan.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Prices, whole ones among them, and what has up to 40 digits before and behind the point. */
public final class DecimalNumbers {

    private DecimalNumbers() {}

    /** By a key, the same at each call. */
    public static Map<String, BigDecimal> all() {
        Random random = new Random(24);
        Map<String, BigDecimal> numbers = new TreeMap<>();
        for (int i = 0; i < 250; i++) {
            BigDecimal number = i % 3 == 0
                    ? BigDecimal.valueOf(random.nextInt(100_000), 2)
                    : new BigDecimal(new BigInteger(random.nextInt(130), random), random.nextInt(20));
            numbers.put("n" + i, random.nextBoolean() ? number : number.negate());
        }
        return numbers;
    }

    /** The least that is greater and as long. */
    public static BigDecimal neighbour(BigDecimal number) {
        return number.add(number.ulp());
    }
}
