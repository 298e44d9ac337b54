package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.format.Format;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A message that holds records in a format. What cannot be read of it is a bad row with its name, never a failure: it would come again for
 * ever.
 */
final class FileMessage implements RecordReader {

    private final Received message;
    private final Format format;
    private final MessageShape shape;
    private RecordReader rows;
    private Origin last;
    private boolean ended;

    FileMessage(Received message, Format format, MessageShape shape) {
        this.message = message;
        this.format = format;
        this.shape = shape;
        this.last = new Origin(message.name(), 0);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        while (!ended) {
            try {
                return rows == null ? first(bad) : next(bad);
            } catch (IncompleteSourceException e) {
                ended = true;
                bad.accept(new BadRow(last, "", e.getMessage()));
            } catch (BadRecordException e) {
                // a body that is neither text nor bytes, or what headers make of a row
                ended = rows == null;
                bad.accept(new BadRow(last, "", e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Optional<Record> first(Consumer<BadRow> bad) {
        if (message.empty()) {
            ended = true;
            return Optional.of(shape.gone(message));
        }
        rows = format.open(message.open(), message.name(), shape.inside());
        return next(bad);
    }

    private Optional<Record> next(Consumer<BadRow> bad) {
        Optional<Record> row = rows.read(bad);
        if (row.isEmpty()) ended = true;
        else last = row.get().origin();
        return row.map(record -> shape.of(record, message));
    }

    @Override
    public Optional<String> note() {
        return rows == null ? Optional.empty() : rows.note();
    }

    @Override
    public void close() {
        if (rows != null) rows.close();
        message.forget();
    }
}
