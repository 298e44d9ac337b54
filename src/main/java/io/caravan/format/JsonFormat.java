package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;

/**
 * Reads the objects of one array in a JSON document, one by one: the document itself, or the array at a path of names.
 * {@code docs/formats.md} says what becomes of its values; the line of a record is its number in the array.
 *
 * <ul>
 *   <li>bad rows: an element that is no object, has a name twice, or is beyond a limit
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when the document is no JSON, has bytes that are none of the charset, ends
 *       early, or has no array there, or two
 * </ul>
 */
public final class JsonFormat implements Format {

    private final List<String> path;
    private final TextOptions text;

    /** As we write texts ourselves. */
    public JsonFormat(String path) {
        this(path, TextOptions.DEFAULT);
    }

    /** @param path the names that lead to the array, with dots between them; blank when the document is the array */
    public JsonFormat(String path, TextOptions text) {
        this.text = text;
        String names = path.strip();
        this.path = names.isEmpty() ? List.of() : List.of(names.split("\\.", -1));
        new SettingChecks("json")
                .must(this.path.stream().noneMatch(String::isBlank), "path", "be names with dots between them", path)
                .check();
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new JsonReader(bytes, object, path, text, keyFields);
    }
}
