package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columned;
import io.caravan.format.CsvFormat;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobParameter;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a CSV file with a header whose columns are parameters of a job: a row is what one job is told; an empty cell says nothing. */
final class EachRow {

    private final JobDefinition job;
    private final Map<String, List<String>> common;

    /** {@code common}: what all rows are told. */
    EachRow(JobDefinition job, Map<String, List<String>> common) {
        this.job = job;
        this.common = common;
    }

    void read(Path file, NewRows rows) {
        String name = file.getFileName().toString();
        List<String> columns = columns(file, name);
        try (RecordReader reader = open(file, name)) {
            for (Optional<Record> row = next(reader, rows); row.isPresent(); row = next(reader, rows)) {
                rows.add(row.get().origin() + ": ", told(columns, row.get()));
            }
        }
    }

    private static Optional<Record> next(RecordReader reader, NewRows rows) {
        return reader.read(bad -> rows.problem(bad.reason()));
    }

    private Map<String, List<String>> told(List<String> columns, Record row) {
        Map<String, List<String>> told = new LinkedHashMap<>(common);
        for (String column : columns) {
            String value = row.get(column).map(Object::toString).orElse("");
            if (value.isEmpty()) continue;
            boolean list = job.parameters().stream()
                    .anyMatch(parameter -> parameter.name().equals(column) && parameter.list());
            told.put(column, list ? List.of(value.split(",")) : List.of(value));
        }
        return told;
    }

    /** The columns, each of which must be a parameter that is not told to all. */
    private List<String> columns(Path file, String name) {
        List<String> columns;
        try (RecordReader reader = open(file, name)) {
            columns = ((Columned) reader).columns().names();
        }
        List<String> known = job.parameters().stream().map(JobParameter::name).toList();
        List<String> problems = new ArrayList<>();
        for (String column : columns) {
            String rule = !known.contains(column)
                    ? "be one of the parameters " + String.join(", ", known)
                    : common.containsKey(column) ? "not be said behind -- too" : "";
            if (!rule.isEmpty())
                problems.add(SettingChecks.sentence(name + ":1: " + job.name(), "column", rule, column)
                        + (known.contains(column) ? "" : Nearest.hint(column, known)));
        }
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return columns;
    }

    private RecordReader open(Path file, String name) {
        try {
            InputStream bytes = Files.newInputStream(file);
            return new CsvFormat(",", List.of()).open(bytes, name, List.of());
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("jobs add", "--each", "be a CSV file that can be read", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
