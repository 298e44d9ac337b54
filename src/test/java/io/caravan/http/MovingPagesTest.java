package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are counted from the start of a list move when a record is deleted or inserted while they are read. */
class MovingPagesTest {

    private final List<Integer> ids =
            new ArrayList<>(IntStream.rangeClosed(1, 30).boxed().toList());
    /** What happens to the list once its first page was answered. */
    private Runnable afterFirstPage = () -> {};

    private final ApiServer from = new ApiServer(this::page);
    private final StatefulApi to = new StatefulApi();
    private final Main main = new Main();
    private LedgerDataSource ledger;

    @AfterEach
    void close() throws Exception {
        main.stop();
        ledger.close();
        from.close();
        to.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "page"})
    void aRecordThatMovedOutOfSightIsNotDeleted(String paging) throws Exception {
        start(paging);
        assertThat(run(Mode.RUN).problems()).isEmpty();
        assertThat(to.held).hasSize(30);
        afterFirstPage = () -> ids.remove(Integer.valueOf(1));
        RunReport moved = run(Mode.RUN);
        assertThat(moved.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(to.held).as("11 is still in the API").containsKey("11").hasSize(30);
        assertThat(moved.notes())
                .containsExactly(
                        "pages: 1 record missing for the first time (11): deleted if the next reading lacks it too");

        afterFirstPage = () -> {};
        RunReport next = run(Mode.RUN);
        assertThat(next.notes())
                .containsExactly(
                        "pages: 1 record missing for the first time (1): deleted if the next reading lacks it too");
        assertThat(to.held).hasSize(30);
        assertThat(run(Mode.RUN).sinks().get("things").deleted()).isEqualTo(1);
        assertThat(to.held).hasSize(29).containsKey("11").doesNotContainKey("1");
        assertThat(run(Mode.VERIFY).status()).isEqualTo(Status.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "page"})
    void aRecordThatIsShownTwiceAsOneWasInsertedIsOne(String paging) throws Exception {
        start(paging);
        afterFirstPage = () -> ids.add(0, 99);
        RunReport moved = run(Mode.RUN);
        assertThat(moved.problems()).isEmpty();
        assertThat(moved.openDeadLetters()).as("10 came on two pages").isZero();
        assertThat(moved.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(moved.recordsRead()).isEqualTo(30);
        afterFirstPage = () -> {};
        assertThat(run(Mode.RUN).sinks().get("things").written()).isEqualTo(1);
        assertThat(to.held).hasSize(31).containsKeys("99", "10");
    }

    private void page(HttpExchange exchange) throws IOException {
        String asked = ApiServer.parameter(exchange, "at");
        int size = Integer.parseInt(ApiServer.parameter(exchange, "size"));
        boolean offset = asked.equals("0") || Integer.parseInt(asked) >= size;
        int at = offset ? Integer.parseInt(asked) : (Integer.parseInt(asked) - 1) * size;
        String page = ids.stream()
                .skip(at)
                .limit(size)
                .map(i -> "{\"id\":\"" + i + "\",\"v\":\"v" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        if (at == 0) afterFirstPage.run();
        ApiServer.answer(exchange, 200, page);
    }

    private void start(String paging) throws Exception {
        Endpoint database = TestStores.freshDatabase();
        ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
        Properties properties = new Properties();
        properties.setProperty("camel.main.routes-include-pattern", "classpath:testroutes/copy-pages.camel.yaml");
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        properties.setProperty("test.from", from.url("/list"));
        properties.setProperty("test.to", to.server.url("/things"));
        properties.setProperty("test.paging", paging);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("ledgerDataSource", ledger);
        main.start();
    }

    private RunReport run(Mode mode) throws Exception {
        return RunReport.of(main.getCamelTemplate()
                .request("direct:pages", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(mode))));
    }
}
