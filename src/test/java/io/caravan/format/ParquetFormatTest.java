package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.lz4.Lz4Compressor;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What others wrote with the library's own writer. */
class ParquetFormatTest {

    @TempDir
    Path folder;

    @Test
    void logicalTypesBecomeValues() {
        byte[] bytes = write(
                """
                message m {
                  required int32 id; optional int64 u (INTEGER(64,false)); optional int32 d9 (DECIMAL(9,2));
                  optional int64 d18 (DECIMAL(18,3)); optional binary d38 (DECIMAL(38,10)); optional int32 day (DATE);
                  optional int64 ms (TIMESTAMP(MILLIS,true)); optional int64 us (TIMESTAMP(MICROS,false));
                  optional int64 ns (TIMESTAMP(NANOS,true)); optional int32 t (TIME(MILLIS,true)); optional int96 old;
                  optional float f; optional double d; optional boolean b; optional binary text (STRING);
                  optional binary json (JSON); optional binary raw; optional fixed_len_byte_array(16) uuid (UUID);
                }
                """,
                CompressionCodecName.UNCOMPRESSED,
                row -> row.append("id", 7)
                        .append("u", -1L)
                        .append("d9", -12345)
                        .append("d18", 1L)
                        .append(
                                "d38",
                                Binary.fromConstantByteArray(
                                        new BigInteger("12345678901234567890123456789012345678").toByteArray()))
                        .append("day", -1)
                        .append("ms", -1L)
                        .append("us", 1L)
                        .append("ns", 1_700_000_000_123_456_789L)
                        .append("t", 3_600_000)
                        .append(
                                "old",
                                Binary.fromConstantByteArray(ByteBuffer.allocate(12)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putLong(1_000_000_001L)
                                        .putInt(2_440_589)
                                        .array()))
                        .append("f", 0.1f)
                        .append("d", 0.1)
                        .append("b", true)
                        .append("text", "é😀")
                        .append("json", "{\"a\":[1.50]}")
                        .append("raw", Binary.fromConstantByteArray(new byte[] {0, -1}))
                        .append("uuid", Binary.fromConstantByteArray(new byte[16])),
                row -> row.append("id", 8));
        List<List<Object>> rows = read(bytes).values();
        assertThat(rows.get(0))
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        7L,
                        new BigDecimal("18446744073709551615"),
                        new BigDecimal("-123.45"),
                        new BigDecimal("0.001"),
                        new BigDecimal("1234567890123456789012345678.9012345678"),
                        LocalDate.of(1969, 12, 31),
                        Instant.parse("1969-12-31T23:59:59.999Z"),
                        LocalDateTime.of(1970, 1, 1, 0, 0, 0, 1000),
                        Instant.ofEpochSecond(1_700_000_000, 123_456_789),
                        "01:00",
                        Instant.parse("1970-01-02T00:00:01.000000001Z"),
                        0.1,
                        0.1,
                        true,
                        "é😀",
                        Map.of("a", List.of(new BigDecimal("1.50"))),
                        new byte[] {0, -1},
                        "00000000-0000-0000-0000-000000000000"));
        assertThat(rows.get(1)).startsWith(8L, null, null).hasSize(18);
    }

    @Test
    void listsMapsAndStructsAreNested() {
        byte[] bytes = write(
                """
                message m { required binary id (STRING);
                  optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
                  optional group old (LIST) { repeated int32 array; }
                  optional group map (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }
                  optional group s { optional int32 a; optional group b { optional binary c (STRING); } }
                  repeated int32 plain; }
                """,
                CompressionCodecName.UNCOMPRESSED,
                row -> {
                    row.append("id", "x");
                    Group tags = row.addGroup("tags");
                    tags.addGroup("list").append("element", "a");
                    tags.addGroup("list");
                    row.addGroup("old").append("array", 1).append("array", 2);
                    Group map = row.addGroup("map");
                    map.addGroup("key_value").append("key", "k").append("value", 1);
                    map.addGroup("key_value").append("key", "n");
                    row.addGroup("s").addGroup("b").append("c", "deep");
                    row.append("plain", 5).append("plain", 6);
                },
                row -> row.append("id", "y").addGroup("tags"));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("k", 1L);
        map.put("n", null);
        Map<String, Object> struct = new LinkedHashMap<>();
        struct.put("a", null);
        struct.put("b", Map.of("c", "deep"));
        assertThat(read(bytes).values())
                .containsExactly(
                        List.of("x", Arrays.asList("a", null), List.of(1L, 2L), map, struct, List.of(5L, 6L)),
                        Arrays.asList("y", List.of(), null, null, null, List.of()));
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            mode = Mode.INCLUDE,
            names = {"UNCOMPRESSED", "GZIP", "SNAPPY", "ZSTD"})
    void pagesMayBePacked(CompressionCodecName codec) {
        byte[] bytes = write(
                "message m { required int64 id; }", codec, row -> row.append("id", 1L), row -> row.append("id", 2L));
        assertThat(read(bytes).values()).containsExactly(List.of(1L), List.of(2L));
    }

    @Test
    void rowsThatAreNoRecordsAreHandedOverAndTheRestGoesOn() {
        byte[] bytes = write(
                "message m { optional binary id (STRING); optional binary j (JSON); }",
                CompressionCodecName.UNCOMPRESSED,
                row -> row.append("j", "{}"),
                row -> row.append("id", "a").append("j", "{\"x\":"),
                row -> row.append(
                        "id", Binary.fromConstantByteArray(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})),
                row -> row.append("id", "good"));
        assertThat(read(bytes).reasons())
                .containsExactly(
                        "o.parquet:1: id must not be blank, got ''",
                        "o.parquet:2: column: j must be JSON, got '{\"x\":'",
                        "o.parquet:3: column: id must be UTF-8, got 'other bytes'");
        assertThat(read(bytes).records())
                .extracting(r -> r.key() + r.origin().line())
                .containsExactly("good4");
    }

    @Test
    void valuesThatRowsShareAreTheSameInEachOfThemAndSoAreTheirProblems() {
        Binary half = Binary.fromConstantByteArray(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
        byte[] bytes = write(
                "message m { required int64 id; optional binary t (STRING); optional binary j (JSON);"
                        + " optional fixed_len_byte_array(16) u (UUID); optional binary raw; }",
                CompressionCodecName.UNCOMPRESSED,
                IntStream.range(0, 30)
                        .<Consumer<Group>>mapToObj(i -> row -> row.append("id", (long) i)
                                .append("t", i % 3 == 0 ? half : Binary.fromString("text " + i % 2))
                                .append("j", "[" + i % 2 + "]")
                                .append("u", Binary.fromConstantByteArray(new byte[16]))
                                .append("raw", Binary.fromConstantByteArray(new byte[] {(byte) (i % 2)})))
                        .<Consumer<Group>>toArray(n -> consumers(n)));
        assertThat(read(bytes).reasons())
                .hasSize(10)
                .allMatch(reason -> reason.endsWith("column: t must be UTF-8, got 'other bytes'"));
        assertThat(read(bytes).values()).hasSize(20).allSatisfy(row -> assertThat(row)
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        row.get(0),
                        "text " + (long) row.get(0) % 2,
                        List.of((long) row.get(0) % 2),
                        "00000000-0000-0000-0000-000000000000",
                        new byte[] {(byte) ((long) row.get(0) % 2)})));
    }

    @SuppressWarnings("unchecked") // there are no arrays of generic types
    private static Consumer<Group>[] consumers(int n) {
        return new Consumer[n];
    }

    @Test
    void decimalsOfAnyLengthKeepTheirValue() {
        Random random = new Random(1);
        List<BigInteger> unscaled = new ArrayList<>(List.of(BigInteger.ZERO, BigInteger.ONE.negate()));
        for (int bits = 1; bits < 126; bits++) {
            BigInteger edge = BigInteger.ONE.shiftLeft(bits);
            BigInteger any = new BigInteger(bits, random);
            unscaled.addAll(List.of(edge, edge.negate(), edge.subtract(BigInteger.ONE), any, any.negate()));
        }
        byte[] bytes = write(
                "message m { required int64 id; required fixed_len_byte_array(16) d (DECIMAL(38,3));"
                        + " required binary s (DECIMAL(38,3)); }",
                CompressionCodecName.UNCOMPRESSED,
                IntStream.range(0, unscaled.size())
                        .<Consumer<Group>>mapToObj(i -> row -> row.append("id", (long) i)
                                .append("d", Binary.fromConstantByteArray(sixteen(unscaled.get(i))))
                                .append(
                                        "s",
                                        Binary.fromConstantByteArray(
                                                unscaled.get(i).toByteArray())))
                        .<Consumer<Group>>toArray(n -> consumers(n)));
        List<BigDecimal> expected =
                unscaled.stream().map(u -> new BigDecimal(u, 3)).toList();
        assertThat(read(bytes).values()).extracting(row -> row.get(1)).isEqualTo(expected);
        assertThat(read(bytes).values()).extracting(row -> row.get(2)).isEqualTo(expected);
    }

    private static byte[] sixteen(BigInteger number) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) (number.signum() < 0 ? -1 : 0));
        byte[] shortest = number.toByteArray();
        System.arraycopy(shortest, 0, bytes, 16 - shortest.length, shortest.length);
        return bytes;
    }

    @Test
    void aFieldOfTheSameNameInAGroupOrWithADotInItsNameIsAnother() {
        byte[] bytes = write(
                """
                message m { optional group before { optional int64 id; optional group id2 { optional int64 id; } }
                  required int64 id; optional int64 before.id; optional group after { repeated int64 id; } }
                """,
                CompressionCodecName.UNCOMPRESSED,
                row -> {
                    row.addGroup("before").append("id", 1L).addGroup("id2").append("id", 2L);
                    row.append("id", 3L).append("before.id", 4L);
                    row.addGroup("after").append("id", 5L);
                },
                row -> row.append("id", 6L));
        Map<String, Object> nothing = null;
        assertThat(read(bytes).values())
                .containsExactly(
                        List.of(Map.of("id", 1L, "id2", Map.of("id", 2L)), 3L, 4L, Map.of("id", List.of(5L))),
                        Arrays.asList(nothing, 6L, null, nothing));
    }

    @Test
    void aKeyThatAMapHasTwiceMakesABadRowAlsoWhenItsFirstValueIsNull() {
        byte[] bytes = write("""
                message m { required int64 id;
                  optional group map (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } } }
                """, CompressionCodecName.UNCOMPRESSED, row -> {
            Group map = row.append("id", 1L).addGroup("map");
            map.addGroup("key_value").append("key", "k");
            map.addGroup("key_value").append("key", "k").append("value", 1);
        });
        assertThat(read(bytes).reasons()).containsExactly("o.parquet:1: column: map must have no key twice, got 'k'");
    }

    @Test
    void aMapWhoseEntriesHaveMoreThanAValueLosesNoneOfIt() {
        byte[] bytes = write("""
                message m { required int64 id; optional group map (MAP) { repeated group entry {
                  required binary key (STRING); optional int32 value; optional int32 more; } } }
                """, CompressionCodecName.UNCOMPRESSED, row -> row.append("id", 1L)
                .addGroup("map")
                .addGroup("entry")
                .append("key", "k")
                .append("value", 1)
                .append("more", 2));
        assertThat(read(bytes).values())
                .containsExactly(List.of(1L, Map.of("entry", List.of(Map.of("key", "k", "value", 1L, "more", 2L)))));
    }

    @Test
    void fieldsOfAGroupMustDifferInName() {
        MessageType type = MessageTypeParser.parseMessageType(
                "message m { optional group g { optional int64 a; optional int64 a; } }");
        assertThatThrownBy(() -> new ParquetRows(type)).hasMessage("the fields of g must differ in name");
    }

    @Test
    void bytesAreAKeyAsHexadecimalDigitsBySetting() {
        byte[] bytes = write(
                "message m { required binary id; required fixed_len_byte_array(2) f; }",
                CompressionCodecName.ZSTD,
                row -> row.append("id", Binary.fromConstantByteArray(new byte[] {0, -1, 10}))
                        .append("f", Binary.fromConstantByteArray(new byte[] {1, 2})));
        assertThat(Reading.of(new ParquetFormat(), "o.parquet", bytes, "f", "id")
                        .reasons())
                .containsExactly(
                        "o.parquet:1: f must be a text, number, boolean or time as a part of the key, got 'bytes';"
                                + " binaryKeys: hex makes a text of them");
        TextOptions hex =
                TextOptions.of("auto", 0, "", "fail", "fail", "fail", "", false, "fail", "hex", "first", "number");
        var record = Reading.of(new ParquetFormat(hex), "o.parquet", bytes, "id")
                .records()
                .get(0);
        assertThat(record.key()).isEqualTo("00ff0a");
        assertThat(record.at(0)).isEqualTo("00ff0a");
        assertThat(record.at(1)).as("no key").isEqualTo(new byte[] {1, 2});
        assertThat(new ParquetFormat(hex).form("o.parquet")).isEmpty();
    }

    @Test
    void aKeyMayLieInsideAGroup() {
        byte[] bytes = write(
                "message m { optional group node { optional int64 id; } required int64 v; }",
                CompressionCodecName.ZSTD,
                row -> row.append("v", 1L).addGroup("node").append("id", 7L),
                row -> row.append("v", 2L));
        Reading reading = Reading.of(new ParquetFormat(), "o.parquet", bytes, "node.id");
        assertThat(reading.records()).extracting(Record::key).containsExactly("7");
        assertThat(reading.values()).containsExactly(List.of(Map.of("id", 7L), 1L, 7L));
        assertThat(reading.reasons()).containsExactly("o.parquet:2: node.id must be there, got ''");
        assertThatThrownBy(() -> Reading.of(new ParquetFormat(), "o.parquet", bytes, "other.id"))
                .hasMessage("o.parquet: the columns must have the key other.id, got '[node, v]'");
    }

    @Test
    void anIntervalIsATextOfIso8601() {
        Binary none = Binary.fromConstantByteArray(new byte[12]);
        byte[] some = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(14)
                .putInt(3)
                .putInt(3_661_500)
                .array();
        byte[] bytes = write(
                "message m { required int64 id; required fixed_len_byte_array(12) i (INTERVAL); }",
                CompressionCodecName.ZSTD,
                row -> row.append("id", 1L).append("i", Binary.fromConstantByteArray(some)),
                row -> row.append("id", 2L).append("i", none));
        assertThat(read(bytes).values()).containsExactly(List.of(1L, "P1Y2M3DT1H1M1.5S"), List.of(2L, "PT0S"));
    }

    @Test
    void pagesPackedByHadoopsLz4AndThoseOfNothingAreRead() throws IOException {
        byte[] page = "abcabcabcabcabcabc and the rest".repeat(50).getBytes(UTF_8);
        ByteBuffer framed = ByteBuffer.allocate(2 * page.length + 100);
        for (int half = 0; half < 2; half++) {
            byte[] part = Arrays.copyOfRange(page, half * page.length / 2, (half + 1) * page.length / 2);
            byte[] packed = lz4(part);
            framed.putInt(part.length).putInt(packed.length).put(packed);
        }
        var lz4 = new ParquetCodecs().getDecompressor(CompressionCodecName.LZ4);
        for (byte[] packed : List.of(Arrays.copyOf(framed.array(), framed.position()), lz4(page))) {
            assertThat(lz4.decompress(BytesInput.from(packed), page.length).toByteArray())
                    .isEqualTo(page);
        }
        assertThatThrownBy(() -> lz4.decompress(
                        BytesInput.from(Arrays.copyOf(framed.array(), framed.position() - 3)), page.length))
                .isInstanceOf(Exception.class);
        for (CompressionCodecName codec : List.of(
                CompressionCodecName.SNAPPY,
                CompressionCodecName.ZSTD,
                CompressionCodecName.GZIP,
                CompressionCodecName.LZ4,
                CompressionCodecName.LZ4_RAW)) {
            assertThat(new ParquetCodecs()
                            .getDecompressor(codec)
                            .decompress(BytesInput.from(new byte[0]), 0)
                            .toByteArray())
                    .as("a second version's data page of nulls, %s", codec)
                    .isEmpty();
        }
        assertThatThrownBy(() -> new ParquetCodecs()
                        .getDecompressor(CompressionCodecName.BROTLI)
                        .decompress(BytesInput.from(new byte[1]), 1))
                .hasMessage("pages packed as BROTLI cannot be read");
    }

    private static byte[] lz4(byte[] bytes) {
        Lz4Compressor lz4 = new Lz4Compressor();
        byte[] packed = new byte[lz4.maxCompressedLength(bytes.length)];
        return Arrays.copyOf(packed, lz4.compress(bytes, 0, bytes.length, packed, 0, packed.length));
    }

    @Test
    void namesAreInNfc() {
        byte[] bytes = write(
                "message m { required int64 id; required int64 cle\u0301; }",
                CompressionCodecName.ZSTD,
                row -> row.append("id", 1L).append("cle\u0301", 2L));
        assertThat(read(bytes).records())
                .extracting(r -> r.fields().names())
                .containsExactly(List.of("id", "cl\u00e9"));
    }

    @Test
    void whatHasNoKeyOrIsDamagedIsNoSuccess() {
        byte[] bytes = write("message m { required int64 x; }", CompressionCodecName.ZSTD, row -> row.append("x", 1L));
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.parquet: the columns must have the key id, got '[x]'");
        assertThatThrownBy(() -> read("PAR1 no Parquet PAR1".getBytes(UTF_8)))
                .isInstanceOf(IncompleteSourceException.class);
    }

    @SafeVarargs
    private byte[] write(String schema, CompressionCodecName codec, Consumer<Group>... rows) {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        Path file = folder.resolve("x.parquet");
        try {
            Files.deleteIfExists(file);
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                    .withType(type)
                    .withConf(new PlainParquetConfiguration())
                    .withCodecFactory(new ParquetCodecs())
                    .withCompressionCodec(codec)
                    .build()) {
                for (Consumer<Group> row : rows) {
                    Group group = new SimpleGroup(type);
                    row.accept(group);
                    writer.write(group);
                }
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reading read(byte[] bytes) {
        return Reading.of(new ParquetFormat(), "o.parquet", bytes, "id");
    }
}
