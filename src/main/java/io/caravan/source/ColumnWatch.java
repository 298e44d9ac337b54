package io.caravan.source;

import io.caravan.record.ColumnChange;
import io.caravan.record.ColumnKind;
import io.caravan.record.Fields;
import io.caravan.record.KnownColumn;
import io.caravan.record.KnownColumn.Change;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sees which columns the objects of one reading have and of which kind their values are, and does what {@link DriftRules} say of those that
 * are not known. Where nothing is known yet, all is learned. Thread-safe.
 */
public final class ColumnWatch {

    /** So many names are columns; more are data. */
    private static final int MOST = 1_000;

    private static final int LONGEST = 200;

    /** What this reading found of one column. */
    private static final class Seen {
        private final String name;
        private final Optional<KnownColumn> known;
        private final String object;
        private final boolean leftOut;
        private ColumnKind kind;
        private String kindIn = "";

        Seen(String name, Optional<KnownColumn> known, String object, boolean leftOut) {
            this.name = name;
            this.known = known;
            this.object = object;
            this.leftOut = leftOut;
            this.kind = known.map(KnownColumn::kind).orElse(ColumnKind.NOTHING);
        }
    }

    private final String pipeline;
    private final DriftRules rules;
    private final Supplier<Map<String, KnownColumn>> source;
    private Map<String, KnownColumn> known;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final Set<String> unwatched = new HashSet<>();
    private boolean readWhole;

    /** {@code known}: the columns of earlier runs, by name; asked once, before the first object. */
    public ColumnWatch(String pipeline, DriftRules rules, Supplier<Map<String, KnownColumn>> known) {
        this.pipeline = pipeline;
        this.rules = rules;
        this.source = known;
    }

    /** The rows of an object, seen by this watch; closing it closes the reader. */
    RecordReader of(String object, RecordReader reader) {
        return new WatchedRows(object, reader, this);
    }

    /** Looks at the values of a row; what is left of it. {@code first}: nothing of its object was given away yet. */
    synchronized Record look(Record row, Shape shape, boolean first) {
        for (int i = 0; i < shape.columns.length; i++) {
            Seen column = shape.columns[i];
            Object value = row.at(i);
            if (column == null || value == null || column.kind.holds(value)) continue;
            ColumnKind with = column.kind.with(ColumnKind.of(value));
            boolean changes =
                    column.known.filter(k -> k.kind() != ColumnKind.NOTHING).isPresent();
            if (changes && !column.leftOut && rules.failsTypes()) throw changed(column, value, row, first);
            column.kind = with;
            if (column.kindIn.isEmpty()) column.kindIn = row.origin().toString();
        }
        return shape.without(row);
    }

    /** What rows with these fields have; throws when a column is new that must not be. */
    synchronized Shape shape(String object, Record row, boolean first) {
        Fields fields = row.fields();
        Seen[] columns = new Seen[fields.size()];
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            String name = fields.names().get(i);
            if (unnamable(name)) {
                kept.add(i);
                continue;
            }
            Seen column = seen.get(name);
            if (column == null) column = meet(name, object, row, first);
            columns[i] = column;
            if (!column.leftOut) kept.add(i);
        }
        return new Shape(fields, columns, kept);
    }

    private Seen meet(String name, String object, Record row, boolean first) {
        Optional<KnownColumn> before = Optional.ofNullable(known().get(name));
        boolean isNew = before.isEmpty() && !known().isEmpty();
        if (isNew && rules.failsNew()) throw unknown(name, row, first);
        // what was left out once stays so until somebody adds it
        boolean leftOut = before.map(k -> k.leftOut() && !rules.adds()).orElse(isNew && rules.leavesOut());
        Seen column = new Seen(name, before, object, leftOut);
        seen.put(name, column);
        return column;
    }

    /** A text that the ledger could not keep is no name. */
    private boolean unnamable(String name) {
        if (unwatched.contains(name)) return true;
        boolean strange = name.length() > LONGEST
                || name.indexOf(0) >= 0
                || name.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || !seen.containsKey(name) && seen.size() >= MOST;
        if (strange && unwatched.size() < MOST) unwatched.add(name);
        return strange;
    }

    /** The rows that were read of an object, all of them or those that have one form, have these columns and no other. */
    synchronized void ended(String object, Set<String> met, boolean first) {
        readWhole = true;
        if (!rules.failsMissing() || met.isEmpty()) return;
        List<KnownColumn> missing = known().values().stream()
                .filter(k -> !k.leftOut() && !k.missing() && !met.contains(k.name()))
                .toList();
        if (!missing.isEmpty()) throw missing(missing, met, object, first);
    }

    /** What is to be noted in the history, once the reading is settled; {@code whole}: it showed all that there is, or all that changed. */
    public synchronized List<ColumnChange> changes(boolean whole) {
        List<ColumnChange> changes = new ArrayList<>();
        for (Seen column : seen.values()) {
            ColumnKind former = column.known.map(KnownColumn::kind).orElse(ColumnKind.NOTHING);
            Optional<Change> change = change(column, former);
            String where = change.equals(Optional.of(Change.TYPE)) ? column.kindIn : column.object;
            change.ifPresent(c -> changes.add(new ColumnChange(column.name, c, column.kind, former, where)));
        }
        if (!whole || !readWhole || seen.isEmpty()) return changes;
        known().values().stream()
                .filter(k -> !k.leftOut() && !k.missing() && !seen.containsKey(k.name()))
                .forEach(k -> changes.add(new ColumnChange(k.name(), Change.MISSING, k.kind(), k.kind(), "")));
        return changes;
    }

    private Optional<Change> change(Seen column, ColumnKind former) {
        if (column.known.isEmpty()) {
            if (known().isEmpty()) return Optional.of(Change.FIRST);
            return Optional.of(column.leftOut ? Change.IGNORED : Change.ADDED);
        }
        if (column.leftOut) return Optional.empty();
        if (column.known.get().leftOut()) return Optional.of(Change.ADDED);
        if (column.known.get().missing()) return Optional.of(Change.BACK);
        return column.kind == former ? Optional.empty() : Optional.of(Change.TYPE);
    }

    /** The same for people, each in a sentence; but for what is learned. */
    public List<String> notes(boolean whole) {
        return changes(whole).stream()
                .filter(c ->
                        c.change() != Change.FIRST && !(c.change() == Change.TYPE && c.former() == ColumnKind.NOTHING))
                .map(this::sentence)
                .toList();
    }

    private String sentence(ColumnChange c) {
        String column = pipeline + ": column '" + c.name() + "' ";
        return switch (c.change()) {
            case FIRST -> column + "is " + c.kind().word();
            case ADDED -> column + kind(c) + "is new in " + c.object() + ", and is read (newColumns: add)";
            case IGNORED -> column + kind(c) + "is new in " + c.object() + ", and is left out (newColumns: ignore)";
            case TYPE ->
                column + "is " + c.kind().word() + " from " + c.object() + " on, was "
                        + c.former().word() + since(c.name()) + " (typeChanges: allow)";
            case MISSING ->
                column + "(" + c.kind().word() + since(c.name())
                        + ") is in nothing that was read (missingColumns: allow)";
            case BACK -> column + kind(c) + "is there again in " + c.object();
        };
    }

    private static String kind(ColumnChange c) {
        return c.kind() == ColumnKind.NOTHING ? "" : "(" + c.kind().word() + ") ";
    }

    private String since(String name) {
        return Optional.ofNullable(known().get(name))
                .map(k -> " since run " + k.run())
                .orElse("");
    }

    private DriftException unknown(String name, Record row, boolean first) {
        Object value = row.get(name).orElse(null);
        String names = known().values().stream()
                .filter(k -> !k.leftOut())
                .map(KnownColumn::name)
                .collect(Collectors.joining(", "));
        String said = pipeline + ": column '" + name + "' must be one of those known, " + names
                + " (newColumns: fail), got a new one of "
                + ColumnKind.of(value).word();
        return drift(said, value, row.origin().toString(), first, "newColumns: add, or ignore");
    }

    private DriftException changed(Seen column, Object value, Record row, boolean first) {
        String said = pipeline + ": column '" + column.name + "' must hold " + column.kind.word() + ", as"
                + since(column.name) + " (typeChanges: fail), got "
                + ColumnKind.of(value).word();
        return drift(said, value, row.origin().toString(), first, "typeChanges: allow");
    }

    private DriftException missing(List<KnownColumn> columns, Set<String> met, String object, boolean first) {
        String names = columns.stream()
                .map(k -> "'" + k.name() + "' (" + k.kind().word() + " since run " + k.run() + ")")
                .collect(Collectors.joining(", "));
        String said =
                pipeline + ": column " + names + " must be there (missingColumns: fail), got " + String.join(", ", met);
        return drift(said, null, object, first, "missingColumns: allow");
    }

    private static DriftException drift(String said, Object value, String where, boolean first, String remedy) {
        String rest =
                " in " + where + (first ? "; nothing of the object was written" : "; nothing from there on was read")
                        + ". Correct the object, or run once with " + remedy + ", which the history of columns keeps";
        String shown = value == null ? "" : " '" + shown(value) + "'";
        return new DriftException(said + shown + rest, said + rest);
    }

    private static String shown(Object value) {
        String text = value instanceof byte[] ? "bytes" : value.toString();
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private Map<String, KnownColumn> known() {
        if (known == null) known = source.get();
        return known;
    }

    /** What rows with the same fields have, by place. */
    static final class Shape {

        private final Fields read;
        private final Seen[] columns;
        private final int[] kept;
        private final Fields made;

        private Shape(Fields read, Seen[] columns, List<Integer> kept) {
            this.read = read;
            this.columns = columns;
            this.kept = kept.stream().mapToInt(i -> i).toArray();
            this.made = new Fields(kept.stream().map(read.names()::get).toList());
        }

        boolean isOf(Fields fields) {
            return fields == read;
        }

        boolean leavesOut() {
            return kept.length < columns.length;
        }

        private Record without(Record row) {
            if (!leavesOut()) return row;
            Object[] values = new Object[kept.length];
            for (int i = 0; i < kept.length; i++) values[i] = row.at(kept[i]);
            return row.with(made, values).prepared();
        }
    }
}
