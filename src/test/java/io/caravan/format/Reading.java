package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a format makes of bytes. */
record Reading(List<Record> records, List<BadRow> bad) {

    static Reading of(Format format, String object, byte[] bytes, String... keyFields) {
        return of(format, object, trickle(bytes), keyFields);
    }

    static Reading of(Format format, String object, String text, String... keyFields) {
        return of(format, object, text.getBytes(UTF_8), keyFields);
    }

    static Reading of(Format format, String object, InputStream bytes, String... keyFields) {
        Reading reading = new Reading(new ArrayList<>(), new ArrayList<>());
        try (RecordReader reader = format.open(bytes, object, List.of(keyFields))) {
            for (Optional<Record> r = reader.read(reading.bad::add); r.isPresent(); r = reader.read(reading.bad::add)) {
                reading.records.add(r.get());
            }
            if (reader.read(reading.bad::add).isPresent()) throw new IllegalStateException("the end must stay the end");
        }
        return reading;
    }

    List<List<Object>> values() {
        return records.stream().map(Reading::values).toList();
    }

    List<String> reasons() {
        return bad.stream().map(BadRow::reason).toList();
    }

    static List<Object> values(Record record) {
        Object[] values = new Object[record.fields().size()];
        Arrays.setAll(values, record::at);
        return Arrays.asList(values);
    }

    /** A stream as a network gives it: sometimes one byte, sometimes many, never saying what is available. */
    static InputStream trickle(byte[] bytes) {
        Random random = new Random(bytes.length);
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(200)));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    static byte[] pack(Compression compression, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packing = compression.pack(out)) {
            packing.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
