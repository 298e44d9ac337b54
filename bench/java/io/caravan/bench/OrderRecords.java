package io.caravan.bench;

import io.caravan.bench.PlainLoader.Order;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Random;

/** Records of 8 fields as they come from a source and its convert step: the order of a number is always the same. */
final class OrderRecords {

    /** As MiniLM gives them. */
    static final int DIMENSIONS = 384;

    private static final String[] WORDS = {"gift", "wrapped", "call", "before", "größer", "fragile", "evening"};
    private static final Fields FIELDS =
            Fields.of(Orders.KEY, "customer_id", "product", "quantity", "price", "paid", "ordered_at", "note");
    private static final Fields WITH_VECTOR =
            Fields.of(Orders.KEY, "customer_id", "product", "quantity", "price", "paid", "ordered_at", "vector");
    private static final ContentHash HASH = new ContentHash();

    private OrderRecords() {}

    static Record record(int i) {
        String note = WORDS[i % 7] + " " + WORDS[i / 7 % 7] + " " + WORDS[i / 49 % 7] + " delivery " + i % 97;
        return record(i, FIELDS, note);
    }

    /** One with a vector instead of the note; there are {@code distinct} different ones. */
    static Record withVector(int i, int distinct) {
        Random random = new Random(i % distinct);
        float[] vector = new float[DIMENSIONS];
        for (int d = 0; d < DIMENSIONS; d++) vector[d] = random.nextFloat() - 0.5f;
        return record(i, WITH_VECTOR, vector);
    }

    static Order order(Record r) {
        return new Order(
                (String) r.at(0),
                (String) r.at(1),
                (String) r.at(2),
                (Long) r.at(3),
                (BigDecimal) r.at(4),
                (Boolean) r.at(5),
                (Instant) r.at(6),
                (String) r.at(7));
    }

    private static Record record(int i, Fields fields, Object last) {
        Object[] values = {
            key(i),
            "customer-" + i % 10_000,
            "product " + i % 1_000,
            1L + i % 20,
            BigDecimal.valueOf(i % 50_000, 2),
            i % 2 == 0,
            Instant.ofEpochSecond(1_735_689_600L + i),
            last
        };
        return Record.read(key(i), fields, values, new Origin("orders.csv", i + 2), HASH.of(fields, values))
                .changedIn(1);
    }

    /** {@code order-000000042}, made by hand as formats are slow. */
    private static String key(int i) {
        String digits = Integer.toString(1_000_000_000 + i);
        return "order-" + digits.substring(1);
    }
}
