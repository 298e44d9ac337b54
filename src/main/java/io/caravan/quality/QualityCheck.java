package io.caravan.quality;

import io.caravan.record.Record;
import io.caravan.schema.DataSchema;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * Says how good rows are: what they hold, what of it breaks the rules of a schema, and the two scores of that. Rows are seen once and not kept: a heap of 96 MB is enough
 * for any number of them; what is exact and what an estimate then, {@link Quality#estimates} says. Thread-safe.
 *
 * <pre>{@code
 * Quality quality = QualityCheck.of(schema).check(records);
 * if (quality.score() < minimumScore) ... // the object is set aside
 * }</pre>
 */
public final class QualityCheck {

    private final DataSchema schema;

    private QualityCheck(DataSchema schema) {
        this.schema = schema;
    }

    /** By a schema. */
    public static QualityCheck of(DataSchema schema) {
        return new QualityCheck(schema);
    }

    /** Without rules: a profile, and points lost only for rows that are none. */
    public static QualityCheck withoutSchema() {
        return of(new DataSchema(
                "", "", List.of(), List.of(), DataSchema.Unknown.IGNORE, Set.of("null"), ZoneOffset.UTC));
    }

    public Quality check(Iterable<Record> records) {
        QualityRun run = begin();
        for (Record row : records) run.add(row);
        return run.end();
    }

    /** For rows that come one by one. */
    public QualityRun begin() {
        return new QualityRun(schema);
    }
}
