package io.caravan.lookup;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.source.Source;
import io.caravan.step.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Adds to each record fields of the row of a reference that has its key.
 *
 * <ul>
 *   <li>in: records with the fields {@code keyFields}, whose values are compared as keys are: 5 is 5.0 and the text 5
 *   <li>out: the record with the added fields, in place of those it has by their names, else behind its own
 *   <li>rejects: a record whose key several rows of the reference have that differ; with {@code missing: letter} one whose key no row has
 *   <li>errors: those of the reference's store; {@link io.caravan.error.ConfigurationException} when the reference is empty or lacks a field
 * </ul>
 */
public final class Lookup implements Step, CamelContextAware, AutoCloseable {

    static final String UNIT = "lookup-action";

    /** What becomes of a record whose key no row has. */
    private enum Missing {
        LETTER,
        EMPTY,
        KEEP
    }

    private final List<String> by;
    private final List<String> added;
    private final Missing missing;
    private final References references;
    private final Instant run;
    private volatile Shape last;

    /** Where the key is in the records that were read, and the added fields in those that are made. */
    private record Shape(Fields read, int[] key, Fields made, int[] added) {}

    /**
     * @param source the reference, by its key
     * @param keyFields what that key is called in records, comma separated
     * @param referenceKey what it is called in the reference, in the same order
     * @param fields see {@link AddedFields}
     * @param missing {@code letter}, {@code empty} (added fields are null) or {@code keep} (those that the record has stay)
     */
    public Lookup(Source source, String keyFields, String referenceKey, String fields, String missing) {
        SettingChecks settings = new SettingChecks(UNIT);
        this.by = FieldNames.of(SettingList.of(keyFields));
        int theirs = SettingList.of(referenceKey).size();
        Map<String, String> byName = AddedFields.read(fields, settings);
        settings.must(
                        by.size() == theirs,
                        "referenceKey",
                        "name as many fields as keyFields (" + by.size() + ")",
                        referenceKey)
                .must(missing.matches("letter|empty|keep"), "missing", "be letter, empty or keep", missing);
        for (String key : by)
            settings.must(
                    !byName.containsKey(key), "fields", "not name one of keyFields, by which rows are found", key);
        settings.check();
        this.added = List.copyOf(byName.keySet());
        this.missing = Missing.valueOf(missing.toUpperCase(Locale.ROOT));
        this.references = new References(source, List.copyOf(byName.values()));
        this.run = Instant.EPOCH;
    }

    private Lookup(Lookup other, References references, Instant run) {
        this.by = other.by;
        this.added = other.added;
        this.missing = other.missing;
        this.references = references;
        this.run = run;
    }

    @Override
    public Step at(Instant began) {
        return new Lookup(this, references, began);
    }

    @Override
    public Step over(Overlay overlay) {
        return new Lookup(this, references.over(overlay), run);
    }

    @Override
    public Optional<String> note(List<Record> batch) {
        return lives(batch) ? references.with(run, Reference::note) : Optional.empty();
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        if (!lives(batch)) return batch;
        return references.with(run, reference -> {
            List<Record> all = new ArrayList<>(batch.size());
            for (Record record : batch) {
                try {
                    all.add(record.deleted() ? record : added(record, reference));
                } catch (BadRecordException e) {
                    reject.accept(record, e);
                }
            }
            return all;
        });
    }

    private static boolean lives(List<Record> batch) {
        return batch.stream().anyMatch(record -> !record.deleted());
    }

    private Record added(Record record, Reference reference) {
        Shape shape = shape(record.fields());
        Optional<String> key = key(record, shape.key);
        Object[] row = key.map(reference::row).orElse(null);
        if (row != null && Reference.isAmbiguous(row)) {
            throw new BadRecordException(
                    SettingChecks.sentence(UNIT, String.join(", ", by), "have one row in the reference", key.get())
                            + ", which several rows have that differ in " + String.join(", ", added));
        }
        if (row == null && missing == Missing.LETTER) {
            throw new BadRecordException(
                    SettingChecks.sentence(UNIT, String.join(", ", by), "be in the reference", key.orElse(""))
                            + "; add it there, or set missing to empty or keep");
        }
        Object[] values = new Object[shape.made.size()];
        for (int i = 0; i < record.fields().size(); i++) values[i] = record.at(i);
        for (int i = 0; i < shape.added.length; i++) {
            if (row != null) values[shape.added[i]] = row[i];
            else if (missing == Missing.EMPTY) values[shape.added[i]] = null;
        }
        return record.with(shape.made, values);
    }

    /** As a source makes it; empty where a part is missing. */
    private static Optional<String> key(Record record, int[] at) {
        List<String> parts = new ArrayList<>(at.length);
        for (int i : at) {
            Optional<String> part = i < 0 ? Optional.empty() : Keys.text(record.at(i));
            if (part.filter(text -> !text.isBlank()).isEmpty()) return Optional.empty();
            parts.add(part.get());
        }
        return Optional.of(Keys.join(parts));
    }

    private Shape shape(Fields read) {
        Shape known = last;
        if (known == null || known.read != read) last = known = shaped(read);
        return known;
    }

    private Shape shaped(Fields read) {
        Set<String> names = new LinkedHashSet<>(read.names());
        names.addAll(added);
        Fields made = names.size() == read.size() ? read : new Fields(new ArrayList<>(names));
        return new Shape(
                read,
                by.stream().mapToInt(read::indexOf).toArray(),
                made,
                added.stream().mapToInt(made::indexOf).toArray());
    }

    @Override
    public void setCamelContext(CamelContext context) {
        references.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return references.getCamelContext();
    }

    @Override
    public void close() {
        references.close();
    }
}
