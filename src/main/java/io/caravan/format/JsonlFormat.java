package io.caravan.format;

import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads JSON lines: one JSON object a line, in the charset that a byte order mark or a setting says, or UTF-8, LF or CRLF. {@code docs/formats.md} says what becomes of its values.
 *
 * <ul>
 *   <li>bad rows: a line that is no JSON object, has bytes that are none of the charset, has a name twice, or is beyond a limit; lines of blanks
 *       are skipped
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} for a last line without line break that is no whole
 *       JSON
 * </ul>
 */
public final class JsonlFormat implements Format {

    private final TextOptions text;

    public JsonlFormat() {
        this(TextOptions.DEFAULT);
    }

    public JsonlFormat(TextOptions text) {
        this.text = text;
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new JsonlReader(bytes, object, text, keyFields);
    }

    @Override
    public Optional<ObjectForm> form(String object) {
        return text.plain() ? Optional.of(ObjectForm.of(ObjectForm.Kind.JSONL)) : Optional.empty();
    }
}
