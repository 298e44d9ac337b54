package io.caravan.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.error.SettingChecks;
import io.caravan.format.JsonRecords;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** One answer of an API, read while it arrives: the list of records in it, and what it says of the next page. */
final class JsonPage implements AutoCloseable {

    private static final int LONGEST_NEXT = 8 * 1024;

    private final String name;
    private final InputStream bytes;
    private final JsonPath records;
    private final Optional<JsonPath> nextAt;
    private final JsonParser json;
    private boolean inRecords;
    private boolean found;
    private boolean begun;
    private boolean nextFound;
    private String next = "";

    /** {@code name}: what messages call it. */
    JsonPage(String name, InputStream bytes, JsonRecords reader, JsonPath records, Optional<JsonPath> nextAt)
            throws IOException {
        this.name = name;
        this.bytes = bytes;
        this.records = records;
        this.nextAt = nextAt;
        this.json = reader.parser(bytes, name);
    }

    JsonParser json() {
        return json;
    }

    /**
     * Goes to the first token of the next element of the list; whoever reads it leaves the parser at its last token. False
     * at the end of the answer, which was whole JSON with the list in it.
     */
    boolean next() throws IOException {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (inRecords) {
                if (token != JsonToken.END_ARRAY) return true;
                inRecords = false;
            } else if (token.isStructStart() || token.isScalarValue()) {
                meet(token);
            }
        }
        if (!begun) throw broken("the answer", "be JSON", "nothing");
        if (!found) throw broken("the answer", "hold a list of records at " + records, "an answer without");
        return false;
    }

    /** What stands at the path of the next page, empty for nothing, null or false; complete after the last record. */
    String nextText() {
        return next;
    }

    private void meet(JsonToken token) throws IOException {
        if (json.getParsingContext().inRoot()
                || (token.isStructStart()
                        && json.getParsingContext().getParent().inRoot())) {
            if (begun) throw broken("the answer", "be one JSON value", "more");
            begun = true;
        }
        if (records.at(json)) {
            if (found || token != JsonToken.START_ARRAY) {
                throw broken("the answer", "hold one list of records at " + records, found ? "two" : "another value");
            }
            found = true;
            inRecords = true;
        } else if (nextAt.isPresent() && nextAt.get().at(json)) {
            if (nextFound) throw broken("the answer", "say the next page once at " + nextAt.get(), "two");
            nextFound = true;
            next = switch (token) {
                case VALUE_NULL, VALUE_FALSE -> "";
                case VALUE_STRING, VALUE_NUMBER_INT -> json.getText();
                default -> throw broken(nextAt.get().toString(), "be a text or null", "another value");
            };
            if (next.length() > LONGEST_NEXT) {
                throw broken(nextAt.get().toString(), "be at most " + LONGEST_NEXT + " characters", next.length());
            }
        }
    }

    private IncompleteSourceException broken(String what, String rule, Object got) {
        return new IncompleteSourceException(SettingChecks.sentence(name, what, rule, got));
    }

    @Override
    public void close() throws IOException {
        json.close();
        bytes.close();
    }
}
