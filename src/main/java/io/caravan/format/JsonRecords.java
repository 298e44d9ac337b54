package io.caravan.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import io.caravan.error.BadRecordException;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes records of the JSON objects that a parser meets, as {@link JsonFormat} does. Not thread-safe: one per reader. */
public final class JsonRecords {

    private final JsonValues values;
    private RowLimit limit;

    public JsonRecords(List<String> keyFields) {
        this.values = new JsonValues(keyFields);
    }

    /** A parser for {@link #read}; {@code object} is what messages call these bytes. */
    public JsonParser parser(InputStream bytes, String object) throws IOException {
        limit = new RowLimit(new Utf8Stream(bytes, object), object, "a record");
        return JsonValues.JSON.createParser(limit);
    }

    /**
     * The record whose first token is the parser's; the parser then stands at its last token.
     *
     * <ul>
     *   <li>out: empty for what is no record, which goes to {@code bad}
     *   <li>errors: {@link io.caravan.source.IncompleteSourceException} for one of more than 64 MiB; IOException of the parser
     * </ul>
     */
    public Optional<Record> read(JsonParser parser, Origin origin, Consumer<BadRow> bad) throws IOException {
        limit.rowBegins();
        JsonStreamContext outer = parser.getParsingContext();
        if (parser.currentToken().isStructStart()) outer = outer.getParent();
        try {
            return Optional.of(values.record(parser, origin));
        } catch (BadRecordException e) {
            while (parser.getParsingContext() != outer && parser.nextToken() != null) {}
            bad.accept(new BadRow(origin, "", e.getMessage()));
            return Optional.empty();
        }
    }
}
