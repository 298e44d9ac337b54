package io.caravan.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.caravan.error.BadRecordException;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the records of one object of JSON lines. */
final class JsonlReader implements RecordReader {

    private static final int LONGEST_RAW = 64 << 10;

    private final InputStream bytes;
    private final String object;
    private final JsonValues values;
    private Lines lines;

    JsonlReader(InputStream bytes, String object, List<String> keyFields) {
        this.bytes = bytes;
        this.object = object;
        this.values = new JsonValues(keyFields);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (lines == null) lines = new Lines(bytes, object);
        while (lines.next()) {
            if (blank()) continue;
            Origin origin = new Origin(object, lines.line());
            try {
                return Optional.of(record(origin));
            } catch (BadRecordException e) {
                bad.accept(new BadRow(origin, raw(LONGEST_RAW), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Record record(Origin origin) {
        if (lines.tooLong()) {
            if (!lines.terminated()) throw cutOff(origin, null);
            throw JsonValues.bad(origin, "a line", "be less than " + Lines.LONGEST + " bytes", "more");
        }
        checkUtf8(origin);
        try (JsonParser parser = JsonValues.JSON.createParser(lines.buffer(), lines.begin(), lines.length())) {
            parser.nextToken();
            Record record = values.record(parser, origin);
            if (parser.nextToken() == null) return record;
            throw JsonValues.bad(origin, "a line", "hold one JSON object", "more");
        } catch (StreamConstraintsException e) {
            throw new BadRecordException(
                    Settings.sentence(origin.toString(), "the line", "keep to the limits", e.getOriginalMessage()), e);
        } catch (JacksonException e) {
            if (!lines.terminated()) throw cutOff(origin, e);
            throw new BadRecordException(
                    Settings.sentence(origin.toString(), "the line", "be JSON", e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The parser takes more for UTF-8 than there is. */
    private void checkUtf8(Origin origin) {
        if (lines.ascii()) return;
        try {
            var unused = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(lines.buffer(), lines.begin(), lines.length()));
        } catch (CharacterCodingException e) {
            if (!lines.terminated()) throw cutOff(origin, e);
            throw new BadRecordException(
                    Settings.sentence(origin.toString(), "the line", "be UTF-8", "other bytes"), e);
        }
    }

    private boolean blank() {
        byte[] b = lines.buffer();
        int end = lines.begin() + lines.length();
        for (int i = lines.begin(); i < end; i++) if (b[i] != ' ' && b[i] != '\t' && b[i] != '\r') return false;
        return true;
    }

    private IncompleteSourceException cutOff(Origin origin, Exception why) {
        return new IncompleteSourceException(
                Settings.sentence(origin.toString(), "the last line", "be whole or end with a line break", raw(100)),
                why);
    }

    private String raw(int most) {
        return new String(lines.buffer(), lines.begin(), Math.min(most, lines.length()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }
}
