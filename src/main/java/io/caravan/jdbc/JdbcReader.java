package io.caravan.jdbc;

import io.caravan.error.BadRecordException;
import io.caravan.format.RecordMaker;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.CountedTimes;
import io.caravan.source.RecordReader;
import io.caravan.source.Unplaced;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the rows of an open query; its statement runs when the first is asked for. */
final class JdbcReader implements RecordReader {

    private static final int LONGEST_RAW = 64 << 10;

    private final Selection selection;
    private final String object;
    private final RecordMaker maker;
    private final List<String> keyFields;
    private final int cursorAt;

    private ResultSet rows;
    private long row;
    private Object lastSeen;
    private final Unplaced unplaced = new Unplaced();
    private final CountedTimes counted = new CountedTimes();

    JdbcReader(Selection selection, String object, List<String> keyFields) {
        this.selection = selection;
        this.object = object;
        this.keyFields = keyFields;
        this.maker = new RecordMaker(selection.columns().fields(), keyFields);
        this.cursorAt = selection.cursorAt();
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        try {
            if (rows == null) rows = selection.execute();
            while (rows.next()) {
                Origin origin = new Origin(object, ++row);
                try {
                    return Optional.of(record(origin));
                } catch (BadRecordException e) {
                    bad.accept(bad(origin, e.getMessage()));
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            throw selection.meaning(row == 0 ? "run the query" : "read on after row " + row, e);
        }
    }

    private Record record(Origin origin) throws SQLException {
        Object[] values;
        try {
            values = selection.columns().values(rows);
        } catch (BadRecordException e) {
            throw new BadRecordException(origin + ": " + e.getMessage(), e);
        }
        if (cursorAt < 0) return maker.make(values, origin);
        Object at = values[cursorAt];
        selection.check(at, origin.toString());
        // they come in order
        if (selection.clock().reached(at)) lastSeen = at;
        if (at instanceof Number number && selection.uncounted()) counted.saw(number, selection.clock());
        Record record = maker.make(values, origin);
        if (selection.clock().ahead(at)) unplaced.ahead(record.key(), selection.text(at));
        return record;
    }

    private BadRow bad(Origin origin, String reason) throws SQLException {
        String raw = selection.columns().raw(rows, LONGEST_RAW);
        Optional<String> key = cursorAt < 0 ? Optional.empty() : key(origin);
        if (key.isPresent() && !hasCursor()) unplaced.without(key.get());
        return new BadRow(origin, raw, reason, key);
    }

    private Optional<String> key(Origin origin) throws SQLException {
        try {
            return Optional.of(maker.key(selection.columns().only(rows, keyFields), origin));
        } catch (BadRecordException e) {
            return Optional.empty();
        }
    }

    private boolean hasCursor() throws SQLException {
        try {
            selection.check(selection.columns().value(rows, cursorAt), object);
            return true;
        } catch (BadRecordException e) {
            return false;
        }
    }

    @Override
    public Optional<String> position() {
        return lastSeen == null ? Optional.empty() : Optional.of(selection.later(lastSeen));
    }

    @Override
    public Set<String> owed() {
        return unplaced.keys();
    }

    @Override
    public Optional<String> note() {
        if (cursorAt < 0 || rows == null) return Optional.empty();
        String field = selection.columns().fields().names().get(cursorAt);
        return unplaced.note(object, field, selection.clock()).or(() -> counted.note(object, field, selection.clock()));
    }

    @Override
    public void close() {
        selection.close();
    }
}
