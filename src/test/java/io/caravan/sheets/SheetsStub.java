package io.caravan.sheets;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.model.BatchGetValuesResponse;
import com.google.api.services.sheets.v4.model.CellData;
import com.google.api.services.sheets.v4.model.ErrorValue;
import com.google.api.services.sheets.v4.model.ExtendedValue;
import com.google.api.services.sheets.v4.model.GridData;
import com.google.api.services.sheets.v4.model.GridProperties;
import com.google.api.services.sheets.v4.model.RowData;
import com.google.api.services.sheets.v4.model.Sheet;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import com.google.api.services.sheets.v4.model.ValueRange;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.http.ApiServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A stand-in for the Sheets API that keeps tabs: {@code spreadsheets.get}, {@code spreadsheets.values.get} and {@code batchGet}, errors of cells, and the token
 * endpoint. A parameter that Google has not published is refused; answers are made of Google's own published model.
 */
public final class SheetsStub implements AutoCloseable {

    public static final String ID = "1Sheet_of-tests";

    private static final Set<String> COMMON = Set.of(
            "$.xgafv",
            "access_token",
            "alt",
            "callback",
            "fields",
            "key",
            "oauth_token",
            "prettyPrint",
            "quotaUser",
            "uploadType",
            "upload_protocol");
    private static final Set<String> OF_SPREADSHEET =
            Set.of("ranges", "includeGridData", "excludeTablesInBandedRanges");
    private static final Map<String, Set<String>> OF_VALUES = Map.of(
            "majorDimension", Set.of("ROWS", "COLUMNS"),
            "valueRenderOption", Set.of("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"),
            "dateTimeRenderOption", Set.of("SERIAL_NUMBER", "FORMATTED_STRING"));
    private static final Set<String> OF_BATCH =
            Set.of("ranges", "majorDimension", "valueRenderOption", "dateTimeRenderOption");
    private static final Pattern RANGE =
            Pattern.compile("'((?:[^']|'')+)'!([A-Z]*)(\\d+):([A-Z]*)(\\d+)", Pattern.DOTALL);

    /** The cells of each tab, from its first row. */
    public final Map<String, List<List<Object>>> tabs = new TreeMap<>();
    /** Rows below the last with cells, which a grid has. */
    public int blankRows = 3;
    /** Of each grid. */
    int columns = 26;

    /** Statuses that the next requests for values are refused with; negative: with Retry-After of so many seconds and 429. */
    final Queue<Integer> refusals = new ArrayDeque<>();
    /** Called before rows are answered, with the number of such requests so far. */
    java.util.function.IntConsumer meddler = n -> {};
    /** Called before the tabs are listed, with the number of such requests so far. */
    java.util.function.IntConsumer lister = n -> {};
    /** Of the first tab; those behind it count on. */
    int firstSheetId;
    /** How often the tabs were listed. */
    int listings;
    /** When set, the authorisation that requests must have. */
    String authorisation = "";

    /** How often cells were asked for their errors. */
    int errorRequests;
    /** Whether the answer then has cells at all. */
    boolean tellsErrors = true;
    /** Called before errors are answered. */
    Runnable calculator = () -> {};

    int valueRequests;
    /** How many of them were for several ranges at once. */
    int batchRequests;
    /** Whether several ranges are answered in the wrong order. */
    boolean shuffled;

    public final ApiServer server = new ApiServer(this::answer);

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (path.equals("/token")) {
            exchange.getRequestBody().readAllBytes();
            ApiServer.answer(
                    exchange, 200, "{\"access_token\":\"stub-token\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
            return;
        }
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (!authorisation.isEmpty() && !authorisation.equals(given)) {
            refuse(exchange, 403, "PERMISSION_DENIED");
            return;
        }
        String base = "/v4/spreadsheets/" + ID;
        if (path.equals(base)
                && published(exchange, OF_SPREADSHEET)
                && !ranges(exchange).isEmpty()) {
            if (counted(exchange)) return;
            errorRequests++;
            calculator.run();
            Spreadsheet found = errors(exchange);
            if (found == null) refuse(exchange, 400, "INVALID_ARGUMENT");
            else
                ApiServer.answer(exchange, 200, GsonFactory.getDefaultInstance().toString(found));
        } else if (path.equals(base) && published(exchange, OF_SPREADSHEET)) {
            ApiServer.answer(exchange, 200, GsonFactory.getDefaultInstance().toString(spreadsheet(exchange)));
        } else if (path.equals(base + "/values:batchGet") && published(exchange, OF_BATCH)) {
            if (counted(exchange)) return;
            batchRequests++;
            List<ValueRange> found = new ArrayList<>();
            for (String range : ranges(exchange)) found.add(values(range));
            if (found.contains(null)) refuse(exchange, 400, "INVALID_ARGUMENT");
            else {
                if (shuffled) java.util.Collections.reverse(found);
                ApiServer.answer(
                        exchange,
                        200,
                        GsonFactory.getDefaultInstance()
                                .toString(new BatchGetValuesResponse()
                                        .setSpreadsheetId(ID)
                                        .setValueRanges(found)));
            }
        } else if (path.startsWith(base + "/values/") && published(exchange, OF_VALUES.keySet())) {
            if (counted(exchange)) return;
            ValueRange found = values(
                    URLDecoder.decode(path.substring(base.length() + 8).replace("+", "%2B"), StandardCharsets.UTF_8));
            if (found == null) refuse(exchange, 400, "INVALID_ARGUMENT");
            else
                ApiServer.answer(exchange, 200, GsonFactory.getDefaultInstance().toString(found));
        } else {
            refuse(exchange, 404, "NOT_FOUND");
        }
    }

    /** Counts a request for values; whether it was refused. */
    private boolean counted(HttpExchange exchange) throws IOException {
        valueRequests++;
        meddler.accept(valueRequests);
        Integer refusal = refusals.poll();
        if (refusal == null) return false;
        if (refusal < 0) exchange.getResponseHeaders().set("Retry-After", Integer.toString(-refusal));
        refuse(exchange, refusal < 0 ? 429 : refusal, "RESOURCE_EXHAUSTED");
        return true;
    }

    /** An error cell, or one that is still computed, whose value is this text; {@code type} as Google has it. */
    public record ErrorCell(String type, String text) {

        /** What is not ready yet. */
        public static final ErrorCell LOADING = new ErrorCell("LOADING", "Loading...");
    }

    /** What the fields ask for: of each tab that a range names its cells' texts and errors; of other cells nothing. */
    private Spreadsheet errors(HttpExchange exchange) {
        if (!String.valueOf(exchange.getRequestURI()).contains("errorValue")) throw new IllegalArgumentException();
        Map<String, Sheet> sheets = new LinkedHashMap<>();
        for (String range : ranges(exchange)) {
            Matcher m = RANGE.matcher(range);
            String tab = m.matches() ? m.group(1).replace("''", "'") : "";
            List<List<Object>> rows = tabs.get(tab);
            if (rows == null || Integer.parseInt(m.group(5)) > rows.size() + blankRows) return null;
            int left = column(m.group(2), 1);
            int top = Integer.parseInt(m.group(3));
            List<RowData> found = new ArrayList<>();
            for (int r = top; r <= Math.min(rows.size(), Integer.parseInt(m.group(5))); r++) {
                List<Object> cells = rows.get(r - 1);
                List<CellData> shown = new ArrayList<>();
                for (int c = left; c <= Math.min(column(m.group(4), columns), cells.size()); c++) {
                    shown.add(new CellData().setEffectiveValue(effective(cells.get(c - 1))));
                }
                found.add(new RowData().setValues(shown));
            }
            GridData grid = new GridData().setRowData(found);
            if (top > 1) grid.setStartRow(top - 1);
            if (left > 1) grid.setStartColumn(left - 1);
            Sheet sheet = sheets.computeIfAbsent(tab, title -> new Sheet()
                    .setProperties(new SheetProperties().setTitle(title))
                    .setData(new ArrayList<>()));
            if (tellsErrors) sheet.getData().add(grid);
        }
        return new Spreadsheet().setSheets(new ArrayList<>(sheets.values()));
    }

    private static ExtendedValue effective(Object cell) {
        if (cell instanceof ErrorCell error) {
            return new ExtendedValue().setErrorValue(new ErrorValue().setType(error.type()));
        }
        if (cell == null || "".equals(cell)) return null;
        return cell instanceof String text ? new ExtendedValue().setStringValue(text) : new ExtendedValue();
    }

    private static List<String> ranges(HttpExchange exchange) {
        if (exchange.getRequestURI().getRawQuery() == null) return List.of();
        return Stream.of(exchange.getRequestURI().getRawQuery().split("&"))
                .filter(pair -> pair.startsWith("ranges="))
                .map(pair -> URLDecoder.decode(pair.substring(7), StandardCharsets.UTF_8))
                .toList();
    }

    private static boolean published(HttpExchange exchange, Set<String> parameters) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) return true;
        for (String pair : query.split("&")) {
            String name = pair.split("=")[0];
            if (!COMMON.contains(name) && !parameters.contains(name)) throw new IllegalArgumentException(name);
            Set<String> values = OF_VALUES.get(name);
            if (values != null && !values.contains(pair.substring(name.length() + 1))) {
                throw new IllegalArgumentException(pair);
            }
        }
        return true;
    }

    private Spreadsheet spreadsheet(HttpExchange exchange) {
        List<Sheet> sheets = new ArrayList<>();
        lister.accept(++listings);
        boolean ids = String.valueOf(exchange.getRequestURI()).contains("sheetId");
        tabs.forEach((title, rows) -> sheets.add(new Sheet()
                .setProperties(new SheetProperties()
                        .setSheetId(ids ? firstSheetId + sheets.size() : null)
                        .setTitle(title)
                        .setSheetType("GRID")
                        .setGridProperties(new GridProperties()
                                .setRowCount(rows.size() + blankRows)
                                .setColumnCount(columns)))));
        sheets.add(new Sheet()
                .setProperties(new SheetProperties().setTitle("a chart").setSheetType("OBJECT")));
        return new Spreadsheet().setSheets(sheets);
    }

    /** Null for a range that is not there. */
    private ValueRange values(String range) {
        Matcher m = RANGE.matcher(range);
        List<List<Object>> rows = m.matches() ? tabs.get(m.group(1).replace("''", "'")) : null;
        if (rows == null || Integer.parseInt(m.group(5)) > rows.size() + blankRows) {
            return null;
        }
        int left = column(m.group(2), 1);
        int right = column(m.group(4), Integer.MAX_VALUE);
        List<List<Object>> found = new ArrayList<>();
        for (int r = Integer.parseInt(m.group(3)); r <= Math.min(rows.size(), Integer.parseInt(m.group(5))); r++) {
            List<Object> cells = rows.get(r - 1);
            int end = Math.min(right, cells.size());
            while (end >= left && (cells.get(end - 1) == null || "".equals(cells.get(end - 1)))) end--;
            List<Object> shown = new ArrayList<>();
            for (int c = left; c <= end; c++) shown.add(value(cells.get(c - 1)));
            found.add(shown);
        }
        while (!found.isEmpty() && found.get(found.size() - 1).isEmpty()) found.remove(found.size() - 1);
        ValueRange answer = new ValueRange().setRange(range).setMajorDimension("ROWS");
        if (!found.isEmpty()) answer.setValues(found);
        return answer;
    }

    private static Object value(Object cell) {
        if (cell == null) return "";
        return cell instanceof ErrorCell error ? error.text() : cell;
    }

    private static int column(String letters, int none) {
        if (letters.isEmpty()) return none;
        int number = 0;
        for (char c : letters.toCharArray()) number = 26 * number + c - 'A' + 1;
        return number;
    }

    private static void refuse(HttpExchange exchange, int status, String name) throws IOException {
        ApiServer.answer(
                exchange,
                status,
                "{\"error\":{\"code\":" + status + ",\"message\":\"no\",\"status\":\"" + name + "\"}}");
    }

    @Override
    public void close() {
        server.close();
    }
}
