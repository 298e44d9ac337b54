package io.caravan.schema;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.schema.ColumnRules.Checked;
import io.caravan.schema.DataSchema.Unknown;
import io.caravan.schema.SchemaColumn.Pii;
import io.caravan.step.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Holds records to a schema: its columns, in its order, with values of their types.
 *
 * <ul>
 *   <li>in: records whose fields may be called as {@link ColumnMapping} knows them
 *   <li>out: every column of the schema but those it drops, then the kept fields, then unknown ones if it keeps them
 *   <li>rejects: a record that breaks a rule, with all that it breaks
 * </ul>
 */
public final class ApplySchema implements Step {

    private static final String UNIT = "apply-schema-action";
    private static final String NOT_KEPT = "(a row with personal columns is not kept)";
    private static final int MOST_SAID = 10;

    private final DataSchema schema;
    private final List<ColumnRules> rules;
    private final Set<String> keep;
    private volatile Shape last;

    /** {@code kept}: where a record has what is kept beside the columns; {@code broken}: by all records of these fields. */
    private record Shape(Fields read, ColumnMapping mapping, Fields made, int[] kept, List<Broken> broken) {}

    /**
     * @param schema the file of the schema
     * @param keep fields that stay though the schema does not name them, comma separated
     * @param sealed fields that a step behind this one seals, comma separated: what the schema says is to be encrypted must be there
     */
    public ApplySchema(String schema, String keep, String sealed) {
        this.schema = SchemaFile.load(UNIT, "schema", schema);
        this.keep = new LinkedHashSet<>(FieldNames.of(SettingList.of(keep)));
        List<String> theirs = FieldNames.of(SettingList.of(sealed));
        List<String> open = this.schema.columns().stream()
                .filter(c -> c.pii() == Pii.ENCRYPT && !theirs.contains(c.name()))
                .map(SchemaColumn::name)
                .toList();
        if (!open.isEmpty()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            UNIT, "sealed", "name the columns that the schema says are to be encrypted", sealed)
                    + "; put encrypt-fields-action behind it with the fields " + String.join(", ", open)
                    + ", and name them here too");
        }
        this.rules = this.schema.columns().stream()
                .map(column -> new ColumnRules(column, this.schema.zone()))
                .toList();
    }

    @Override
    public Optional<UnaryOperator<String>> seal() {
        // where encrypt-fields-action stands behind this step, its letters hold the row sealed instead
        boolean personal = schema.columns().stream().anyMatch(c -> c.pii() != Pii.NONE);
        return personal ? Optional.of(row -> NOT_KEPT) : Optional.empty();
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> right = new ArrayList<>(batch.size());
        for (Record record : batch) {
            if (record.deleted()) {
                right.add(record);
                continue;
            }
            List<Broken> broken = new ArrayList<>();
            Record made = made(record, broken);
            if (broken.isEmpty()) right.add(made);
            else reject.accept(record, new BadRecordException(sentence(broken)));
        }
        return right;
    }

    /** Beside sealed rows whatever is got is cut off, as it may be personal; what is found here never is. */
    private static String sentence(List<Broken> broken) {
        List<String> said = broken.stream()
                .limit(MOST_SAID)
                .map(one -> one.sentence(UNIT).replace(", got '", ", found '"))
                .toList();
        String more = broken.size() > MOST_SAID ? "; and " + (broken.size() - MOST_SAID) + " more" : "";
        return String.join("; ", said) + more;
    }

    private Record made(Record record, List<Broken> broken) {
        Shape shape = shape(record.fields());
        broken.addAll(shape.broken);
        Object[] values = new Object[shape.made.size()];
        int at = 0;
        for (int c = 0; c < rules.size(); c++) {
            SchemaColumn column = rules.get(c).column();
            int from = shape.mapping.fieldOf(c);
            Object value = from < 0 ? null : record.at(from);
            Object typed = null;
            if (!schema.isNull(value)) {
                Checked checked = rules.get(c).check(value);
                checked.broken().ifPresent(broken::add);
                typed = checked.value();
            } else if (column.required() && from >= 0) {
                broken.add(Broken.of(column, "required", "not be blank", value));
            }
            if (column.pii() != Pii.DROP) values[at++] = typed;
        }
        for (int from : shape.kept) values[at++] = record.at(from);
        return record.with(shape.made, values);
    }

    private Shape shape(Fields read) {
        Shape known = last;
        if (known == null || known.read != read) last = known = shaped(read);
        return known;
    }

    private Shape shaped(Fields read) {
        List<String> own =
                read.names().stream().filter(name -> !keep.contains(name)).toList();
        // the places of all fields count, so those that are kept hold theirs by a name that is no column
        List<String> names = read.names().stream()
                .map(name -> keep.contains(name) ? "\0" : name)
                .toList();
        ColumnMapping mapping = ColumnMapping.of(schema, names);
        List<Broken> broken = new ArrayList<>();
        mapping.missing().forEach(c -> broken.add(Broken.of(c, "required", "be there", "no such column")));
        List<String> unknown = mapping.unknown().stream().filter(own::contains).toList();
        if (schema.unknown() == Unknown.REFUSE) {
            for (String name : unknown)
                broken.add(new Broken(name, "unknownColumns", "be a column of the schema", name));
        }
        Set<String> made = new LinkedHashSet<>();
        schema.columns().stream().filter(c -> c.pii() != Pii.DROP).forEach(c -> made.add(c.name()));
        List<Integer> kept = new ArrayList<>();
        for (int f = 0; f < read.names().size(); f++) {
            String name = read.names().get(f);
            boolean stays = keep.contains(name) || schema.unknown() == Unknown.KEEP && unknown.contains(name);
            if (stays && made.add(name)) kept.add(f);
        }
        return new Shape(
                read,
                mapping,
                new Fields(new ArrayList<>(made)),
                kept.stream().mapToInt(i -> i).toArray(),
                broken);
    }
}
