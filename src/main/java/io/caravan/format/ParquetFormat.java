package io.caravan.format;

import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads Parquet. {@code docs/formats.md} says what becomes of its types; the line of a record is its number. The object
 * is copied to a temporary file first; a row group at a time is in memory.
 *
 * <ul>
 *   <li>bad rows: a blank key, a text that is not UTF-8, a JSON value that is none
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when it is no Parquet, cut, damaged, packed in a way
 *       we do not know, or has no such key
 * </ul>
 */
public final class ParquetFormat implements Format {

    private final boolean hexKeys;

    public ParquetFormat() {
        this(TextOptions.DEFAULT);
    }

    public ParquetFormat(TextOptions text) {
        this.hexKeys = text.hexKeys();
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new ParquetRecords(bytes, object, keyFields, hexKeys);
    }

    @Override
    public Optional<ObjectForm> form(String object) {
        return hexKeys ? Optional.empty() : Optional.of(ObjectForm.of(ObjectForm.Kind.PARQUET));
    }
}
