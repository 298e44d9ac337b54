package io.caravan.message;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.format.JsonRecords;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Messages of which each is one record, as the records of one object: of those of one key the last that arrived. */
final class GatheredMessages implements RecordReader {

    private final MessageShape shape;
    private final long maxMessageBytes;
    private final List<BadRow> bad = new ArrayList<>();
    private final Iterator<Record> records;
    private long passedOver;

    GatheredMessages(List<Received> messages, MessageShape shape, long maxMessageBytes) {
        this.shape = shape;
        this.maxMessageBytes = maxMessageBytes;
        Map<String, Record> last = new LinkedHashMap<>();
        for (Received message : messages) {
            record(message).ifPresent(record -> {
                if (last.remove(record.key()) != null) passedOver++;
                last.put(record.key(), record);
            });
            message.forget();
        }
        this.records = last.values().iterator();
    }

    private Optional<Record> record(Received message) {
        Origin origin = new Origin(message.name(), 1);
        Optional<byte[]> whole = message.whole();
        try {
            if (message.empty()) return Optional.of(shape.gone(message));
            byte[] body = message.bytes();
            whole = Optional.of(body);
            if (body.length > maxMessageBytes) {
                throw new BadRecordException(SettingChecks.sentence(
                        message.name(), "the message", "be at most " + maxMessageBytes + " bytes", body.length));
            }
            Optional<Record> read = parsed(message, origin, body);
            return read.map(record -> shape.of(record, message));
        } catch (IncompleteSourceException e) {
            throw e;
        } catch (CaravanException e) {
            bad.add(Unreadable.of(whole, origin, e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Record> parsed(Received message, Origin origin, byte[] body) {
        JsonRecords json = new JsonRecords(shape.inside());
        try (JsonParser parser = json.parser(new ByteArrayInputStream(body), message.name())) {
            parser.nextToken();
            if (parser.currentToken() == null) throw new BadRecordException(said(message, "nothing"));
            Optional<Record> record =
                    json.read(parser, origin, row -> bad.add(Unreadable.of(Optional.of(body), origin, row.reason())));
            if (record.isPresent() && parser.nextToken() != null) throw new BadRecordException(said(message, "more"));
            return record;
        } catch (JacksonException e) {
            throw new BadRecordException(said(message, JsonFault.of(e)), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String said(Received message, String got) {
        return SettingChecks.sentence(message.name(), "the message", "be one JSON object", got);
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
