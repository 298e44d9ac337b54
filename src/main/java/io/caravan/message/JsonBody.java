package io.caravan.message;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.JsonRecords;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A body that is one record, a JSON object. */
final class JsonBody implements BodyRecords {

    private final List<String> keyFields;

    /** @param keyFields those that the body must have */
    JsonBody(List<String> keyFields) {
        this.keyFields = keyFields;
    }

    @Override
    public List<Record> of(String message, byte[] body, Consumer<BadRow> bad) {
        JsonRecords json = new JsonRecords(keyFields);
        Origin origin = new Origin(message, 1);
        try (JsonParser parser = json.parser(new ByteArrayInputStream(body), message)) {
            parser.nextToken();
            if (parser.currentToken() == null) throw new BadRecordException(said(message, "nothing"));
            Optional<Record> record = json.read(
                    parser, origin, row -> bad.accept(Unreadable.of(Optional.of(body), origin, row.reason())));
            if (record.isPresent() && parser.nextToken() != null) throw new BadRecordException(said(message, "more"));
            return record.stream().toList();
        } catch (JacksonException e) {
            throw new BadRecordException(said(message, JsonFault.of(e)), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String said(String message, String got) {
        return SettingChecks.sentence(message, "the message", "be one JSON object", got);
    }
}
