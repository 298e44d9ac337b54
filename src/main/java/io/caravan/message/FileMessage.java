package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.format.Format;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A message that holds records in a format. A row that is none is a dead letter; a message that cannot be read to its end is one if the letter
 * holds all of it, see {@link Unreadable}, and fails the run otherwise.
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
                bad.accept(Unreadable.of(message.whole(), last, e.getMessage()));
            } catch (BadRecordException e) {
                // a body that is neither text nor bytes
                ended = true;
                bad.accept(Unreadable.of(message.whole(), last, e.getMessage()));
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
        for (Optional<Record> row = rows.read(bad); row.isPresent(); row = rows.read(bad)) {
            last = row.get().origin();
            try {
                return Optional.of(shape.of(row.get(), message));
            } catch (BadRecordException e) { // what headers make of it
                bad.accept(new BadRow(last, RecordJson.write(row.get()), e.getMessage()));
            }
        }
        ended = true;
        return Optional.empty();
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
