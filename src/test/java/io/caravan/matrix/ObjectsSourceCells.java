package io.caravan.matrix;

import io.caravan.object.TestPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** {@code objects-source}: every format, on one store or another. */
final class ObjectsSourceCells implements Supplier<List<Connector.Source>> {

    private static final List<String> FLAT =
            Awkward.FIELDS.stream().filter(f -> !f.equals("nested")).toList();

    /** The bytes of rows in one format, and what reads them. */
    private record Form(
            String name, String file, Map<String, String> parameters, boolean nested, int longest, Bytes bytes) {

        interface Bytes {
            void write(List<Map<String, Object>> rows, OutputStream out) throws IOException;
        }
    }

    private static final Form CSV =
            new Form("csv", "things.csv", Map.of("format", "csv"), false, 1 << 20, ObjectsSourceCells::csv);
    private static final Form JSONL = new Form(
            "jsonl.gz", "things.jsonl.gz", Map.of("format", "jsonl"), true, 1 << 20, ObjectsSourceCells::jsonlGz);
    private static final Form JSON = new Form(
            "json",
            "things.json",
            Map.of("format", "json", "path", "data.items"),
            true,
            1 << 20,
            ObjectsSourceCells::json);
    private static final Form XLSX = new Form(
            "xlsx",
            "things.xlsx",
            Map.of("format", "xlsx", "sheet", "things", "headerRow", "2"),
            false,
            32_000,
            ObjectsSourceCells::xlsx);

    @Override
    public List<Connector.Source> get() {
        return List.of(
                new Objects("file", CSV, TestPlace::folder),
                new Objects("file", XLSX, TestPlace::folder),
                new Objects("S3 (s3proxy)", JSONL, () -> TestPlace.s3("s3proxy")),
                new Objects("S3 (moto)", CSV, () -> TestPlace.s3("moto")),
                new Objects("GCS (fake-gcs-server)", JSON, TestPlace::gcs),
                new Objects("Azure (azurite)", JSONL, TestPlace::azure));
    }

    private static final class Objects implements Connector.Source {

        private final String store;
        private final Form form;
        private final TestPlace.Lazily made;
        private TestPlace place;

        Objects(String store, Form form, TestPlace.Lazily made) {
            this.store = store;
            this.form = form;
            this.made = made;
        }

        @Override
        public String name() {
            return "objects-source: " + store + ", " + form.name();
        }

        @Override
        public String kamelet() {
            return "objects-source";
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) throws Exception {
            if (place == null) place = made.get();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            form.bytes().write(rows, bytes);
            place.put(form.file(), bytes.toByteArray());
            Map<String, String> all = new java.util.HashMap<>(form.parameters());
            all.putAll(place.settings());
            all.put("input", place.uri());
            all.put("keyFields", "id");
            return all;
        }

        @Override
        public boolean nested() {
            return form.nested();
        }

        @Override
        public int longestText() {
            return form.longest();
        }
    }

    private static void csv(List<Map<String, Object>> rows, OutputStream out) throws IOException {
        String csv = rows.stream()
                .map(row -> FLAT.stream().map(c -> quoted(row.get(c))).collect(Collectors.joining(",")))
                .collect(Collectors.joining("\r\n", String.join(",", FLAT) + "\r\n", "\r\n"));
        out.write(csv.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(Object value) {
        if (value == null) return "";
        String text = value instanceof BigDecimal d ? d.toPlainString() : value.toString();
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static void jsonlGz(List<Map<String, Object>> rows, OutputStream out) throws IOException {
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            for (Map<String, Object> row : rows) packed.write((Json.text(row) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void json(List<Map<String, Object>> rows, OutputStream out) throws IOException {
        out.write(Json.text(Map.of("data", Map.of("items", rows))).getBytes(StandardCharsets.UTF_8));
    }

    /** A title above the names; numbers of more than 15 digits as text, as a cell has not more. */
    private static void xlsx(List<Map<String, Object>> rows, OutputStream out) throws IOException {
        try (Workbook book = new Workbook(out, "Caravan", "1.0")) {
            book.newWorksheet("notes").value(0, 0, "nothing to read here");
            Worksheet sheet = book.newWorksheet("things");
            sheet.value(0, 0, "Things");
            for (int c = 0; c < FLAT.size(); c++) sheet.value(1, c, FLAT.get(c));
            for (int r = 0; r < rows.size(); r++) {
                for (int c = 0; c < FLAT.size(); c++) {
                    Object value = rows.get(r).get(FLAT.get(c));
                    if (value instanceof BigDecimal number) sheet.value(r + 2, c, number);
                    else if (value != null) sheet.value(r + 2, c, value.toString());
                }
            }
        }
    }
}
