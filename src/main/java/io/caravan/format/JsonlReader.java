package io.caravan.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the records of one object of JSON lines. */
final class JsonlReader implements RecordReader {

    private static final int LONGEST_RAW = 64 << 10;

    private final CharsetStream bytes;
    private final LikelyCharset likely = new LikelyCharset();
    private final String object;
    private final JsonValues values;
    private final JsonFactory json;
    private Lines lines;
    private LineFeed feed = new LineFeed();
    private JsonParser parser; // of all lines up to one that is no record
    private JsonParser rest; // of a line with several objects
    private boolean several;

    JsonlReader(InputStream bytes, String object, TextOptions text, List<String> keyFields) {
        this.bytes = new CharsetStream(bytes, object, text.charset());
        this.object = object;
        this.values = new JsonValues(keyFields);
        this.json = JsonValues.factory(text);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (lines == null) lines = new Lines(bytes, object);
        Optional<Record> same = sameLine(bad);
        if (same.isPresent()) return same;
        while (lines.next()) {
            if (blank(lines.length())) continue;
            Origin origin = new Origin(object, lines.line());
            try {
                Record record = record(origin);
                if (record != null) return Optional.of(record);
                same = sameLine(bad);
                if (same.isPresent()) return same;
            } catch (BadRecordException e) {
                bad.accept(new BadRow(origin, raw(LONGEST_RAW), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** The next object of a line with several. */
    private Optional<Record> sameLine(Consumer<BadRow> bad) {
        if (rest == null) return Optional.empty();
        Origin origin = new Origin(object, lines.line());
        try {
            while (rest.nextToken() != null) {
                try {
                    return Optional.of(values.record(rest, origin));
                } catch (BadRecordException e) {
                    while (!rest.getParsingContext().inRoot()) rest.nextToken();
                    bad.accept(new BadRow(origin, raw(LONGEST_RAW), e.getMessage()));
                }
            }
            rest = null;
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("the line was read before", e);
        }
    }

    /** The record of the line; null when it has several objects. */
    private Record record(Origin origin) {
        if (lines.tooLong()) {
            if (!lines.terminated()) throw cutOff(origin, null);
            throw JsonValues.bad(origin, "a line", "be less than " + Lines.LONGEST + " bytes", "more");
        }
        checkUtf8(origin);
        Record usual = usual(origin);
        if (usual != null) return usual;
        if (!hasSeveral()) return alone(origin);
        several = true;
        try {
            rest = parserOfLine();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    /** The record of the line, read by the parser that read those before; null when it is none, and that parser is gone. */
    private Record usual(Origin origin) {
        try {
            if (parser == null) {
                feed = new LineFeed();
                parser = json.createParser(feed);
            }
            long end = feed.set(lines.buffer(), lines.begin(), lines.length());
            parser.nextToken();
            Record record = values.record(parser, origin);
            long left = end - parser.currentLocation().getByteOffset();
            if (left == 0 || blank((int) left)) return record;
        } catch (JacksonException | BadRecordException e) {
            // alone, it says why
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        parser = null;
        return null;
    }

    private Record alone(Origin origin) {
        try (JsonParser own = parserOfLine()) {
            own.nextToken();
            Record record = values.record(own, origin);
            if (own.nextToken() == null) return record;
            if (!lines.terminated()) throw cutOff(origin, null);
            throw JsonValues.bad(origin, "a line", "hold one JSON object, or several", "more");
        } catch (StreamConstraintsException e) {
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), "the line", "keep to the limits", JsonFault.of(e)), e);
        } catch (JacksonException e) {
            if (!lines.terminated()) throw cutOff(origin, e);
            String fault = JsonFault.of(e);
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), "the line", "be JSON", fault) + JsonValues.remedy(fault),
                    e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the line is objects, one behind the other. */
    private boolean hasSeveral() {
        int objects = 0;
        try (JsonParser own = parserOfLine()) {
            while (own.nextToken() != null) {
                if (own.currentToken() != JsonToken.START_OBJECT) return false;
                own.skipChildren();
                objects++;
            }
        } catch (IOException e) {
            return false; // whoever reads it says why
        }
        return objects > 1;
    }

    private JsonParser parserOfLine() throws IOException {
        return json.createParser(lines.buffer(), lines.begin(), lines.length());
    }

    /** The parser takes more for UTF-8 than there is. */
    private void checkUtf8(Origin origin) {
        if (lines.ascii() || Utf8.valid(lines.buffer(), lines.begin(), lines.begin() + lines.length())) return;
        if (!lines.terminated()) throw cutOff(origin, null);
        String remedy = likely.remedy(bytes, lines.buffer(), lines.begin(), lines.begin() + lines.length());
        throw new BadRecordException(
                SettingChecks.sentence(origin.toString(), "the line", "be " + bytes.charset(), "other bytes") + remedy);
    }

    /** Whether the last bytes of the line are. */
    private boolean blank(int length) {
        byte[] b = lines.buffer();
        int end = lines.begin() + lines.length();
        for (int i = end - length; i < end; i++) if (b[i] != ' ' && b[i] != '\t' && b[i] != '\r') return false;
        return true;
    }

    private IncompleteSourceException cutOff(Origin origin, Exception why) {
        return new IncompleteSourceException(
                SettingChecks.sentence(
                        origin.toString(), "the last line", "be whole or end with a line break", raw(100)),
                why);
    }

    private String raw(int most) {
        return new String(lines.buffer(), lines.begin(), Math.min(most, lines.length()), StandardCharsets.UTF_8);
    }

    @Override
    public boolean asStored() {
        return !bytes.converts() && !several;
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
