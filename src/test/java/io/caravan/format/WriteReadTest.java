package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a format wrote it reads with nothing lost, and writing that again writes the same bytes. */
class WriteReadTest {

    @Property(tries = 1000)
    void jsonLines(@ForAll long seed) {
        check(new JsonlForm(Compression.NONE), seed);
    }

    @Property(tries = 1000)
    void jsonArrays(@ForAll long seed) {
        check(new JsonArrayForm(Compression.values()[(int) Math.floorMod(seed, 3)]), seed);
    }

    @Property(tries = 300)
    void csv(@ForAll long seed) {
        check(new CsvForm(",", false, Compression.ZSTD), seed);
    }

    @Property(tries = 300)
    void neutralisedCsv(@ForAll long seed) {
        check(new CsvForm(";", true, Compression.NONE), seed);
    }

    @Property(tries = 200)
    void parquet(@ForAll long seed) {
        check(new ParquetForm(Compression.values()[(int) Math.floorMod(seed, 4)]), seed);
    }

    private static void check(WritableFormat format, long seed) {
        List<Record> records = new AwkwardRecords(seed).some(20);
        records.forEach(format::check);
        Columns columns = new Columns();
        records.forEach(columns::add);
        if (records.isEmpty() && columns.names().isEmpty()) return;
        byte[] once = write(format, columns, records);
        List<Record> read = new ArrayList<>();
        Columns readColumns = new Columns();
        try (var reader = format.open(new ByteArrayInputStream(once), "o" + format.suffix(), List.of("_key"))) {
            if (reader instanceof Columned columned) readColumns = columned.columns();
            for (Optional<Record> r = reader.read(WriteReadTest::fail);
                    r.isPresent();
                    r = reader.read(WriteReadTest::fail)) {
                read.add(r.get());
            }
        }
        assertThat(read)
                .extracting(Record::key)
                .isEqualTo(records.stream().map(Record::key).toList());
        assertThat(hashes(format, read)).isEqualTo(hashes(format, records));
        assertThat(write(format, readColumns, read)).isEqualTo(once);
        // as an object is after a merge with more columns and types
        Columns joined = readColumns;
        List<Record> more = new AwkwardRecords(~seed).some(20);
        more.forEach(joined::add);
        List<Record> all = new ArrayList<>(read);
        all.addAll(more);
        Reading merged = Reading.of(format, "o" + format.suffix(), write(format, joined, all), "_key");
        assertThat(merged.bad()).isEmpty();
        assertThat(hashes(format, merged.records())).isEqualTo(hashes(format, all));
    }

    private static void fail(io.caravan.source.BadRow bad) {
        throw new AssertionError(bad.reason());
    }

    private static List<Hash> hashes(WritableFormat format, List<Record> records) {
        return records.stream().map(format::hash).toList();
    }

    private static byte[] write(WritableFormat format, Columns columns, List<Record> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RecordWriter writer = format.write(out, columns)) {
            for (Record record : records) writer.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
