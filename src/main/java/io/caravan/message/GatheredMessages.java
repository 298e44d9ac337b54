package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Messages of few records each, as the records of one object: of those of one key the last that arrived. */
final class GatheredMessages implements RecordReader {

    private final BodyRecords bodies;
    private final MessageShape shape;
    private final long maxMessageBytes;
    private final List<BadRow> bad = new ArrayList<>();
    private final Iterator<Record> records;
    private long passedOver;

    GatheredMessages(List<Received> messages, BodyRecords bodies, MessageShape shape, long maxMessageBytes) {
        this.bodies = bodies;
        this.shape = shape;
        this.maxMessageBytes = maxMessageBytes;
        Map<String, Record> last = new LinkedHashMap<>();
        for (Received message : messages) {
            for (Record record : records(message)) {
                if (last.remove(record.key()) != null) passedOver++;
                last.put(record.key(), record);
            }
            message.forget();
        }
        this.records = last.values().iterator();
    }

    private List<Record> records(Received message) {
        Origin origin = new Origin(message.name(), 1);
        Optional<byte[]> whole = message.whole();
        try {
            if (message.empty()) return List.of(shape.gone(message));
            byte[] body = message.bytes();
            whole = Optional.of(body);
            if (body.length > maxMessageBytes) {
                throw new BadRecordException(SettingChecks.sentence(
                        message.name(), "the message", "be at most " + maxMessageBytes + " bytes", body.length));
            }
            return bodies.of(message.name(), body, bad::add).stream()
                    .map(record -> shape.of(record, message))
                    .toList();
        } catch (IncompleteSourceException | UnavailableException e) {
            throw e;
        } catch (CaravanException e) {
            bad.add(Unreadable.of(whole, origin, e.getMessage()));
            return List.of();
        }
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> refuse) {
        bad.forEach(refuse);
        bad.clear();
        return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    }

    @Override
    public Optional<String> note() {
        return passedOver == 0
                ? Optional.empty()
                : Optional.of(
                        "endpoint-source: messages of which no record was made, as a later one of the same key came: "
                                + passedOver);
    }

    @Override
    public void close() {
        // messages are acknowledged or released by their inbox
    }
}
