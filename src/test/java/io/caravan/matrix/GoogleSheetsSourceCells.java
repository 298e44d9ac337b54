package io.caravan.matrix;

import io.caravan.sheets.SheetsStub;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code google-sheets-source} on our stand-in for the Sheets API: whole numbers of 18 digits are texts there. */
final class GoogleSheetsSourceCells implements Supplier<List<Connector.Source>> {

    @Override
    public List<Connector.Source> get() {
        return List.of(new Tab());
    }

    private static final class Tab implements Connector.Source {

        private final SheetsStub stub = new SheetsStub();

        @Override
        public String name() {
            return "google-sheets-source";
        }

        @Override
        public String kamelet() {
            return "google-sheets-source";
        }

        @Override
        public boolean nested() {
            return false;
        }

        @Override
        public int longestText() {
            return 50_000;
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) {
            List<String> names = new ArrayList<>(Awkward.FIELDS);
            names.remove("nested");
            List<List<Object>> cells = new ArrayList<>();
            cells.add(new ArrayList<>(names));
            for (Map<String, Object> row : rows) {
                List<Object> values = new ArrayList<>();
                for (String name : names)
                    values.add(name.equals("big") ? row.get(name).toString() : row.get(name));
                cells.add(values);
            }
            stub.tabs.put("things", cells);
            return Map.of("spreadsheet", SheetsStub.ID, "endpoint", stub.server.url(""), "keyFields", "id");
        }
    }
}
