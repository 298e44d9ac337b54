package io.caravan.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the elements of one array, then the rest of the document, so that only a whole one is a success. */
final class JsonReader implements RecordReader {

    private final InputStream bytes;
    private final String object;
    private final List<String> path;
    private final JsonValues values;
    private final JsonFactory json;
    private final RowLimit limit;
    private JsonParser parser;
    private JsonStreamContext array; // null before it begins and after it ended
    private boolean found;
    private boolean ended;
    private long index;

    JsonReader(InputStream bytes, String object, List<String> path, TextOptions text, List<String> keyFields) {
        this.bytes = bytes;
        this.object = object;
        this.path = path;
        this.values = new JsonValues(keyFields);
        this.json = JsonValues.factory(text);
        this.limit = new RowLimit(
                new Utf8Stream(new CharsetStream(bytes, object, text.charset()), object), object, "a record");
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (ended) return Optional.empty();
        try {
            if (parser == null) {
                parser = json.createParser(limit);
                toArray();
            }
            while (next()) {
                Origin origin = new Origin(object, ++index);
                try {
                    return Optional.of(values.record(parser, origin));
                } catch (BadRecordException e) {
                    toEndOfElement();
                    bad.accept(new BadRow(origin, "", e.getMessage()));
                }
            }
            toEnd();
            ended = true;
            return Optional.empty();
        } catch (JacksonException e) {
            String fault = JsonFault.at(e);
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, "the object", "be whole JSON", fault) + JsonValues.remedy(fault), e);
        } catch (IOException e) {
            throw new UnavailableException(object + ": reading stopped at record " + index, e);
        }
    }

    private boolean next() throws IOException {
        limit.rowBegins();
        if (parser.nextToken() != JsonToken.END_ARRAY) return true;
        array = null;
        return false;
    }

    /** On to the first token of the array at the path; all else before it is passed over. */
    private void toArray() throws IOException {
        if (parser.nextToken() == null) throw missing();
        if (path.isEmpty()) {
            if (parser.currentToken() != JsonToken.START_ARRAY) throw missing();
        } else if (!search(0)) {
            throw missing();
        }
        array = parser.getParsingContext();
        found = true;
    }

    /** Looks for the rest of the path in the object that begins here, depth first; passes it over when it is not there. */
    private boolean search(int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            skip();
            return false;
        }
        return searchRest(depth);
    }

    private boolean searchRest(int depth) throws IOException {
        while (true) {
            limit.rowBegins();
            String name = parser.nextFieldName();
            if (name == null) return false;
            parser.nextToken();
            boolean step = name.equals(path.get(depth));
            if (!step) skip();
            else if (depth + 1 < path.size()) {
                if (search(depth + 1)) return true;
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                if (found)
                    throw new IncompleteSourceException(SettingChecks.sentence(
                            object, "the document", "have one array at " + String.join(".", path), "two"));
                return true;
            } else {
                skip();
            }
        }
    }

    /** From the end of the array to the end of the document, which must not show another array at the path. */
    private void toEnd() throws IOException {
        for (int depth = path.size() - 1; depth >= 0; depth--) searchRest(depth);
        limit.rowBegins();
        if (parser.nextToken() != null) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, "the object", "end with the JSON document", "more"));
        }
    }

    /** Passes over the value that begins here, however large. */
    private void skip() throws IOException {
        if (!parser.currentToken().isStructStart()) return;
        JsonStreamContext outer = parser.getParsingContext().getParent();
        while (parser.getParsingContext() != outer) {
            limit.rowBegins();
            if (parser.nextToken() == null) return;
        }
    }

    private void toEndOfElement() throws IOException {
        while (parser.getParsingContext() != array) {
            if (parser.nextToken() == null) return;
        }
    }

    private IncompleteSourceException missing() {
        String where = path.isEmpty() ? "as its root" : "at " + String.join(".", path);
        return new IncompleteSourceException(
                SettingChecks.sentence(object, "the document", "have an array " + where, "none"));
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
