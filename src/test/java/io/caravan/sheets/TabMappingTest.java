package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TabMappingTest {

    private static final String MAPPING = """
            tabs:
              - {tab: Members, kind: club_members, key: [club_id, user_id]}
              - {tab: books, key: [book_id], types: {asin: code, released: date, pages: cell}}
            """;

    private final SheetsStub stub = new SheetsStub();
    private final List<BadRow> bad = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        stub.close();
    }

    @Test
    void eachTabIsAKindWithItsKeyAndCellsAreTextWhereNothingElseIsSaid() throws Exception {
        stub.tabs.put(
                "books",
                List.of(
                        row("book_id", "isbn_13", "asin", "released", "pages", "sold"),
                        row("b1", "0012345678901", "0006479", 45_351, 12, true),
                        row(7, new BigDecimal("9780306406157"), "B01", 45_351.5, "many", 4.50),
                        row("b3", "", 6479, "29/02/2024", 1, false),
                        row("b4", null, "", "2024-02-29", null, 1e21)));
        stub.tabs.put("Members", List.of(row("club_id", "user_id"), row("c|1", "u1"), row("c1", "")));
        stub.tabs.put("another", List.of(row("x")));
        SheetsSource source = source(MAPPING);
        assertThat(source.keyFields()).containsExactly("_kind", "_id");
        List<Record> records = read(source);
        assertThat(records)
                .extracting(Record::key)
                .containsExactly("club_members|c\\\\\\|1\\|u1", "books|b1", "books|7", "books|b4");
        assertThat(records.get(0).fields().names()).containsExactly("_kind", "_id", "club_id", "user_id");
        assertThat(values(records.get(0))).containsExactly("club_members", "c\\|1|u1", "c|1", "u1");
        assertThat(values(records.get(1)))
                .containsExactly("books", "b1", "b1", "0012345678901", "0006479", "2024-02-29", 12L, "TRUE");
        assertThat(values(records.get(2)))
                .containsExactly("books", "7", "7", "9780306406157", "B01", "2024-02-29 12:00:00", "many", "4.5");
        assertThat(values(records.get(3)))
                .containsExactly("books", "b4", "b4", null, null, "2024-02-29", null, "1000000000000000000000");
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        "Members:3: user_id must not be blank, got ''",
                        "books:4: asin must be a text, as a number loses leading zeros, got '6479'; give the column the"
                                + " format 'plain text', and enter the cell again");
    }

    @Test
    void aTabThatIsNotThereFailsByItselfAndTheOthersAreRead() throws Exception {
        stub.tabs.put("books", List.of(row("book_id", "asin", "released", "pages"), row("b1", "a", "b", 1)));
        SheetsSource source = source(MAPPING);
        assertThat(source.check()).get().asString().contains("tabs must be tabs of the spreadsheet, got 'Members'");
        Iterator<SourceObject> objects = source.objects();
        SourceObject members = objects.next();
        assertThatThrownBy(() -> source.open(members)).isInstanceOf(IncompleteSourceException.class);
        try (RecordReader reader = source.open(objects.next())) {
            assertThat(reader.read(bad::add)).map(Record::key).contains("books|b1");
        }
    }

    @Test
    void whatIsWrongWithAMappingIsSaidTogether() {
        assertThatThrownBy(() -> TabMapping.parse("""
                        tabs:
                          - {tab: a, kind: "x y", key: []}
                          - {tab: b, key: [id], types: {n: cod}}
                          - {tab: b, kind: b2, key: [id, id]}
                        """))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "google-sheets-source: mapping: tab 'a' kind must match [A-Za-z0-9][A-Za-z0-9._-]{0,119}, got 'x y'",
                        "google-sheets-source: mapping: tab 'a' key must name the columns that identify a row, each once, got '[]'",
                        "google-sheets-source: mapping: tab 'b' type of n must be one of text, code, date, cell, got 'cod'"
                                + " (did you mean 'code'?)'",
                        "google-sheets-source: mapping: tab 'b' key must name the columns that identify a row, each once, got"
                                + " '[id, id]'",
                        "google-sheets-source: mapping: tab 'b' must be listed once, got 'b'"));
        assertThatThrownBy(() -> TabMapping.parse("tabs:\n  - tab: a\n    kye: [id]\n"))
                .hasMessage(
                        "google-sheets-source: mapping line 3 must have only key, kind, tab, types, got 'kye'; did you"
                                + " mean 'key'?");
    }

    @Test
    void aMappingStandsAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("tabs.yaml"), MAPPING);
        assertThatThrownBy(() -> new SheetsSource(api(), "", "*", "id", 1, 100, "", "", file.toString()))
                .hasMessageContaining("mapping must stand alone");
    }

    /** Whatever text a cell holds comes back as it is; a number's text is that of its digits. */
    @Test
    void aTextIsTheTextThatTheCellHolds() {
        Random random = new Random(25);
        for (int i = 0; i < 10_000; i++) {
            String digits = Long.toString(random.nextLong(1_000_000_000_000_000L));
            String padded = "0".repeat(random.nextInt(5)) + digits;
            assertThat(CellType.TEXT.of(padded, null, "f")).isEqualTo(padded);
            assertThat(CellType.CODE.of(padded, null, "f")).isEqualTo(padded);
            assertThat(CellType.TEXT.of(new BigDecimal(digits), null, "f")).isEqualTo(digits);
        }
    }

    /** The reference: 0.3 of the newest; above 1.5 s twice the average, at most 10 s. */
    @Test
    void slowAnswersArePausedAfter() {
        AdaptivePause pause = new AdaptivePause(Duration.ofSeconds(1), Duration.ofSeconds(30));
        pause.took(Duration.ofSeconds(5));
        assertThat(pause.pause()).isEqualTo(Duration.ZERO);
        pause.took(Duration.ofSeconds(2)); // 0.6 + 1.05
        assertThat(pause.pause()).isEqualTo(Duration.ofMillis(3_300));
        for (int i = 0; i < 10; i++) pause.took(Duration.ofSeconds(20));
        assertThat(pause.pause()).isEqualTo(Duration.ofSeconds(10));
        for (int i = 0; i < 10; i++) pause.took(Duration.ofMillis(100));
        assertThat(pause.pause()).isEqualTo(Duration.ZERO);
    }

    @Test
    void pausesAreToldOnceInTheReport() throws Exception {
        stub.tabs.put("books", List.of(row("book_id", "asin", "released", "pages"), row("b1", "a", "b", 1)));
        stub.tabs.put("Members", List.of(row("club_id", "user_id")));
        stub.refusals.add(-1);
        SheetsSource source = source(MAPPING);
        List<String> notes = new ArrayList<>();
        source.objects().forEachRemaining(object -> {
            try (RecordReader reader = source.open(object)) {
                int rows = 0;
                while (reader.read(bad::add).isPresent()) rows++;
                assertThat(rows).isLessThan(2);
                reader.note().ifPresent(notes::add);
            }
        });
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0))
                .matches(
                        "Members: the service was slow or asked for pauses: 1, [01]\\.\\d s in all, the longest [01]\\.\\d s");
    }

    private SheetsApi api() {
        return new SheetsApi(SheetsStub.ID, "", stub.server.url(""), 1_000, 5_000, 3, 10, 60_000);
    }

    private SheetsSource source(String mapping) throws Exception {
        Path file = Files.writeString(folder.resolve("tabs.yaml"), mapping);
        return TestContext.knownTo(new SheetsSource(api(), "", "*", "", 1, 100, "", "", file.toString()));
    }

    private List<Record> read(SheetsSource source) {
        List<Record> records = new ArrayList<>();
        source.objects().forEachRemaining(object -> {
            try (RecordReader reader = source.open(object)) {
                for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                    records.add(r.get());
                }
            }
        });
        return records;
    }

    private static List<Object> row(Object... cells) {
        return Arrays.asList(cells);
    }

    private static List<Object> values(Record record) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) values.add(record.at(i));
        return values;
    }
}
