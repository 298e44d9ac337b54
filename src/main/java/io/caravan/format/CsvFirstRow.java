package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The first row of a CSV object, whatever it is, as a record of {@code column1}, {@code column2}, ...; no more rows. */
public final class CsvFirstRow implements Format {

    private final CsvFormat format;

    /**
     * @param delimiter as {@link CsvFormat} takes it
     * @param text how it is written
     * @param headerRow the number of the line that counts as the first
     */
    public CsvFirstRow(String delimiter, TextOptions text, int headerRow) {
        this.format = new CsvFormat(delimiter, List.of(), "first", "", text.withHeaderAt(headerRow));
    }

    /** What the columns of a row are called that has so many. */
    public static List<String> names(int columns) {
        return IntStream.rangeClosed(1, columns).mapToObj(i -> "column" + i).toList();
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        CharsetStream stream = new CharsetStream(bytes, object, format.text().charset());
        return new RecordReader() {
            private boolean read;

            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                if (read) return Optional.empty();
                read = true;
                CsvRows rows = new CsvRows(
                        stream, object, format.delimiter(), format.text().csv());
                return rows.next() ? Optional.of(record(rows, object, stream)) : Optional.empty();
            }

            @Override
            public void close() {
                try {
                    stream.close();
                } catch (IOException e) {
                    throw new UnavailableException(object + ": closing failed", e);
                }
            }
        };
    }

    private static Record record(CsvRows rows, String object, CharsetStream stream) {
        Object[] texts = new Object[rows.fields()];
        try {
            for (int i = 0; i < texts.length; i++) texts[i] = rows.text(i);
        } catch (CharacterCodingException e) {
            String remedy = rows.seen((b, from, to) -> new LikelyCharset().remedy(stream, b, from, to));
            throw new IncompleteSourceException(
                    SettingChecks.sentence(
                                    object + ":" + rows.line(),
                                    "the first row",
                                    "be " + stream.charset(),
                                    "other bytes")
                            + remedy,
                    e);
        }
        return new RecordMaker(new Fields(names(texts.length)), List.of()).make(texts, new Origin(object, rows.line()));
    }
}
