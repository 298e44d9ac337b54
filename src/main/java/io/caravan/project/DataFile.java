package io.caravan.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Compression;
import io.caravan.format.Format;
import io.caravan.format.Formats;
import io.caravan.record.JsonFault;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file with data and how it is read.
 *
 * @param format as the source Kamelet calls it
 * @param csv of CSV: how
 * @param path of JSON: where the list of records is
 * @param how what was said of the rest
 */
record DataFile(Path file, String format, CsvGuess csv, String path, ReadSettings how) {

    /** So many rows are looked at. */
    static final int ROWS = 10_000;

    private static final long LARGEST_JSON = 64 << 20;
    static final int MAX_EXPANSION = 200;
    /** Only looked at: the reader says what it thinks of NaN. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Map<String, String> FORMATS = Map.of(
            "csv", "csv", "tsv", "csv", "txt", "csv", "jsonl", "jsonl", "ndjson", "jsonl", "json", "json", "xlsx",
            "xlsx", "xls", "xls", "parquet", "parquet");

    /**
     * The first rows.
     *
     * @param bad how many others are no records, and why the first is none
     * @param whole whether the file holds no more
     */
    record Rows(List<Record> records, long bad, String reason, boolean whole) {}

    /** Tells its format by its name, and the rest by its content. */
    static DataFile of(Path file, CsvWishes wishes, ReadSettings how) {
        new SettingChecks("init")
                .must(
                        Files.isRegularFile(file) && Files.isReadable(file),
                        "--from",
                        "be a file that can be read, or a URL",
                        file.toString())
                .check();
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String bare =
                name.substring(0, name.length() - Compression.of(name).suffix().length());
        String format = FORMATS.get(bare.substring(bare.lastIndexOf('.') + 1));
        new SettingChecks("init")
                .must(
                        format != null,
                        "--from",
                        "end with .csv, .tsv, .jsonl, .json, .xlsx, .xls or .parquet, perhaps with .gz, .zst or"
                                + " .snappy behind it",
                        name)
                .check();
        new SettingChecks("init")
                .must(
                        format.equals("csv") || wishes.none(),
                        "--header and --index-column",
                        "be given for CSV only",
                        name)
                .check();
        return switch (format) {
            case "csv" -> new DataFile(file, format, CsvGuess.of(file, wishes, how), "", how);
            case "json" -> new DataFile(file, format, CsvGuess.STANDARD, listIn(file, how), how);
            default -> new DataFile(file, format, CsvGuess.STANDARD, "", how);
        };
    }

    private static String listIn(Path file, ReadSettings how) {
        try {
            new SettingChecks("init")
                    .must(
                            Files.size(file) <= LARGEST_JSON,
                            "--from",
                            "be at most 64 MiB of JSON; JSON lines (.jsonl) may be" + " larger",
                            Files.size(file))
                    .check();
            if (Compression.of(file.toString()) != Compression.NONE) return "";
            return listIn(JSON.readTree(how.text().shown(Files.readAllBytes(file))))
                    .orElseThrow(() -> new ConfigurationException(
                            SettingChecks.sentence("init", "--from", "hold a list of JSON objects", file.toString())));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("init", "--from", "be JSON", file + ": " + JsonFault.of(e)));
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence("init", "--from", "be readable", file.toString()));
        }
    }

    /** The names that lead to the nearest list of objects, with dots between them. */
    static Optional<String> listIn(JsonNode root) {
        Deque<Map.Entry<String, JsonNode>> ahead = new ArrayDeque<>(List.of(Map.entry("", root)));
        while (!ahead.isEmpty()) {
            Map.Entry<String, JsonNode> next = ahead.remove();
            JsonNode node = next.getValue();
            if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) return Optional.of(next.getKey());
            node.fields().forEachRemaining(field -> {
                if (field.getKey().contains(".") || field.getKey().isBlank()) return;
                String path = next.getKey().isEmpty() ? field.getKey() : next.getKey() + "." + field.getKey();
                ahead.add(Map.entry(path, field.getValue()));
            });
        }
        return Optional.empty();
    }

    Rows first(int most) {
        return first(file, reading(), most);
    }

    static Rows first(Path file, Format format, int most) {
        List<Record> records = new ArrayList<>();
        long[] bad = {0};
        String[] reason = {""};
        boolean whole = false;
        try (RecordReader reader =
                format.open(Files.newInputStream(file), file.getFileName().toString(), List.of())) {
            while (!whole && records.size() < most) {
                Optional<Record> next = reader.read(row -> {
                    if (bad[0]++ == 0) reason[0] = row.reason();
                });
                next.ifPresent(records::add);
                whole = next.isEmpty();
            }
            return new Rows(records, bad[0], reason[0], whole);
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence("init", "--from", "be readable", file.toString()));
        }
    }

    private Format reading() {
        return Formats.of(
                "init",
                format,
                new Formats.Options(
                        csv.columns(),
                        csv.delimiter(),
                        path,
                        how.get("sheet"),
                        how.headerRow(),
                        MAX_EXPANSION,
                        csv.header(),
                        csv.indexColumn(),
                        how.text()));
    }
}
