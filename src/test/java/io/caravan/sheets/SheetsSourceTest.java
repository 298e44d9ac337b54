package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetsSourceTest {

    private final SheetsStub stub = new SheetsStub();
    private final List<BadRow> bad = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        stub.close();
    }

    @Test
    void cellsHaveTheTypesThatTheSheetGivesThem() {
        put(
                "It's \"mine\"! 😀",
                row("id", "name", "name", "", "day", "at", "5"),
                row("a", "text", 12, true, 45_351, 45_351.5, new BigDecimal("0.1")),
                row("b", "", null, false, null, null, ""),
                row("", "", ""),
                row("c", 1e21, -3, "=1+1", 1, 0.25));
        List<Record> records = read(source("", "*", "day", "at"));
        assertThat(records.get(0).fields().names())
                .containsExactly("id", "name", "name_2", "column_4", "day", "at", "5");
        assertThat(values(records.get(0)))
                .containsExactly(
                        "a",
                        "text",
                        12L,
                        true,
                        LocalDate.of(2024, 2, 29),
                        LocalDateTime.of(2024, 2, 29, 12, 0),
                        new BigDecimal("0.1"));
        assertThat(values(records.get(1))).containsExactly("b", null, null, false, null, null, null);
        assertThat(values(records.get(2)))
                .containsExactly(
                        "c",
                        new BigDecimal("1.0E21"),
                        -3L,
                        "=1+1",
                        LocalDate.of(1899, 12, 31),
                        LocalDateTime.of(1899, 12, 30, 6, 0),
                        null);
        assertThat(records).extracting(r -> r.origin().line()).containsExactly(2L, 3L, 5L);
        assertThat(bad).isEmpty();
    }

    @Test
    void namesInTheHeaderAreMadeToDiffer() {
        assertThat(SheetCells.header(Arrays.asList("a", "a_2", "a", "", " a ", "column_4", 7, true))
                        .names())
                .containsExactly("a", "a_2", "a_3", "column_4", "a_4", "column_4_2", "7", "true");
        assertThat(SheetCells.header(Arrays.asList("\u00a0cle\u0301", "cl\u00e9 ", "a\ufeff"))
                        .names())
                .as("in NFC and without blanks around them")
                .containsExactly("cl\u00e9", "cl\u00e9_2", "a");
        assertThat(List.of(SheetCells.column(1), SheetCells.column(26), SheetCells.column(27), SheetCells.column(703)))
                .containsExactly("A", "Z", "AA", "AAA");
    }

    @Test
    void aCellThatIsNoDateWhereADateShouldBeIsABadRow() {
        put("t", row("id", "day"), row("a", "tomorrow"), row("b", 1.5), row("c", 1e12), row("", 3), row("d", 3));
        assertThat(read(source("", "*", "day", ""))).extracting(Record::key).containsExactly("d");
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        "t:2: day must be a date, got 'tomorrow'",
                        "t:3: day must be a date without time, got '1.5'",
                        "t:4: day must be a date, got '1.0E+12'",
                        "t:5: id must not be blank, got ''");
    }

    @Test
    void aLongTabIsReadInRangesToTheEndOfItsGrid() {
        List<Object>[] rows = rows(2_345);
        put("long", rows);
        stub.blankRows = 200;
        for (int i = 1_000; i < 1_250; i++) stub.tabs.get("long").set(i, List.of()); // more than a page of nothing
        assertThat(read(source("", "*", "", "")))
                .hasSize(2_345 - 250)
                .extracting(Record::key)
                .doesNotHaveDuplicates();
        assertThat(stub.valueRequests).isEqualTo(1 + 26);
        assertThat(stub.listings).as("for all, for the tab, at its end").isEqualTo(3);
    }

    @Test
    void aRowThatIsInsertedBelowWhatWasReadDoesNotPushTheLastOneOut() {
        for (int request = 1; request <= 6; request++) {
            for (int many : List.of(1, 150)) {
                stub.blankRows = 0;
                stub.valueRequests = 0;
                put("t", rows(500));
                int when = request;
                stub.meddler = n -> {
                    for (int i = 0; n == when && i < many; i++) {
                        stub.tabs.get("t").add(Math.max(1, n * 100 - 150), row("inserted " + i, 1));
                    }
                };
                List<String> keys =
                        read(source("", "*", "", "")).stream().map(Record::key).toList();
                assertThat(keys).as("in request " + request).hasSize(500 + many).doesNotHaveDuplicates();
                assertThat(keys.get(keys.size() - 1)).isEqualTo("k499");
            }
        }
    }

    @Test
    void aRowThatIsInsertedAboveTheLastRangeFailsTheTab() {
        stub.blankRows = 0;
        for (int request = 2; request <= 6; request++) {
            stub.valueRequests = 0;
            put("t", rows(500));
            int when = request;
            stub.meddler = n -> {
                if (n == when + 1 || (n == 6 && when == 6)) stub.tabs.get("t").add(1, row("inserted", 1));
            };
            assertThatThrownBy(() -> read(source("", "*", "", "")))
                    .as("in request " + request)
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessageMatching("t: row [0-9]+ changed while the tab was read; the next run reads it again");
        }
    }

    /** The row at the border is blank before and after: only the last one with cells tells. */
    @Test
    void rowsThatMoveBetweenBlankOnesAreNoticed() {
        put("t", rows(300));
        stub.tabs.get("t").set(100, List.of());
        stub.tabs.get("t").set(102, List.of());
        stub.meddler = n -> {
            if (n != 3) return;
            stub.tabs.get("t").subList(10, 12).clear();
            stub.tabs.get("t").addAll(250, List.of(row("new 1", 1), row("new 2", 1)));
        };
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("t: row 100 changed while the tab was read; the next run reads it again");
    }

    @Test
    void aTabThatIsAnotherOrGrowsWithoutEndFails() {
        put("t", rows(100));
        stub.meddler = n -> stub.firstSheetId = n;
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("t: the tab is gone or another since it was listed; the next run reads it again");
        stub.blankRows = 0;
        stub.meddler = n -> stub.tabs.get("t").add(row("more " + n, 1));
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageMatching(
                        "t: the tab had [0-9]+ rows and has [0-9]+ at its end, it changed while it was read;"
                                + " the next run reads it again");
    }

    @Test
    void aTabThatBecameShorterFails() {
        put("t", rows(100));
        stub.lister = n -> {
            if (n == 3) stub.tabs.get("t").remove(50);
        };
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("t: the tab had 104 rows and has 103 at its end, it changed while it was read; the next run"
                        + " reads it again");
    }

    @Test
    void aTabThatChangesWhileItIsReadFails() {
        put("t", rows(500));
        stub.meddler = n -> {
            if (n == 4) stub.tabs.get("t").add(10, row("inserted", 1));
        };
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("t: row 201 changed while the tab was read; the next run reads it again");
        stub.meddler = n -> {
            if (n == stub.valueRequests && n > 9)
                stub.tabs.get("t").subList(100, 400).clear();
        };
        assertThatThrownBy(() -> read(source("", "*", "", ""))).isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void tabsAreChosenByNameOrPatternAndReadInOrder() {
        for (String tab : List.of("b 2025", "a 2025", "other")) put(tab, row("id"), row(tab));
        assertThat(read(source("", "*2025", "", ""))).extracting(Record::key).containsExactly("a 2025", "b 2025");
        assertThat(read(source("other, b 2025", "*", "", "")))
                .extracting(Record::key)
                .containsExactly("b 2025", "other");
        assertThatThrownBy(() -> read(source("none", "*", "", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("google-sheets-source: tabs must be tabs of the spreadsheet, got 'none'; create it or"
                        + " correct 'tabs'");
        SourceObject first = source("", "*", "", "").objects().next();
        assertThat(first).isEqualTo(new SourceObject("a 2025", "", -1));
    }

    @Test
    void tabsThatAreSmallAreReadInOneCallAndListedOnceAround() {
        for (int i = 10; i < 30; i++) put("t" + i, row("id", "n"), row("k" + i, i));
        SheetsSource source = source("", "*", "", "");
        assertThat(read(source))
                .extracting(Record::key)
                .containsExactlyElementsOf(
                        IntStream.range(10, 30).mapToObj(i -> "k" + i).toList());
        assertThat(stub.batchRequests).isEqualTo(1);
        assertThat(stub.valueRequests).isEqualTo(1);
        assertThat(stub.listings).as("for all, before, after").isEqualTo(3);
        stub.tabs.get("t20").set(1, row("changed", 1));
        assertThat(read(source))
                .extracting(Record::key)
                .as("the next run reads it again")
                .contains("changed");
    }

    @Test
    void aCallHoldsNoMoreThanARangeOfALargeTab() {
        stub.blankRows = 0;
        for (String tab : List.of("a", "b", "c", "e", "f")) put(tab, rows(40));
        put("d", rows(250));
        assertThat(read(source("", "*", "", ""))).hasSize(5 * 40 + 250);
        assertThat(stub.batchRequests).as("a and b, c, e and f").isEqualTo(3);
        assertThat(stub.valueRequests).as("and the header and ranges of d").isEqualTo(3 + 4);
        stub.columns = 27;
        stub.valueRequests = 0;
        put("d", rows(100));
        assertThat(read(source("d", "*", "", ""))).hasSize(100);
        assertThat(stub.valueRequests).as("wide: its header, its rows").isEqualTo(2);
    }

    @Test
    void tabsOfNamesThatLookLikeInstructionsAreReadAsTheyAreCalled() {
        List<String> names = List.of(
                "${env:HOME}",
                "$simple{1}",
                "#bean:x",
                "'!A1",
                "It's",
                "RAW(a)",
                "a\nb",
                "a&ranges=b+%41",
                "{{x}}",
                "é😀!'");
        for (String name : names) put(name, row("id"), row("in " + name));
        List<String> read =
                read(source("", "*", "", "")).stream().map(Record::key).toList();
        assertThat(read)
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> "in " + name).toList());
        assertThat(stub.batchRequests).isEqualTo(1);
        assertThat(stub.valueRequests).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadTogetherIsReadByItselfSoThatTheRightOneFails() {
        for (String tab : List.of("a", "b", "c")) put(tab, row("id"), row(tab));
        stub.shuffled = true;
        assertThat(read(source("", "*", "", ""))).extracting(Record::key).containsExactly("a", "b", "c");
        stub.shuffled = false;
        SheetsSource source = source("", "*", "", "");
        Iterator<SourceObject> listed = source.objects();
        int when = stub.valueRequests + 1;
        stub.meddler = n -> {
            if (n == when) stub.tabs.remove("b"); // after it was listed for the call
        };
        assertThat(read(source, listed.next())).extracting(Record::key).containsExactly("a");
        SourceObject gone = listed.next();
        assertThatThrownBy(() -> read(source, gone))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("b: the tab is gone since it was listed");
        assertThat(read(source, listed.next())).extracting(Record::key).containsExactly("c");
    }

    @Test
    void aTabThatWasReadTogetherWithOthersAndGrewMeanwhileIsReadToItsEnd() {
        for (String tab : List.of("a", "b")) put(tab, row("id"), row(tab + 1, "right of the header"));
        stub.blankRows = 0;
        stub.lister = n -> {
            if (n == 3) stub.tabs.get("b").add(row("b2"));
        };
        assertThat(read(source("", "*", "", ""))).extracting(Record::key).containsExactly("a1", "b1", "b2");
        assertThat(stub.batchRequests).isEqualTo(1);
        stub.listings = 0;
        stub.lister = n -> {
            if (n == 3) stub.tabs.get("b").add(1, row("b0"));
        };
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("b: row 3 changed while the tab was read; the next run reads it again");
    }

    @Test
    void aHeaderThatIsMissingOrLacksTheKeyFails() {
        put("empty");
        assertThatThrownBy(() -> read(source("empty", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("empty: row 1 must be a header, got 'an empty row; choose other tabs");
        put("other", row("key"), row("x"));
        assertThatThrownBy(() -> read(source("other", "*", "", "")))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("other: the header must have the key id, got '[key]'");
    }

    @Test
    void aServiceThatSaysLaterIsAskedAgainAsItAsks() {
        put("t", rows(100));
        stub.refusals.addAll(List.of(429, 503, 500, -1));
        long begin = System.nanoTime();
        assertThat(read(source("", "*", "", ""))).hasSize(100);
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofSeconds(1).toNanos());
        for (int i = 0; i < 9; i++) stub.refusals.add(503);
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("status 503");
        stub.refusals.clear();
        stub.refusals.add(-3600);
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageMatching(
                        ".*the service would have to be left alone for 3[56][0-9]{2} s, which is more than maxWaitMillis");
    }

    @Test
    void thePauseFollowsWhatItMeasures() {
        AdaptivePause pause = new AdaptivePause(Duration.ofSeconds(1), Duration.ofSeconds(3));
        for (int i = 0; i < 5; i++) pause.answered(Duration.ofMillis(100));
        assertThat(pause.pause()).isZero();
        for (int i = 0; i < 20; i++) pause.answered(Duration.ofMillis(500));
        assertThat(pause.pause()).isBetween(Duration.ofMillis(380), Duration.ofMillis(400));
        pause.refused(Optional.empty());
        assertThat(pause.pause()).isEqualTo(Duration.ofSeconds(1));
        pause.refused(Optional.empty());
        assertThat(pause.pause()).isEqualTo(Duration.ofSeconds(2));
        pause.refused(Optional.empty());
        assertThat(pause.pause()).isEqualTo(Duration.ofSeconds(3));
        for (int i = 0; i < 60; i++) pause.answered(Duration.ofMillis(100));
        assertThat(pause.pause()).isLessThan(Duration.ofMillis(1));
        pause.refused(Optional.of(Duration.ofSeconds(70)));
        assertThat(pause.pause()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
    }

    @Test
    void theServiceAccountsTokenIsSent() throws Exception {
        put("t", row("id"), row("a"));
        stub.authorisation = "Bearer stub-token";
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder()
                        .encodeToString(keys.generateKeyPair().getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        Path file = Files.writeString(
                folder.resolve("account.json"),
                "{\"type\":\"service_account\",\"client_id\":\"1\",\"client_email\":\"me@example.com\",\"private_key_id\":\"k\","
                        + "\"private_key\":\"" + pem + "\",\"token_uri\":\"" + stub.server.url("/token") + "\"}");
        assertThat(read(source(api(SheetsStub.ID, file.toString()), "", "*", "", "")))
                .hasSize(1);
        assertThatThrownBy(() -> read(source("", "*", "", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("share the spreadsheet with that service account");
        Files.writeString(file, "{\"private_key\":\"" + pem + "\"}");
        assertThatThrownBy(() -> read(source(api(SheetsStub.ID, file.toString()), "", "*", "", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("google-sheets-source: credentialsFile must be the JSON file of a service account, got '"
                        + file + "'; correct 'credentialsFile'");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> read(source(api("unknown", ""), "", "*", "", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("got 'unknown' (status 404); create it or correct 'spreadsheet'");
        assertThatThrownBy(() -> new SheetsApi("a/b", "", "ftp://x", 0, 0, -1, 0, -1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("spreadsheet must be an id, got 'a/b'")
                .hasMessageContaining("endpoint must be an http or https URL, got 'ftp://x'")
                .hasMessageContaining("requestRetries must be 0 to 100");
        assertThatThrownBy(() -> new SheetsSource(api("x", ""), "", " ", "", 0, 0, "a", "a"))
                .hasMessageContaining("tabPattern must not be blank")
                .hasMessageContaining("keyFields must name at least one field")
                .hasMessageContaining("dateTimeColumns must not be dateColumns");
    }

    private SheetsApi api(String spreadsheet, String credentials) {
        return TestContext.knownTo(
                new SheetsApi(spreadsheet, credentials, stub.server.url(""), 1000, 5000, 8, 1, 5000));
    }

    private SheetsSource source(String tabs, String pattern, String dates, String dateTimes) {
        return source(api(SheetsStub.ID, ""), tabs, pattern, dates, dateTimes);
    }

    private static SheetsSource source(SheetsApi api, String tabs, String pattern, String dates, String dateTimes) {
        return TestContext.knownTo(new SheetsSource(api, tabs, pattern, "id", 1, 100, dates, dateTimes));
    }

    @SafeVarargs
    private void put(String tab, List<Object>... rows) {
        stub.tabs.put(tab, new ArrayList<>(List.of(rows)));
    }

    private static List<Object> row(Object... cells) {
        return Arrays.asList(cells);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<Object>[] rows(int count) {
        List<List<Object>> rows = new ArrayList<>(List.of(row("id", "n")));
        IntStream.range(0, count).forEach(i -> rows.add(row("k" + i, i)));
        return rows.toArray(new List[0]);
    }

    private static List<Object> values(Record record) {
        return IntStream.range(0, record.fields().size()).mapToObj(record::at).toList();
    }

    private List<Record> read(SheetsSource source) {
        List<Record> records = new ArrayList<>();
        source.objects().forEachRemaining(tab -> records.addAll(read(source, tab)));
        return records;
    }

    private List<Record> read(SheetsSource source, SourceObject tab) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = source.open(tab)) {
            Optional<Record> record;
            while ((record = reader.read(bad::add)).isPresent()) records.add(record.get());
        }
        return records;
    }
}
