package io.caravan.bench;

import io.caravan.quality.Quality;
import io.caravan.quality.QualityCheck;
import io.caravan.quality.QualityRun;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.schema.SchemaFile;

/**
 * Checks rows of ten columns, a key among them, at a small heap: {@code java -Xmx96m io.caravan.bench.QualityChecking 1000000}. Prints
 * the time and the scores.
 */
public final class QualityChecking {

    private static final String SCHEMA =
            "{columns: {id: {type: integer, required: true, unique: true}, c1: {type: decimal,"
                    + " minimum: 0}, c2: {type: date}, c3: {required: true}}}";

    private QualityChecking() {}

    public static void main(String[] args) {
        int rows = Integer.parseInt(args[0]);
        long began = System.nanoTime();
        Quality quality = check(rows);
        System.out.printf(
                "%,d rows in %.1f s with %d MB: %d points, %s%n",
                rows,
                (System.nanoTime() - began) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20,
                quality.score(),
                quality.estimates());
    }

    static Quality check(int rows) {
        QualityRun run = QualityCheck.of(
                        SchemaFile.read("schemas/bench.yaml", SCHEMA).schema().orElseThrow())
                .begin();
        Fields fields = Fields.of("id", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
        for (int i = 0; i < rows; i++) {
            String mixed = Long.toString(i * 2654435761L % 1_000_003);
            Object[] values = {
                "" + i,
                mixed + ".25",
                "2031-02-0" + (1 + i % 9),
                "text " + mixed,
                i % 7 == 0 ? null : "v" + i % 50,
                (double) i,
                (long) i % 1000,
                "x".repeat(i % 40),
                "",
                Boolean.TRUE
            };
            run.add(Record.read("" + i, fields, values, new Origin("bench", i)));
        }
        return run.end();
    }
}
