package io.caravan.jdbc;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.RecordMaker;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the rows of an open query; its statement runs when the first is asked for. */
final class JdbcReader implements RecordReader {

    private static final int LONGEST_RAW = 64 << 10;

    private final Selection selection;
    private final String object;
    private final RecordMaker maker;
    private final int cursorAt;

    private ResultSet rows;
    private long row;
    private Object lastSeen;

    JdbcReader(Selection selection, String object, List<String> keyFields) {
        this.selection = selection;
        this.object = object;
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
                    bad.accept(new BadRow(origin, selection.columns().raw(rows, LONGEST_RAW), e.getMessage()));
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
        if (cursorAt >= 0) {
            if (values[cursorAt] == null) {
                String field = selection.columns().fields().names().get(cursorAt);
                String rule = "not be null, as it tells what is new";
                throw new BadRecordException(SettingChecks.sentence(origin.toString(), field, rule, "null"));
            }
            // they come in order
            lastSeen = values[cursorAt];
        }
        return maker.make(values, origin);
    }

    @Override
    public Optional<String> position() {
        return lastSeen == null ? Optional.empty() : Optional.of(selection.later(lastSeen));
    }

    @Override
    public void close() {
        selection.close();
    }
}
