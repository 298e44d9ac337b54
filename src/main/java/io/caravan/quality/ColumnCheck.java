package io.caravan.quality;

import io.caravan.schema.Broken;
import io.caravan.schema.ColumnRules;
import io.caravan.schema.ColumnType;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaColumn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the values of one column of a schema fail, counted as the reference does and as it is. Not thread-safe. */
final class ColumnCheck {

    private static final int REFERENCE_ROWS = 100;
    private static final int REFERENCE_MOST = 3;
    private static final int NULL_SAMPLES = 5;
    private static final int SAMPLES = 10;

    private final DataSchema schema;
    private final SchemaColumn column;
    private final ColumnRules rules;
    private final ReferenceRules reference;

    private boolean exactly; // the file has it by its very name
    private long exactValues;
    private long exactBeyond;
    private long early; // wrong types in the first rows

    private boolean there;
    private long values;
    private final Samples nulls = new Samples(NULL_SAMPLES);
    private final Samples wrongType = new Samples(NULL_SAMPLES);
    private final Map<String, Samples> broken = new LinkedHashMap<>(); // by the other rules
    private final Kinds firstWrong = new Kinds();

    ColumnCheck(DataSchema schema, SchemaColumn column) {
        this.schema = schema;
        this.column = column;
        this.rules = new ColumnRules(column, schema.zone());
        this.reference = new ReferenceRules(column);
    }

    SchemaColumn column() {
        return column;
    }

    /** {@code here}: whether the row has a field of the very name. */
    void exact(boolean here, Object value) {
        exactly |= here;
        if (Values.missing(value)) return;
        exactValues++;
        if (reference.hasBounds() && reference.isBeyond(value)) exactBeyond++;
    }

    /** {@code here}: whether the row has a field that the schema takes for the column. */
    void add(long row, boolean here, Object value) {
        there |= here;
        if (here && row <= REFERENCE_ROWS && !Values.missing(value) && !reference.isOfType(value)) early++;
        if (schema.isNull(value)) {
            nulls.add(row);
            return;
        }
        values++;
        Optional<Broken> rule = rules.check(value).broken();
        if (rule.isEmpty()) return;
        String shown = rule.get().value();
        if (!rule.get().rule().equals("type")) {
            broken.computeIfAbsent(rule.get().rule(), r -> new Samples(SAMPLES)).add(row, shown);
            return;
        }
        wrongType.add(row, shown);
        if (row <= ColumnProfile.FIRST_ROWS) firstWrong.add(row, value);
    }

    /** Whether values can be of another type than it says. */
    boolean hasType() {
        return column.type() != ColumnType.ANY && column.type() != ColumnType.STRING;
    }

    String type() {
        return column.type().word();
    }

    /** Values of another type, among the first rows. */
    Kinds firstWrong() {
        return firstWrong;
    }

    boolean there() {
        return there;
    }

    boolean hasRules() {
        return column.minimum().isPresent()
                || column.maximum().isPresent()
                || column.pattern().isPresent()
                || !column.allowed().isEmpty();
    }

    long values() {
        return values;
    }

    Samples nulls() {
        return nulls;
    }

    Samples wrongType() {
        return wrongType;
    }

    Map<String, Samples> broken() {
        return broken;
    }

    long brokenValues() {
        return broken.values().stream().mapToLong(Samples::count).sum();
    }

    /** Of the first 100 rows, three at most. */
    long referenceWrongTypes() {
        return Math.min(early, REFERENCE_MOST);
    }

    boolean referenceHasBounds() {
        return exactly && reference.hasBounds();
    }

    boolean referenceRequires() {
        return exactly && column.required();
    }

    long referenceValues() {
        return exactValues;
    }

    long referenceBeyond() {
        return exactBeyond;
    }
}
