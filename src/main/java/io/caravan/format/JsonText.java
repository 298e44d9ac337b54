package io.caravan.format;

import com.fasterxml.jackson.core.JsonParser;
import io.caravan.error.BadRecordException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;

/**
 * JSON texts as values; and records as plain JSON, as the jsonl format writes them (a dead letter, which loses nothing, is {@link
 * io.caravan.record.RecordJson}).
 */
public final class JsonText {

    private static final Origin NOWHERE = new Origin("value", 0);

    private JsonText() {}

    /**
     * The value that a text of JSON stands for, as the readers of JSON make them: no digit is lost. Throws {@link
     * BadRecordException} with the rule alone, {@code be JSON, got '...'}, as only the caller knows where it stood.
     */
    public static Object value(String text) {
        try (JsonParser parser = JsonValues.JSON.createParser(text)) {
            if (parser.nextToken() == null) throw new BadRecordException("be JSON, got nothing");
            Object value = JsonValues.value(parser, NOWHERE, "", 0);
            if (parser.nextToken() != null) throw new BadRecordException("be one JSON value, got more");
            return value;
        } catch (BadRecordException e) {
            throw new BadRecordException(e.getMessage().replace(NOWHERE + ":  must ", ""), e);
        } catch (IOException e) {
            throw new BadRecordException("be JSON, got '" + Texts.cut(text) + "'", e);
        }
    }

    /** Throws {@link io.caravan.error.BadRecordException} when JSON cannot hold the record. */
    public static void check(Record record) {
        JsonForm.check(record);
    }

    /** A record as one object; throws {@link io.caravan.error.BadRecordException} when JSON cannot hold it. */
    public static byte[] bytes(Record record) {
        JsonForm.check(record);
        return RecordText.json(record);
    }
}
