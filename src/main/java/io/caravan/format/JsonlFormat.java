package io.caravan.format;

import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads JSON lines: UTF-8, one JSON object a line, LF or CRLF. {@code docs/formats.md} says what becomes of its values.
 *
 * <ul>
 *   <li>bad rows: a line that is no JSON object, is not UTF-8, has a name twice, or is beyond a limit; lines of blanks
 *       are skipped
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} for a last line without line break that is no whole
 *       JSON
 * </ul>
 */
public final class JsonlFormat implements Format {

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new JsonlReader(bytes, object, keyFields);
    }

    @Override
    public Optional<ObjectForm> form(String object) {
        return Optional.of(ObjectForm.of(ObjectForm.Kind.JSONL));
    }
}
