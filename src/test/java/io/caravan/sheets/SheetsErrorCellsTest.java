package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.endpoint.TestContext;
import io.caravan.error.CaravanException;
import io.caravan.record.Record;
import io.caravan.sheets.SheetsStub.ErrorCell;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors and formulas that are still computed are no data; texts that only look so are. */
class SheetsErrorCellsTest {

    private static final ErrorCell REF = new ErrorCell("REF", "#REF!");
    private static final ErrorCell NOT_AVAILABLE = new ErrorCell("N_A", "#N/A");
    private static final List<String> PRICES_BAD = List.of(
            "prices:3: price must hold no error, got '#N/A'",
            "prices:4: price must have the result of its formula, got 'Loading...'",
            "prices:5: id must hold no error, got '#REF!'",
            "prices:9: price must hold no error, got '#REF!'");

    private final SheetsStub stub = new SheetsStub();
    private final List<BadRow> bad = new ArrayList<>();

    @AfterEach
    void stop() {
        stub.close();
    }

    /** Read together, in one range, and so that such cells stand in each range and are its last row. */
    @ParameterizedTest
    @ValueSource(ints = {100, 10, 3, 2, 1})
    void anErrorIsABadRowAndATextThatLooksLikeOneIsData(int pageRows) {
        prices();
        assertThat(read(source(pageRows)))
                .extracting(Record::key, record -> record.get("price").orElse("-"))
                .containsExactly(
                        tuple("1", "19.99"), tuple("#REF!", "6"), tuple("Loading...", "#N/A"), tuple("7", "#DIV/0!"));
        assertThat(bad).extracting(BadRow::reason).containsExactlyElementsOf(PRICES_BAD);
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR,#ERROR!",
        "NULL_VALUE,#NULL!",
        "DIVIDE_BY_ZERO,#DIV/0!",
        "VALUE,#VALUE!",
        "REF,#REF!",
        "NAME,#NAME?",
        "NUM,#NUM!",
        "N_A,#N/A",
        "REF,#BEZUG!",
        "NAME,#¿NOMBRE?",
        "N_A,#NV",
        "N_A,#Н/Д",
    })
    void everyErrorIsOne(String type, String text) {
        put("t", row("id", "v"), row("a", new ErrorCell(type, text)), row("b", text));
        assertThat(read(source(100))).extracting(Record::key).containsExactly("b");
        assertThat(bad).extracting(BadRow::reason).containsExactly("t:2: v must hold no error, got '" + text + "'");
    }

    @Test
    void tabsThatAreReadTogetherAreAskedForTheirErrorsTogether() {
        for (int i = 10; i < 30; i++)
            put("t" + i, row("id", "v"), row("k" + i, i % 5 == 0 ? NOT_AVAILABLE : "#hashtag"));
        assertThat(read(source(100))).hasSize(16);
        assertThat(bad).extracting(row -> row.origin().toString()).containsExactly("t10:2", "t15:2", "t20:2", "t25:2");
        assertThat(stub.batchRequests).isEqualTo(1);
        assertThat(stub.errorRequests).isEqualTo(1);
        assertThat(stub.listings).as("for all, before, after").isEqualTo(3);
    }

    @Test
    void onlyRangesWithTextsLikeErrorsAreAskedAbout() {
        put("t", row("id", "v"));
        for (int i = 0; i < 400; i++)
            stub.tabs.get("t").add(row("k" + i, "#1001", i == 7 ? REF : "right of the header"));
        assertThat(read(source(100))).hasSize(400);
        assertThat(stub.errorRequests).isZero();
        stub.tabs.get("t").set(250, row("k249", REF));
        assertThat(read(source(100))).hasSize(399);
        assertThat(stub.errorRequests).isEqualTo(1);
        assertThat(bad).extracting(BadRow::reason).containsExactly("t:251: v must hold no error, got '#REF!'");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2})
    void anErrorInTheHeaderIsNoName(int pageRows) {
        put("t", row("id", "#REF!"), row("a", 1), row("b", 2), row("c", 3));
        assertThat(read(source(pageRows)).get(0).fields().names()).containsExactly("id", "#REF!");
        stub.tabs.get("t").set(0, row("id", REF));
        assertThatThrownBy(() -> read(source(pageRows)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("t:1: column B must hold no error, got '#REF!'; correct the header, or set headerRow");
    }

    @Test
    void aFormulaThatIsComputedMeanwhileWasNoDataWhenItsRowWasRead() {
        prices();
        stub.calculator = () -> stub.tabs.get("prices").set(3, row("3", 42));
        assertThat(read(source(100))).extracting(Record::key).doesNotContain("3");
        assertThat(bad).extracting(BadRow::reason).containsExactlyElementsOf(PRICES_BAD);
        bad.clear();
        assertThat(read(source(100))).as("the next run").extracting(Record::key).contains("3");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3})
    void rowsThatAreGoneBeforeTheirErrorsAreToldFailTheTab(int pageRows) {
        prices();
        stub.calculator = () -> stub.tabs
                .get("prices")
                .subList(3, stub.tabs.get("prices").size())
                .clear();
        assertThatThrownBy(() -> read(source(pageRows)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("prices: ")
                .hasMessageContaining("changed while");
    }

    @Test
    void aServiceThatTellsNoErrorsMakesNoDataOfThem() {
        put("t", row("id", "v"), row("a", REF), row("b", "#REF!"), row("c", 1));
        stub.tellsErrors = false;
        assertThat(read(source(100))).extracting(Record::key).containsExactly("c");
        assertThat(bad).hasSize(2);
    }

    /** Inside the status, the headers or the JSON. */
    @Test
    void anAnswerWithErrorsThatEndsAnywhereIsAskedForAgainAndFailsOtherwise() throws IOException {
        prices();
        int cases = 0;
        try (FaultProxy proxy = new FaultProxy("127.0.0.1:" + stub.server.port())) {
            for (int after = 0; after < 600; after += after < 40 ? 3 : 20) {
                proxy.arm(3, new Fault(Kind.CUT_REPLY, after)); // after two lists and the rows
                assertThat(read(source(proxy, 8))).as("%d bytes", after).hasSize(4);
                proxy.disarm();
                cases++;
            }
            assertThat(proxy.fired()).isEqualTo(cases);
            assertThat(stub.errorRequests).isGreaterThan(cases);
            proxy.arm(3, new Fault(Kind.CUT_REPLY, 300));
            assertThatThrownBy(() -> read(source(proxy, 0))).isInstanceOf(CaravanException.class);
        }
        assertThat(bad).hasSize(cases * PRICES_BAD.size());
    }

    @Test
    void aServiceThatSaysLaterIsAskedForErrorsAgain() {
        prices();
        stub.meddler = n -> {
            if (n == 2) stub.refusals.addAll(List.of(429, 503)); // behind the rows
        };
        assertThat(read(source(100))).hasSize(4);
        assertThat(stub.refusals).isEmpty();
        assertThat(stub.errorRequests).isEqualTo(1);
        assertThat(bad).extracting(BadRow::reason).containsExactlyElementsOf(PRICES_BAD);
    }

    private void prices() {
        put(
                "prices",
                row("id", "price"),
                row("1", "19.99"),
                row("2", NOT_AVAILABLE),
                row("3", ErrorCell.LOADING),
                row(REF, 5),
                row("#REF!", "6"),
                row("Loading...", "#N/A"),
                row("7", "#DIV/0!"),
                row("8", REF));
    }

    private SheetsSource source(int pageRows) {
        return source(stub.server.url(""), 8, pageRows);
    }

    private static SheetsSource source(FaultProxy proxy, int retries) {
        return source("http://" + proxy.address() + "/", retries, 100);
    }

    private static SheetsSource source(String url, int retries, int pageRows) {
        SheetsApi api = new SheetsApi(SheetsStub.ID, "", url, 1_000, 5_000, retries, 1, 5_000);
        return TestContext.knownTo(new SheetsSource(api, "", "*", "id", 1, pageRows, "", ""));
    }

    @SafeVarargs
    private void put(String tab, List<Object>... rows) {
        stub.tabs.put(tab, new ArrayList<>(List.of(rows)));
    }

    private static List<Object> row(Object... cells) {
        return Arrays.asList(cells);
    }

    private List<Record> read(SheetsSource source) {
        List<Record> records = new ArrayList<>();
        for (Iterator<SourceObject> tabs = source.objects(); tabs.hasNext(); ) {
            try (RecordReader reader = source.open(tabs.next())) {
                Optional<Record> record;
                while ((record = reader.read(bad::add)).isPresent()) records.add(record.get());
            }
        }
        return records;
    }
}
