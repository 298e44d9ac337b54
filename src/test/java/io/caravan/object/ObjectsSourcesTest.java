package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dhatim.fastexcel.VisibilityState;
import org.dhatim.fastexcel.Workbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectsSourcesTest {

    @TempDir
    private Path folder;

    @Test
    void theObjectsThatFitAreReadInOrder() throws IOException {
        Files.createDirectories(folder.resolve("user_data"));
        Files.writeString(folder.resolve("user_data/e_2.csv"), "id;text\n3;c\n");
        Files.writeString(folder.resolve("user_data/e_1.csv"), "text;id\na;1\nb;2\nbad\n");
        Files.writeString(folder.resolve("user_data/other.csv"), "no such columns\n");
        ObjectsSource source = ObjectsSources.of(
                folder.toString(),
                "user_data/",
                "e_*.csv",
                "csv",
                " id ",
                "id, text",
                ";",
                "",
                "1",
                1,
                200,
                ObjectAccess.DEFAULT);
        List<BadRow> bad = new ArrayList<>();
        assertThat(source.keyFields()).containsExactly("id");
        assertThat(read(source, bad))
                .extracting(Record::toString)
                .containsExactly(
                        "record 1 (user_data/e_1.csv:2)",
                        "record 2 (user_data/e_1.csv:3)",
                        "record 3 (user_data/e_2.csv:2)");
        assertThat(bad).extracting(BadRow::reason).containsExactly("user_data/e_1.csv:4: columns must be 2, got '1'");
    }

    /** A column of data in NFD was found by a setting in NFC, a setting in NFD found none. */
    @Test
    void fieldsThatSettingsNameAreComparedInNfcToo() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "cl\u00e9,text\n1,x\n");
        ObjectsSource source = ObjectsSources.of(
                folder.toString(),
                "",
                "*",
                "csv",
                "cle\u0301",
                "text,cle\u0301",
                ",",
                "",
                "1",
                1,
                200,
                ObjectAccess.DEFAULT);
        assertThat(read(source, new ArrayList<>())).extracting(Record::key).containsExactly("1");
    }

    @Test
    void sheetsOfItsWorkbooksThatExcelHidesAreCounted() throws IOException {
        ObjectsSource source = workbooks("auto");
        assertThat(source.facts()).as("no object").isEmpty();
        try (Workbook book = new Workbook(Files.newOutputStream(folder.resolve("b.xlsx")), "test", "1.0")) {
            book.newWorksheet("shown").value(0, 0, "id");
            book.newWorksheet("old").setVisibilityState(VisibilityState.HIDDEN);
            book.newWorksheet("secret").setVisibilityState(VisibilityState.VERY_HIDDEN);
        }
        Files.writeString(folder.resolve("a.csv"), "id\n1\n");
        Files.writeString(folder.resolve("none.xlsx"), "id\n1\n");
        assertThat(source.facts()).containsExactly(Map.entry("hiddenSheets", 2L));
        assertThat(workbooks("csv").facts()).as("no workbooks").isEmpty();
    }

    private ObjectsSource workbooks(String format) {
        return ObjectsSources.of(
                folder.toString(), "", "*", format, "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
    }

    @Test
    void theInputMayBeOneFileAsPathOrUri() throws IOException {
        Path file = Files.writeString(folder.resolve("a b.csv"), "id\n1\n");
        for (String input : List.of(file.toString(), file.toUri().toString())) {
            ObjectsSource source = ObjectsSources.of(
                    input, "user_data/", "e_*.csv", "csv", "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
            assertThat(read(source, new ArrayList<>())).extracting(Record::key).containsExactly("1");
        }
    }

    @Test
    void makingASourceTouchesNothing() {
        ObjectsSource source = ObjectsSources.of(
                "/no/such/folder", "", "*", "csv", "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
        assertThatThrownBy(source::objects).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> ObjectsSources.of(
                        "ftp://host/x", "../x", "a/*", "ods", " , ", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "objects-source: input must be a folder, a file, a file: URI, s3://<bucket>, gs://<bucket> or"
                                + " azure://<container>, without what stands after the bucket (that is a prefix), got 'ftp://host/x'",
                        "objects-source: format must be csv, jsonl, json, xlsx, xls, parquet or auto, got 'ods'",
                        "objects-source: prefix must not begin with / nor have a part . or .., got '../x'",
                        "objects-source: namePattern must begin with the prefix '../x', as it has a / and is then of the whole name, got 'a/*'",
                        "objects-source: keyFields must name at least one field, got ''"));
        assertThatThrownBy(() -> ObjectsSources.of(
                        " ", "/x", " ", "csv", "id,id", "a,a", "|||", "", "1", 1, 200, ObjectAccess.DEFAULT))
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "objects-source: input must be a folder, a file, a file: URI, s3://<bucket>, gs://<bucket> or"
                                + " azure://<container>, without what stands after the bucket (that is a prefix), got ' '",
                        "csv: delimiter must be one ASCII character other than a quote or a line break, or the word tab,"
                                + " got '|||'",
                        "csv: columns must differ, got '[a, a]'",
                        "objects-source: prefix must not begin with / nor have a part . or .., got '/x'",
                        "objects-source: namePattern must not be blank, got ''",
                        "objects-source: keyFields must differ, got '[id, id]'"));
    }

    private static List<Record> read(ObjectsSource source, List<BadRow> bad) {
        List<Record> records = new ArrayList<>();
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            try (RecordReader reader = source.open(objects.next())) {
                for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                    records.add(r.get());
                }
            }
        }
        return records;
    }
}
