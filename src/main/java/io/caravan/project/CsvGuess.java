package io.caravan.project;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.CsvFirstRow;
import io.caravan.format.PackedFormat;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a CSV file is read: each as the parameter of that name.
 *
 * @param columns their names in order where the first row holds none; else empty
 */
record CsvGuess(String delimiter, String header, List<String> columns, String indexColumn) {

    static final CsvGuess STANDARD = new CsvGuess(",", "first", List.of(), "");

    private static final List<String> DELIMITERS = List.of(",", ";", "tab", "|");
    private static final String IGNORE = "ignore";
    private static final String YEAR = "(19|20)[0-9]{2}";
    /** So many rows below the first say what a column holds. */
    private static final int LOOKED_AT = 200;

    /** The delimiter that makes the most columns; whether the first row is data, and the first column an index. */
    static CsvGuess of(Path file, CsvWishes wishes, ReadSettings how) {
        String delimiter = "";
        List<String> first = List.of();
        IncompleteSourceException failure = null;
        for (String candidate : how.has("delimiter") ? List.of(how.get("delimiter")) : DELIMITERS) {
            try {
                List<String> row = firstRow(file, candidate, how);
                if (row.size() > first.size()) {
                    first = row;
                    delimiter = candidate;
                }
            } catch (IncompleteSourceException e) {
                // a quote that never closes is none to a delimiter that is not there
                if (failure == null) failure = e;
            }
        }
        if (first.isEmpty() || failure != null && first.size() == 1) {
            throw new ConfigurationException(
                    failure != null
                            ? "init: " + failure.getMessage()
                            : SettingChecks.sentence(
                                    "init", "--from", "hold at least one row below its header", file.toString()));
        }
        CsvGuess headless = new CsvGuess(delimiter, "none", CsvFirstRow.names(first.size()), "");
        if (wishes.header().map("none"::equals).orElse(false)) return headless;
        boolean index = first.size() > 1 && first.get(0).isBlank() && !how.has("blankNames");
        CsvGuess named =
                new CsvGuess(delimiter, "first", List.of(), wishes.indexColumn().orElse(index ? IGNORE : ""));
        if (wishes.header().isPresent() || index || how.saysHeader()) return named;
        return headless.isData(file, first, how) ? headless : named;
    }

    private static List<String> firstRow(Path file, String delimiter, ReadSettings how) {
        CsvFirstRow format = new CsvFirstRow(delimiter, how.text(), how.headerRow());
        return DataFile.first(file, new PackedFormat(format, DataFile.MAX_EXPANSION), 1).records().stream()
                .flatMap(row -> row.fields().names().stream()
                        .map(name -> row.get(name).map(Object::toString).orElse("")))
                .toList();
    }

    /** Whether the first row holds what the rows below hold: a value of the same type in each column that is not just text. */
    private boolean isData(Path file, List<String> first, ReadSettings how) {
        List<Record> rows;
        try {
            rows = new DataFile(file, "csv", this, "", how).first(LOOKED_AT).records();
        } catch (IncompleteSourceException e) {
            return false; // said when it is read
        }
        if (rows.size() < 2) return false;
        // names that are missing or not names at all
        boolean typed = first.stream().anyMatch(String::isBlank) || new HashSet<>(first).size() < first.size();
        boolean years = true;
        for (String column : columns) {
            List<Object> values =
                    rows.stream().map(r -> r.get(column).orElse(null)).toList();
            String below = ColumnGuess.of(column, values.subList(1, values.size()), true)
                    .type();
            Optional<String> top = Optional.ofNullable(values.get(0)).map(Object::toString);
            if (below.equals("text") || top.filter(t -> !t.isBlank()).isEmpty()) continue;
            if (!ColumnGuess.of(column, values, true).type().equals(below)) return false;
            typed = true;
            years &= top.get().matches(YEAR);
        }
        // a table with a column for each year
        return typed && !(years && first.stream().anyMatch(t -> t.matches(YEAR)));
    }
}
