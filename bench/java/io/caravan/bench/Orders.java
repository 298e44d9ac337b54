package io.caravan.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/** Writes CSV files of orders: 8 fields, about 115 bytes a record, always the same ones for the same number. */
final class Orders {

    static final String KEY = "order_id";

    /** What the texts of a record are to become; the fields not named stay texts. */
    static final String TYPES = "quantity=integer,price=decimal,paid=boolean,ordered_at=timestamp";

    private static final String HEADER = "order_id,customer_id,product,quantity,price,paid,ordered_at,note\n";
    private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
    private static final String[] WORDS = {
        "gift",
        "wrapped",
        "call",
        "before",
        "delivery",
        "blue",
        "second",
        "floor",
        "fragile",
        "evening",
        "größer",
        "urgent"
    };

    private Orders() {}

    /** Writes a file of so many orders into the folder and tells its path. */
    static Path write(Path folder, int records) throws IOException {
        Path file = folder.resolve("orders-" + records + ".csv");
        Random random = new Random(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER);
            for (int i = 0; i < records; i++) out.write(row(i, records, random));
        }
        return file;
    }

    private static String row(int i, int records, Random random) {
        String customer = "customer-%06d".formatted(random.nextInt(Math.max(1, records / 10)));
        String words = word(random) + " " + word(random) + " " + word(random);
        String note = i % 10 == 0 ? "\"" + words + ", " + word(random) + "\"" : words + " " + word(random);
        return "order-%09d,%s,product %d,%d,%d.%02d,%b,%s,%s%n"
                .formatted(
                        i,
                        customer,
                        random.nextInt(1_000),
                        1 + random.nextInt(20),
                        random.nextInt(500),
                        random.nextInt(100),
                        random.nextBoolean(),
                        FIRST.plus(i, ChronoUnit.SECONDS),
                        note);
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
