package io.caravan.bench;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import com.google.api.services.sheets.v4.model.BatchGetValuesResponse;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.TestContext;
import io.caravan.sheets.SheetsApi;
import io.caravan.sheets.SheetsSource;
import io.caravan.sheets.SheetsStub;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.sheets.GoogleSheetsClientFactory;
import org.apache.camel.component.google.sheets.GoogleSheetsComponent;

/** Requests to the tests' stand-in of Google Sheets, by the component's endpoint and by Google's client. */
final class SheetsByEndpoint {

    private static final int TABS = 20;
    private static final int ROWS = 40;
    private static final String FIELDS =
            "sheets.properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount))";

    private final CamelContext context = TestContext.get();
    private final SheetsStub stub = new SheetsStub();
    private final Sheets client = new Sheets.Builder(new NetHttpTransport(), new GsonFactory(), request -> {})
            .setRootUrl(stub.server.url("/"))
            .setApplicationName("bench")
            .build();

    void compare() throws Exception {
        try {
            put("long", 999);
            for (int i = 10; i < 10 + TABS; i++) put("tab " + i, ROWS - 1);
            GoogleSheetsComponent component = new GoogleSheetsComponent(context);
            component.setClientFactory((GoogleSheetsClientFactory) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {GoogleSheetsClientFactory.class},
                    (proxy, method, arguments) ->
                            method.getDeclaringClass() == Object.class ? method.invoke(client, arguments) : client));
            context.addComponent("google-sheets-bench", component);
            tabs();
            rows();
            together();
            alone();
        } finally {
            stub.close();
        }
    }

    private void tabs() throws Exception {
        EndpointCall call = call("spreadsheets", "get");
        Map<String, Object> headers = Map.of("CamelGoogleSheets.fields", FIELDS);
        EndpointOrClient.compare(
                "sheets, tabs",
                500,
                () -> times(
                        500,
                        () -> ((Spreadsheet) call.call(null, headers).getBody())
                                        .getSheets()
                                        .size()
                                / TABS),
                () -> times(
                        500,
                        () -> client.spreadsheets()
                                        .get(SheetsStub.ID)
                                        .setFields(FIELDS)
                                        .execute()
                                        .getSheets()
                                        .size()
                                / TABS));
    }

    private void rows() throws Exception {
        EndpointCall call = call("data", "get");
        Map<String, Object> headers = Map.of("CamelGoogleSheets.range", "'long'!A1:C1000");
        EndpointOrClient.compare(
                "sheets, 1,000 rows",
                200,
                () -> times(
                        200,
                        () -> ((ValueRange) call.call(null, headers).getBody())
                                        .getValues()
                                        .size()
                                / 1_000),
                () -> times(
                        200,
                        () -> client.spreadsheets()
                                        .values()
                                        .get(SheetsStub.ID, "'long'!A1:C1000")
                                        .execute()
                                        .getValues()
                                        .size()
                                / 1_000));
    }

    private void together() throws Exception {
        EndpointCall call = call("data", "batchGet");
        List<String> ranges = IntStream.range(10, 10 + TABS)
                .mapToObj(i -> "'tab " + i + "'!1:" + ROWS)
                .toList();
        Map<String, Object> headers = Map.of("CamelGoogleSheets.ranges", ranges);
        EndpointOrClient.compare(
                "sheets, " + TABS + " tabs of " + ROWS + " rows in one call",
                200 * TABS,
                () -> times(200, () -> ((BatchGetValuesResponse)
                                call.call(null, headers).getBody())
                        .getValueRanges()
                        .size()),
                () -> times(200, () -> client.spreadsheets()
                        .values()
                        .batchGet(SheetsStub.ID)
                        .setRanges(ranges)
                        .execute()
                        .getValueRanges()
                        .size()));
    }

    /** By the source: all tabs together, and each as if it stood alone; here a request takes 1 ms, of Google's hundreds. */
    private void alone() throws Exception {
        SheetsApi api = new SheetsApi(SheetsStub.ID, "", stub.server.url("/"), 5_000, 60_000, 8, 1_000, 300_000);
        api.setCamelContext(context);
        SheetsSource source = new SheetsSource(api, "", "tab *", "id", 1, 2_000, "", "");
        EndpointOrClient.compare(
                "google-sheets-source, " + TABS + " tabs of " + ROWS
                        + " rows: as one call, and by Google's client one by one",
                TABS * (ROWS - 1),
                () -> read(source),
                this::oneByOne);
    }

    /** What is asked of a tab that is read alone: the tabs, the header, its rows, the tabs. */
    private long oneByOne() throws Exception {
        long read = 0;
        client.spreadsheets().get(SheetsStub.ID).setFields(FIELDS).execute();
        for (int i = 10; i < 10 + TABS; i++) {
            client.spreadsheets().get(SheetsStub.ID).setFields(FIELDS).execute();
            client.spreadsheets()
                    .values()
                    .get(SheetsStub.ID, "'tab " + i + "'!1:1")
                    .execute();
            read += client.spreadsheets()
                            .values()
                            .get(SheetsStub.ID, "'tab " + i + "'!A1:C" + ROWS)
                            .execute()
                            .getValues()
                            .size()
                    - 1;
            client.spreadsheets().get(SheetsStub.ID).setFields(FIELDS).execute();
        }
        return read;
    }

    private static long read(SheetsSource source) {
        long read = 0;
        for (Iterator<SourceObject> tabs = source.objects(); tabs.hasNext(); ) {
            try (RecordReader reader = source.open(tabs.next())) {
                while (reader.read(bad -> {}).isPresent()) read++;
            }
        }
        return read;
    }

    private static long times(int times, EndpointOrClient.Work work) throws Exception {
        long done = 0;
        for (int i = 0; i < times; i++) done += work.run();
        return done;
    }

    private void put(String tab, int records) {
        List<List<Object>> rows = new ArrayList<>(List.of(List.of("id", "n", "text")));
        for (int i = 0; i < records; i++) rows.add(List.of("k" + i, i, "gift wrapped " + i));
        stub.tabs.put(tab, rows);
    }

    private EndpointCall call(String api, String method) {
        Map<String, Object> parameters = new HashMap<>(Map.of("apiName", api, "methodName", method));
        parameters.put("spreadsheetId", SheetsStub.ID);
        parameters.put("serviceAccountKey", "of-the-client");
        return EndpointCall.of(context, "google-sheets", "google-sheets-bench", parameters);
    }
}
