package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the folders of an object's name say of its records. */
class PartitionColumnsTest {

    private static final PartitionColumns AUTO = new PartitionColumns("objects-source", "auto");

    @TempDir
    private Path folder;

    @Test
    void everyFolderThatNamesAFieldIsOneAndTheFileIsNone() {
        assertThat(AUTO.of("a/year=2024/b/month=05/day=1.csv")).isEqualTo(map("year", "2024", "month", "05"));
        assertThat(AUTO.of("part.csv")).isEmpty();
        assertThat(AUTO.of("")).isEmpty();
        assertThat(AUTO.of("/")).isEmpty();
        assertThat(new PartitionColumns("objects-source", " ").of("year=2024/a.csv"))
                .isEmpty();
    }

    @Test
    void namedFieldsComeInTheirOrderAndOthersAreNone() {
        PartitionColumns named = new PartitionColumns("objects-source", "month, year");
        assertThat(named.of("=x/%ff=1/env=prod/year=2024/month=05/a.csv").toString())
                .isEqualTo("{month=05, year=2024}");
        assertThatThrownBy(() -> named.of("year=2024/a.csv"))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(
                        "year=2024/a.csv: the path must have a folder month=<value>, as partitionColumns says, got"
                                + " 'year=2024/a.csv'; rename it, name the fields one by one in 'partitionColumns', or narrow 'prefix'");
    }

    @Test
    void valuesAreWhatWasPercentEncodedAndAPercentThatBeginsNoEscapeStandsForItself() {
        assertThat(AUTO.of("a=b=c/x.csv")).isEqualTo(map("a", "b=c"));
        assertThat(AUTO.of("a=/x.csv")).isEqualTo(map("a", ""));
        assertThat(AUTO.of("a=__HIVE_DEFAULT_PARTITION__/x.csv")).isEqualTo(map("a", null));
        assertThat(AUTO.of("a=K%C3%B6ln%2f%3d%25/x.csv")).isEqualTo(map("a", "Köln/=%"));
        assertThat(AUTO.of("a=Köln 東京 \uD83D\uDE00/x.csv")).isEqualTo(map("a", "Köln 東京 \uD83D\uDE00"));
        assertThat(AUTO.of("a=5%/b=%zz%4/c=%%41/x.csv")).isEqualTo(map("a", "5%", "b", "%zz%4", "c", "%A"));
        assertThat(AUTO.of("a=../b=%2E%2E%2Fx/c=./x.csv")).isEqualTo(map("a", "..", "b", "../x", "c", "."));
        assertThat(AUTO.of("a=%5F%5FHIVE_DEFAULT_PARTITION__/x.csv")).isEqualTo(map("a", "__HIVE_DEFAULT_PARTITION__"));
        assertThat(AUTO.of("na%C3%AFve=1/x.csv")).isEqualTo(map("naïve", "1"));
        assertThat(AUTO.of("nai\u0308ve=1/x.csv")).isEqualTo(map("naïve", "1"));
        assertThat(AUTO.of("a=1/a=1/x.csv")).isEqualTo(map("a", "1"));
    }

    @Test
    void aFolderThatSaysNothingCertainFailsItsObject() {
        for (String name : List.of("=x", "%20=x", "%00=x", "%ff=x", "%3D=x", "a%2Fb=x")) {
            assertThatThrownBy(() -> AUTO.of("t/" + name + "/o.csv"))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessageStartingWith("t/" + name
                            + "/o.csv: the folder must begin with a field's name, as partitionColumns is auto, got '"
                            + name + "'");
        }
        for (String value : List.of("a=%ff", "a=%C3", "a=%C3x%B6")) {
            assertThatThrownBy(() -> AUTO.of(value + "/o.csv"))
                    .hasMessageStartingWith(value
                            + "/o.csv: the folder must be UTF-8 where it is percent-encoded, got '" + value + "'");
        }
        assertThatThrownBy(() -> AUTO.of("a=1/a=01/o.csv"))
                .hasMessageStartingWith("a=1/a=01/o.csv: the path must say 'a' once, as partitionColumns reads it");
    }

    @Test
    void aSettingThatNamesNoFieldsIsRefused() {
        for (String setting : List.of("auto,year", "year=2024", "a/b", "\0")) {
            assertThatThrownBy(() -> new PartitionColumns("objects-source", setting))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(
                            "objects-source: partitionColumns must be auto, or names without / and =, comma separated");
        }
        assertThatThrownBy(() -> new PartitionColumns("objects-source", "a, a"))
                .hasMessage("objects-source: partitionColumns must differ, got 'a, a'");
    }

    /** A column of the sink's file beside the folder that the sink made of it never differs from it. */
    @Property(tries = 500)
    void aValueIsTheSameBesideTheFolderThatIsMadeOfIt(@ForAll @From("typed") Object value) {
        Record record = Record.read("k", Fields.of("id", "f"), new Object[] {"k", value}, new Origin("o", 1));
        Map<String, String> said = AUTO.of(new Layout("", "f", 1, ".csv").of(record));
        for (WritableFormat form :
                List.of(new CsvForm(",", false, Compression.NONE), new JsonlForm(Compression.NONE))) {
            RecordReader reader = form.open(new ByteArrayInputStream(written(form, record)), "o", List.of("id"));
            List<BadRow> bad = new ArrayList<>();
            assertThat(new PartitionedRows(reader, names -> names, List.of("id"), said).read(bad::add))
                    .isPresent();
            assertThat(bad).isEmpty();
        }
    }

    private static byte[] written(WritableFormat form, Record record) {
        Columns columns = new Columns();
        columns.add(record);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RecordWriter writer = form.write(out, columns)) {
            writer.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Provide
    Arbitrary<Object> typed() {
        Arbitrary<Instant> times =
                Arbitraries.longs().between(-60_000_000_000L, 200_000_000_000L).map(Instant::ofEpochSecond);
        return Arbitraries.oneOf(
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1e40"), new BigDecimal("1e40"))
                        .ofScale(3)
                        .asGeneric(),
                Arbitraries.integers().between(-30, 30).map(i -> new BigDecimal("1.5").scaleByPowerOfTen(i)),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                times.asGeneric(),
                times.map(t -> t.atZone(ZoneOffset.UTC).toLocalDateTime()).asGeneric(),
                times.map(t -> t.atZone(ZoneOffset.UTC).toLocalDate()).asGeneric(),
                values().filter(v -> v != null).asGeneric());
    }

    /** What {@code objects-sink} puts into a folder's name by partitionBy, comes out of it. */
    @Property(tries = 1000)
    void whatTheSinkWritesIntoANameIsReadFromIt(@ForAll @From("values") String value) {
        Record record = Record.read("k", Fields.of("id", "f"), new Object[] {"k", value}, new Origin("o", 1));
        String object = new Layout("in/", "f", 1, ".csv").of(record);
        assertThat(AUTO.of(object)).isEqualTo(map("f", value));
    }

    @Property(tries = 2000)
    void noNameBreaksIt(@ForAll @From("names") String name) {
        try {
            AUTO.of(name).forEach((field, value) -> {
                assertThat(Fields.of(field).storable()).isTrue();
                assertThat(name).contains("=");
            });
        } catch (IncompleteSourceException e) {
            assertThat(e.getMessage()).contains("partitionColumns");
        }
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(s)
                        && s.getBytes(StandardCharsets.UTF_8).length < 60)
                .injectNull(0.05);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "=",
                        "=",
                        "/",
                        "%",
                        "%4",
                        "%C3",
                        "%B6",
                        "%00",
                        "..",
                        " ",
                        "ö",
                        "\ud800",
                        "\n",
                        "__HIVE_DEFAULT_PARTITION__")
                .list()
                .ofMaxSize(16)
                .map(parts -> String.join("", parts));
    }

    @Test
    void recordsOfEveryFormatHaveThemAndTheyMayBeTheWholeKey() throws IOException {
        write("year=2024/a.csv", "id,v\n1,x\n");
        write("year=2024/a.jsonl", "{\"id\":\"1\",\"v\":\"x\"}\n");
        write("year=2024/a.json", "[{\"id\":\"1\",\"v\":\"x\"}]");
        Record row = Record.read("1", Fields.of("id", "v"), new Object[] {"1", "x"}, new Origin("o", 1));
        Columns columns = new Columns();
        columns.add(row);
        try (OutputStream out = Files.newOutputStream(folder.resolve("year=2024/a.parquet"));
                RecordWriter parquet = new ParquetForm(Compression.NONE).write(out, columns)) {
            parquet.write(row);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("year=2024/a.xlsx"));
                Workbook book = new Workbook(out, "Caravan", "1.0")) {
            Worksheet sheet = book.newWorksheet("things");
            for (int i = 0; i < 2; i++) {
                sheet.value(0, i, row.fields().names().get(i));
                sheet.value(1, i, row.at(i).toString());
            }
        }
        for (String format : List.of("csv", "jsonl", "json", "parquet", "xlsx")) {
            for (String key : List.of("year,id", "year", "id,year", "id")) {
                List<Record> records = read(source(format, key, "auto", "first", ""), new ArrayList<>());
                assertThat(records).hasSize(1);
                assertThat(records.get(0).fields().names()).containsExactly("id", "v", "year");
                assertThat(records.get(0).get("year")).contains("2024");
                assertThat(records.get(0).key())
                        .isEqualTo(
                                key.replace("id", "1").replace("year", "2024").replace(',', '|'));
            }
        }
    }

    @Test
    void noStoreReadsAnObjectByItselfWhoseNameSaysFields() {
        SourceObject object = new SourceObject("year=2024/a.csv", "e", 1);
        try (ObjectsSource plain = source("gs://bucket", "csv", "id", "", "first", "");
                ObjectsSource partitioned = source("gs://bucket", "csv", "id", "year", "first", "")) {
            assertThat(plain.stored(object, 1)).isPresent();
            assertThat(partitioned.stored(object, 1)).isEmpty();
        }
    }

    @Test
    void aColumnOfTheFileStaysAsLongAsItSaysTheSameAndIsABadRowElsewhere() throws IOException {
        write("month=05/day=2024-05-01/ok=true/none=__HIVE_DEFAULT_PARTITION__/a.jsonl", """
                {"id":1,"month":5,"day":"2024-05-01","ok":true,"none":""}
                {"id":2,"month":5.0,"none":null}
                {"id":3,"month":"05","day":null}
                {"id":4,"month":"5x"}
                {"id":5,"month":6}
                {"id":6,"none":0}
                {"id":7,"ok":false}
                {"id":8,"month":[5]}
                """);
        List<BadRow> bad = new ArrayList<>();
        List<Record> records = read(source("jsonl", "id", "auto", "first", ""), bad);
        assertThat(records).extracting(Record::key).containsExactly("1", "2", "3");
        assertThat(records.get(0).get("month").map(Object::toString)).contains("5");
        assertThat(records.get(2).get("day")).contains("2024-05-01");
        assertThat(bad).extracting(row -> row.origin().line()).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(bad.get(0).raw()).isEqualTo("4\t5x");
        assertThat(bad.get(0).reason())
                .endsWith(
                        "a.jsonl:4: month must be '05', as the object's path says, got '5x'; correct one of them, or take"
                                + " 'month' out of 'partitionColumns'");
        assertThat(bad.get(2).reason()).contains("none must be empty, as the object's path says, got '0'");
    }

    @Test
    void aKeyWithoutAValueIsABadRowAndAPathThatLacksTheKeyFailsItsObject() throws IOException {
        write("year=__HIVE_DEFAULT_PARTITION__/a.csv", "id\n1\n");
        List<BadRow> bad = new ArrayList<>();
        assertThat(read(source("csv", "year,id", "auto", "first", ""), bad)).isEmpty();
        assertThat(bad).singleElement().extracting(BadRow::reason).asString().contains("year must not be blank");
        write("b.csv", "id\n1\n");
        assertThatThrownBy(() -> read(source("csv", "year,id", "auto", "first", ""), new ArrayList<>()))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageContaining("the header must have the key year");
    }

    @Test
    void theGreatestMayBeOfThePath() throws IOException {
        write("year=2023/a.csv", "id,v\n1,old\n2,kept\n");
        write("year=2024/a.csv", "id,v\n1,new\n");
        assertThat(read(source("csv", "id", "auto", "greatest", "year"), new ArrayList<>()))
                .extracting(r -> r.get("v").orElse(""))
                .containsExactly("kept", "new");
    }

    private ObjectsSource source(
            String format, String keyFields, String partitionColumns, String winner, String winnerField) {
        return source(folder.toString(), format, keyFields, partitionColumns, winner, winnerField);
    }

    private static ObjectsSource source(
            String input, String format, String keyFields, String partitionColumns, String winner, String winnerField) {
        return ObjectsSources.of(
                input,
                "",
                "*." + format,
                format,
                keyFields,
                "",
                ",",
                "",
                "1",
                1,
                200,
                ObjectAccess.DEFAULT,
                "first",
                "",
                winner,
                winnerField,
                partitionColumns);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<Record> read(ObjectsSource source, List<BadRow> bad) {
        List<Record> records = new ArrayList<>();
        try (source) {
            for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
                try (RecordReader reader = source.open(objects.next())) {
                    for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                        records.add(r.get());
                    }
                    assertThat(reader.asStored()).isFalse();
                }
            }
        }
        return records;
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (Iterator<String> i = Arrays.asList(pairs).iterator(); i.hasNext(); ) map.put(i.next(), i.next());
        return map;
    }
}
