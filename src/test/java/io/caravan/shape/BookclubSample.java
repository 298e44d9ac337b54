package io.caravan.shape;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The spreadsheet of the book club's demo, and the documents of the main database that its mapping makes of it. */
public final class BookclubSample {

    private static final Path SHEETS = Path.of("samples/bookclub");
    private static final Map<String, List<String>> IDS = Map.ofEntries(
            Map.entry("books", List.of("book_id")),
            Map.entry("book_versions", List.of("version_id")),
            Map.entry("creators", List.of("creator_id")),
            Map.entry("users", List.of("handle")),
            Map.entry("user_reads", List.of("ur_id")),
            Map.entry("clubs", List.of("handle")),
            Map.entry("club_members", List.of("club_id", "user_id")),
            Map.entry("club_member_reads", List.of("cmr_id")),
            Map.entry("club_reading_periods", List.of("club_id", "period_id")),
            Map.entry("club_period_books", List.of("cpb_id")),
            Map.entry("club_discussions", List.of("club_id", "discussion_id")),
            Map.entry("club_events", List.of("event_id")));

    final Rows rows = new Rows();
    final List<String> tabs = new ArrayList<>();
    final ShapeDocuments step = new ShapeDocuments("classpath:routes/bookclub/main.yaml", "", "refuse", rows);

    public BookclubSample() throws IOException {
        try (Stream<Path> files = Files.list(SHEETS)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
                tabs.add(file.getFileName().toString().replace(".csv", ""));
            }
        }
        for (String tab : tabs) read(tab);
    }

    private void read(String tab) throws IOException {
        CsvSchema header = CsvSchema.emptySchema().withHeader();
        try (MappingIterator<Map<String, Object>> all = new CsvMapper()
                .readerForMapOf(Object.class)
                .with(header)
                .readValues(SHEETS.resolve(tab + ".csv").toFile())) {
            while (all.hasNext()) {
                Map<String, Object> row = new LinkedHashMap<>();
                Map<String, Object> cells = all.next();
                List<String> key = IDS.getOrDefault(tab, List.of("name")).stream()
                        .map(column -> cells.get(column).toString())
                        .toList();
                row.put("_id", Keys.join(key));
                row.putAll(cells);
                rows.put(tab, row);
            }
        }
    }

    /** The rows of a tab as they stand. */
    public List<Record> rows(String tab) {
        return rows.all(tab);
    }

    /** The documents of a kind by their ids. */
    public Map<String, Map<String, Object>> documents(String kind) {
        return rows.shaped(step, kind);
    }

    /** The same as records. */
    public List<Record> records(String kind) {
        return documents(kind).values().stream()
                .map(document -> record(kind, document))
                .toList();
    }

    public static Record record(String kind, Map<String, Object> document) {
        return Record.read(
                Keys.join(List.of(kind, (String) document.get("_id"))),
                new Fields(List.copyOf(document.keySet())),
                document.values().toArray(),
                new Origin(kind, 1),
                Hash.NONE);
    }
}
