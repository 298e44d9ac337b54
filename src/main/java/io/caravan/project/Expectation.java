package io.caravan.project;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.run.Preview;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a case expects: {@code expected/records.jsonl} or {@code .csv} for all sinks, {@code expected/<sink>.jsonl} or {@code
 * .csv} for one, and {@code expected/dead-letters.jsonl}.
 */
public final class Expectation {

    private static final String RECORDS = "records";
    private static final String LETTERS = "dead-letters.jsonl";
    private static final String JSONL = ".jsonl";
    private static final String CSV = ".csv";
    /** Without a key, as the files of a case need not have its fields. */
    private static final List<String> NO_KEY = List.of();

    private final TestCase test;

    public Expectation(TestCase test) {
        this.test = test;
    }

    /** What differs; throws {@link ConfigurationException} when the files say nothing or cannot be read. */
    public List<Difference> compare(Preview preview) {
        Set<String> sinks = preview.arrived().keySet();
        checkNames(sinks);
        List<String> key = test.key().isEmpty() ? preview.keyFields() : test.key();
        List<Difference> differences = new ArrayList<>();
        preview.arrived().forEach((sink, records) -> {
            Optional<Path> file = file(sink);
            List<Row> expected = file.map(this::read).orElse(List.of());
            List<Row> actual =
                    records.stream().map(r -> Row.of(r, test.ignored(), false)).toList();
            differences.addAll(Comparison.of(sink, expected, actual, key, test.ordered()));
        });
        Path letters = test.expected().resolve(LETTERS);
        differences.addAll(ExpectedLetter.compare(
                Files.exists(letters) ? ExpectedLetter.read(named(letters), text(letters)) : List.of(),
                preview.refused()));
        return differences;
    }

    /** Makes what came out what is expected; files that are there keep their form. Returns their names. */
    public List<String> update(Preview preview) {
        Map<String, List<Record>> arrived = preview.arrived();
        boolean same = arrived.values().stream()
                        .map(records -> records.stream()
                                .map(r -> Row.of(r, test.ignored(), false)
                                        .fields()
                                        .toString())
                                .toList())
                        .distinct()
                        .count()
                == 1;
        boolean together =
                same && arrived.keySet().stream().noneMatch(sink -> own(sink).isPresent());
        Set<String> written = new TreeSet<>();
        try {
            Files.createDirectories(test.expected());
            if (together) {
                write(
                        common().orElse(test.expected().resolve(RECORDS + JSONL)),
                        arrived.values().iterator().next(),
                        written);
            } else {
                for (Map.Entry<String, List<Record>> sink : arrived.entrySet()) {
                    Path file = own(sink.getKey()).orElse(test.expected().resolve(sink.getKey() + JSONL));
                    write(file, sink.getValue(), written);
                }
                for (String old : List.of(RECORDS + JSONL, RECORDS + CSV)) {
                    Files.deleteIfExists(test.expected().resolve(old));
                }
            }
            Path letters = test.expected().resolve(LETTERS);
            if (preview.refused().isEmpty()) {
                Files.deleteIfExists(letters);
            } else {
                String lines = preview.refused().stream()
                        .map(letter -> ExpectedLetter.line(letter) + "\n")
                        .collect(Collectors.joining());
                Files.writeString(letters, lines);
                written.add(LETTERS);
            }
        } catch (IOException e) {
            throw new ConfigurationException(
                    "test: the folder must be writable, got '" + test.expected() + "' (" + e + ")");
        }
        return List.copyOf(written);
    }

    private void checkNames(Set<String> sinks) {
        Set<String> known = new HashSet<>(Set.of(LETTERS));
        Stream.concat(sinks.stream(), Stream.of(RECORDS))
                .forEach(name -> known.addAll(List.of(name + JSONL, name + CSV)));
        List<String> there = new ArrayList<>();
        if (Files.isDirectory(test.expected())) {
            try (Stream<Path> files = Files.list(test.expected())) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> !name.startsWith("."))
                        .sorted()
                        .forEach(there::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (there.isEmpty()) {
            throw new ConfigurationException(test.title() + ": the folder expected must hold " + RECORDS + JSONL
                    + ", got nothing; see what comes out: caravan test " + test.pipeline()
                    + " --update writes it there");
        }
        SettingChecks settings = new SettingChecks(test.title());
        for (String name : there) {
            String names = RECORDS + " or a sink (" + String.join(", ", sinks) + ") with " + JSONL + " or " + CSV;
            settings.must(known.contains(name), "a file in expected", "be named " + names + ", or " + LETTERS, name);
        }
        settings.check();
    }

    private Optional<Path> file(String sink) {
        return own(sink).or(this::common);
    }

    private Optional<Path> own(String sink) {
        return Stream.of(JSONL, CSV)
                .map(suffix -> test.expected().resolve(sink + suffix))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private Optional<Path> common() {
        return own(RECORDS);
    }

    private List<Row> read(Path file) {
        List<Row> rows = new ArrayList<>();
        boolean csv = file.toString().endsWith(CSV);
        if (file.toFile().length() == 0) return List.of(); // not even a header
        try (RecordReader reader = form(file).open(Files.newInputStream(file), named(file), NO_KEY)) {
            Optional<Record> record = next(reader);
            for (; record.isPresent(); record = next(reader)) rows.add(Row.of(record.get(), test.ignored(), csv));
            return rows;
        } catch (IncompleteSourceException e) {
            throw new ConfigurationException(e.getMessage());
        } catch (IOException e) {
            throw new ConfigurationException(named(file) + ": the file must be readable, got " + e.getMessage());
        }
    }

    private static Optional<Record> next(RecordReader reader) {
        return reader.read(bad -> {
            throw new ConfigurationException(bad.reason());
        });
    }

    private void write(Path file, List<Record> records, Set<String> written) throws IOException {
        List<Record> compared = records.stream().map(this::compared).toList();
        written.add(file.getFileName().toString());
        Columns columns = new Columns();
        compared.forEach(columns::add);
        try (OutputStream out = Files.newOutputStream(file)) {
            if (compared.isEmpty()) return;
            try (RecordWriter writer = form(file).write(out, columns)) {
                for (Record record : compared) writer.write(record);
            }
        }
    }

    /** Without the fields that nobody looks at. */
    private Record compared(Record record) {
        Map<String, Object> kept = new LinkedHashMap<>();
        for (int i = 0; i < record.fields().size(); i++) {
            String name = record.fields().names().get(i);
            if (!test.ignored().contains(name)) kept.put(name, record.at(i));
        }
        return record.with(new Fields(List.copyOf(kept.keySet())), kept.values().toArray());
    }

    private static WritableFormat form(Path file) {
        return file.toString().endsWith(CSV)
                ? new CsvForm(",", false, Compression.NONE)
                : new JsonlForm(Compression.NONE);
    }

    private String named(Path file) {
        return "tests/" + test.title() + "/expected/" + file.getFileName();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": the file must be readable, got " + e.getMessage());
        }
    }
}
