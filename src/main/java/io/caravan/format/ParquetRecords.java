package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the rows of one Parquet object, row group by row group. */
final class ParquetRecords implements Columned {

    private final InputStream bytes;
    private final String object;
    private final List<String> keyFields;
    private final boolean hexKeys;

    private LocalCopy copy;
    private ParquetFileReader file;
    private MessageType schema;
    private MessageColumnIO columns;
    private ParquetRows rows;
    private RecordMaker maker;
    private NestedKeys nested;
    private int[] keyPositions;
    private RecordReader<Object[]> group;
    private long left; // in the row group
    private long row;

    /** @param hexKeys whether bytes in key fields become texts */
    ParquetRecords(InputStream bytes, String object, List<String> keyFields, boolean hexKeys) {
        this.hexKeys = hexKeys;
        this.bytes = bytes;
        this.object = object;
        this.keyFields = keyFields;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        return guarded(() -> {
            begin();
            while (left > 0 || nextGroup()) {
                left--;
                Origin origin = new Origin(object, ++row);
                Object[] values = group.read();
                try {
                    rows.check(origin);
                    values = nested.with(values, origin);
                    keysAsTexts(values, origin);
                    return Optional.of(maker.make(values, origin));
                } catch (BadRecordException e) {
                    bad.accept(new BadRow(origin, raw(values), e.getMessage()));
                }
            }
            return Optional.empty();
        });
    }

    private void keysAsTexts(Object[] values, Origin origin) {
        for (int key : keyPositions) {
            if (!(values[key] instanceof byte[] bytes)) continue;
            if (!hexKeys) {
                String field = nested.fields().names().get(key);
                throw new BadRecordException(SettingChecks.sentence(
                                origin.toString(),
                                field,
                                "be a text, number, boolean or time as a part of the key",
                                "bytes")
                        + "; binaryKeys: hex makes a text of them");
            }
            values[key] = HexFormat.of().formatHex(bytes);
        }
    }

    @Override
    public Columns columns() {
        return guarded(() -> {
            begin();
            Columns kinds = new Columns();
            for (Type field : schema.getFields()) kinds.add(field.getName(), ParquetTypes.kind(field));
            return kinds;
        });
    }

    /** What can fail with almost anything when the object is hostile. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T guarded(Work<T> work) {
        try {
            return work.run();
        } catch (CaravanException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, "the object", "be whole Parquet", Words.damage(e)), e);
        }
    }

    private void begin() throws IOException {
        if (maker != null) return;
        copy = new LocalCopy(bytes, object);
        file = opened(ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .usePageChecksumVerification()
                .build());
        schema = file.getFileMetaData().getSchema();
        nested = nested();
        Fields fields = nested.fields();
        columns = new ColumnIOFactory().getColumnIO(schema);
        rows = new ParquetRows(schema);
        keyPositions = keyFields.stream().mapToInt(fields::indexOf).toArray();
        maker = new RecordMaker(fields, keyFields);
    }

    /** The library takes a logical type that it does not know for null, and fails at it without a word. */
    private ParquetFileReader opened(ParquetReadOptions options) throws IOException {
        try {
            return ParquetFileReader.open(new LocalInputFile(copy.file()), options);
        } catch (NullPointerException e) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(
                            object,
                            "the columns",
                            "have logical types that Parquet 2.11 has",
                            "a newer one; write it as its plain type"),
                    e);
        }
    }

    private NestedKeys nested() {
        List<String> names = schema.getFields().stream()
                .map(column -> FieldNames.of(column.getName()))
                .toList();
        if (names.size() > Shapes.MOST_FIELDS) {
            throw broken("columns", "be at most " + Shapes.MOST_FIELDS, names.size() + "");
        }
        for (String name : names) {
            if (name.isBlank() || name.indexOf('\0') >= 0)
                throw broken("a column's name", "not be blank nor hold NUL", name);
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw broken(
                    "names of columns",
                    "differ, also without blanks around them and in NFC",
                    Texts.cut(names.toString()));
        }
        NestedKeys all = NestedKeys.of(names, keyFields);
        List<String> missing =
                keyFields.stream().filter(key -> all.fields().indexOf(key) < 0).toList();
        if (!missing.isEmpty()) {
            throw broken("the columns", "have the key " + String.join(",", missing), Texts.cut(names.toString()));
        }
        return all;
    }

    private boolean nextGroup() throws IOException {
        int next = groups++;
        if (next >= file.getRowGroups().size()) return false;
        BlockMetaData block = file.getRowGroups().get(next);
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (block.getCompressedSize() > most) {
            throw broken(
                    "row groups",
                    "be at most " + most + " bytes, half of our memory",
                    block.getCompressedSize() + "'; give Java more with '-Xmx");
        }
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) return false;
        left = pages.getRowCount();
        group = columns.getRecordReader(pages, rows);
        return left > 0 || nextGroup();
    }

    private int groups;

    private static String raw(Object[] values) {
        return Arrays.stream(values)
                .limit(1000)
                .map(v -> v == null ? "" : v.toString())
                .collect(Collectors.joining("\t"));
    }

    private IncompleteSourceException broken(String what, String rule, String value) {
        return new IncompleteSourceException(SettingChecks.sentence(object, what, rule, value));
    }

    @Override
    public void close() {
        try (LocalCopy gone = copy;
                ParquetFileReader closed = file;
                InputStream in = bytes) {
            // in this order, all of them
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }
}
