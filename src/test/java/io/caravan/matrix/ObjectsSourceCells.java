package io.caravan.matrix;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code objects-source}: every format, on one store or another. */
final class ObjectsSourceCells implements Supplier<List<Connector.Source>> {

    @Override
    public List<Connector.Source> get() {
        return List.of(new Csv());
    }

    private static final class Csv implements Connector.Source {

        private final Path folder = LuceneSinkCells.folder();

        @Override
        public String name() {
            return "objects-source: file, csv";
        }

        @Override
        public String kamelet() {
            return "objects-source";
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) throws Exception {
            Files.createDirectories(folder);
            List<String> columns =
                    Awkward.FIELDS.stream().filter(f -> !f.equals("nested")).toList();
            String csv = rows.stream()
                    .map(row -> columns.stream().map(c -> value(row.get(c))).collect(Collectors.joining(",")))
                    .collect(Collectors.joining("\r\n", String.join(",", columns) + "\r\n", "\r\n"));
            Files.writeString(folder.resolve("things.csv"), csv);
            return Map.of("input", folder.toString(), "format", "csv", "keyFields", "id");
        }

        @Override
        public boolean nested() {
            return false;
        }

        private static String value(Object value) {
            if (value == null) return "";
            String text = value instanceof BigDecimal d ? d.toPlainString() : value.toString();
            return '"' + text.replace("\"", "\"\"") + '"';
        }
    }
}
