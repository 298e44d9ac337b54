package io.caravan.bench;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.caravan.record.Record;
import io.caravan.sheets.SheetsApi;
import io.caravan.sheets.SheetsSource;
import io.caravan.sheets.SheetsStub;
import io.caravan.source.Source;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A tab of the stub of Google Sheets, in this JVM, whose rows are made when they are asked for; the bare client is Google's,
 * asking for the same ranges.
 */
final class SheetsReading implements Reading {

    private static final int PAGE = 2_000;
    private static final String TAB = "orders";

    private final CamelContext context = new DefaultCamelContext();
    private final SheetsStub stub = new SheetsStub();
    private int records;

    SheetsReading() {
        stub.tabs.put(TAB, new Rows());
    }

    @Override
    public String name() {
        return "google-sheets-source, stub";
    }

    @Override
    public void prepare(int wanted) {
        records = wanted;
    }

    @Override
    public Source source() {
        SheetsApi api = new SheetsApi(SheetsStub.ID, "", stub.server.url("/"), 5_000, 60_000, 8, 1_000, 300_000);
        context.start();
        api.setCamelContext(context);
        return new SheetsSource(api, TAB, "*", Orders.KEY, 1, PAGE, "", "");
    }

    @Override
    public long bare() throws IOException {
        Sheets client = new Sheets.Builder(new NetHttpTransport(), GsonFactory.getDefaultInstance(), request -> {})
                .setRootUrl(stub.server.url("/"))
                .setApplicationName("bench")
                .build();
        long read = 0;
        for (int row = 2; row <= records + 1; row += PAGE) {
            int last = Math.min(row + PAGE - 1, records + 1);
            ValueRange found = client.spreadsheets()
                    .values()
                    .get(SheetsStub.ID, "'" + TAB + "'!A" + row + ":H" + last)
                    .setMajorDimension("ROWS")
                    .setValueRenderOption("UNFORMATTED_VALUE")
                    .setDateTimeRenderOption("SERIAL_NUMBER")
                    .execute();
            read += found.getValues().size();
        }
        return read;
    }

    @Override
    public void close() {
        context.stop();
        stub.close();
    }

    private final class Rows extends AbstractList<List<Object>> {

        @Override
        public List<Object> get(int row) {
            if (row == 0) return List.copyOf(OrderRecords.record(0).fields().names());
            Record r = OrderRecords.record(row - 1);
            List<Object> cells = new ArrayList<>(8);
            for (int i = 0; i < 8; i++) cells.add(i == 6 ? r.at(i).toString() : r.at(i));
            return cells;
        }

        @Override
        public int size() {
            return records + 1;
        }
    }
}
