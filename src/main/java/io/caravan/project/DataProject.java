package io.caravan.project;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonlForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.RecordWriter;
import io.caravan.format.ValueText;
import io.caravan.format.WritableFormat;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.step.ConvertTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of a pipeline from data that is there to a table: names, types and key are guessed from its first rows. */
public final class DataProject {

    private static final int TRIED_ROWS = 5;
    private static final long SMALL = 200_000;

    /**
     * What is made and what was guessed.
     *
     * @param guesses a line each
     */
    public record Made(NewFiles files, List<Guess> guesses, List<String> notes) {}

    /** A column, its type in the table and why. */
    public record Guess(String column, String type, boolean key, String why) {}

    private final String pipeline;
    private final DataFile data;
    private final Optional<URI> url;
    private final Optional<URI> api;
    private final DataFile.Rows rows;
    private final List<ColumnGuess> columns;
    private final KeyGuess key;
    private final String looked;

    /**
     * @param file with the data
     * @param web where it was fetched from: an API is asked again by each run, of other data the copy becomes part of the project
     * @param keyFields what identifies a record; guessed when empty
     * @param wishes how CSV is read, as far as that is not to be guessed
     * @param how settings of the source, of files only
     */
    public DataProject(
            String pipeline,
            Path file,
            Optional<WebData> web,
            List<String> keyFields,
            CsvWishes wishes,
            ReadSettings how) {
        this.pipeline = pipeline;
        this.data = DataFile.of(file, wishes, how);
        this.url = web.map(WebData::url);
        this.api = web.filter(WebData::api).map(WebData::url);
        new SettingChecks("init")
                .must(api.isEmpty() || how.none(), "--read", "be given for files, which an API is none of", "")
                .check();
        this.rows = read(data);
        new SettingChecks("init")
                .must(!rows.records().isEmpty(), "--from", "hold at least one row", file.toString())
                .must(
                        api.map(URI::toString)
                                .or(() -> Optional.of(input()))
                                .filter(DataProject::isSetting)
                                .isPresent(),
                        "the path of --from",
                        "be without quotes, {{ and ${",
                        file.toString())
                .check();
        this.columns = columns(rows.records(), data.format().equals("csv"));
        this.key = keyFields.isEmpty()
                ? KeyGuess.of(rows.records(), columns)
                : KeyGuess.named(keyFields, rows.records(), columns);
        this.looked = (rows.whole() ? "all " : "the first ") + rows.records().size() + " rows of "
                + api.map(WebData::shown).orElse(named(file));
    }

    /** A name for a pipeline from that of a file: {@code order-items} for {@code Order Items 2026.csv.gz}. */
    public static String name(String file) {
        String bare = file.replaceFirst("(\\.[A-Za-z0-9]+)?\\.[A-Za-z0-9]+$", "");
        String name =
                bare.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[-0-9]+|-$", "");
        return name.isEmpty()
                ? "records"
                : name.length() > 50 ? name.substring(0, 50).replaceAll("-$", "") : name;
    }

    /** {@code folder}: how people call the project that is made; empty for one that is there. */
    public Made made(Optional<String> folder) {
        NewFiles files = folder.map(f ->
                        NewProject.frame(f, pipeline, api.map(WebData::shown).orElse(input())))
                .orElseGet(NewFiles::new);
        if (url.isPresent() && api.isEmpty()) files.add(input(), content());
        String settings = api.map(this::apiSettings).orElseGet(() -> fileSettings(input()));
        if (folder.isPresent()) {
            files.add(NewProject.SETTINGS, Template.text("project.properties", Map.of()) + settings);
        } else {
            files.append(NewProject.SETTINGS, settings);
        }
        String routes = "routes/" + pipeline + "/";
        files.add(routes + pipeline + ".camel.yaml", route());
        files.add(routes + "table.yaml", TableGuess.yaml(NewProject.table(pipeline), looked, columns, key));
        List<String> notes = new ArrayList<>();
        notes.add("Guessed from " + looked);
        if (data.format().equals("csv")) notes.add(names());
        if (rows.bad() > 0) notes.add(rows.bad() + " rows are no records and would be dead letters: " + rows.reason());
        if (!test(files)) notes.add("No test case was made: see docs/operations.md, Tests, for how to write one");
        List<Guess> guesses = columns.stream()
                .map(c -> new Guess(c.field(), c.type(), key.fields().contains(c.field()), c.why()))
                .toList();
        return new Made(files, guesses, notes);
    }

    /** Where the pipeline reads: a file of somebody's stays where it is. */
    private String input() {
        Path file = data.file();
        return url.isPresent()
                ? "input/" + pipeline + "/" + named(file)
                : file.toAbsolutePath().normalize().toString();
    }

    private byte[] content() {
        try {
            return Files.readAllBytes(data.file());
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                    "init", "--from", "be readable", data.file().toString()));
        }
    }

    private static DataFile.Rows read(DataFile data) {
        try {
            return data.first(DataFile.ROWS);
        } catch (IncompleteSourceException e) {
            throw new ConfigurationException("init: " + e.getMessage());
        }
    }

    private static List<ColumnGuess> columns(List<Record> records, boolean plain) {
        Set<String> names = new LinkedHashSet<>();
        Fields last = null;
        for (Record record : records) {
            if (record.fields() != last) names.addAll(record.fields().names());
            last = record.fields();
        }
        List<ColumnGuess> columns = new ArrayList<>();
        for (String name : names) {
            List<Object> values = new ArrayList<>(records.size());
            for (Record record : records) values.add(record.get(name).orElse(null));
            columns.add(ColumnGuess.of(name, values, plain));
        }
        return columns;
    }

    private String fileSettings(String input) {
        return Template.text(
                "from/objects.properties",
                Map.of("name", pipeline, "input", input.replace("\\", "\\\\"), "suffix", suffix()));
    }

    private String apiSettings(URI url) {
        return Template.text("from/http.properties", Map.of("name", pipeline, "url", url.toString()));
    }

    private String route() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("name", pipeline);
        words.put(
                "from",
                TableGuess.comment(api.map(WebData::shown)
                        .orElse(named(data.file())
                                + url.map(u -> " (copied from " + WebData.shown(u) + ")")
                                        .orElse(""))));
        words.put(
                "description",
                TableGuess.quoted("Records of " + api.map(URI::getHost).orElse(named(data.file())) + " to a table"));
        words.put("looked", TableGuess.comment(looked));
        words.put("format", data.format());
        words.put("more", more());
        words.put("path", data.path().isEmpty() ? "\"\"" : TableGuess.quoted(data.path()));
        words.put("keyWhy", TableGuess.comment(key.why()));
        words.put("key", TableGuess.quoted(String.join(",", key.fields())));
        words.put("convert", types().isEmpty() ? "" : Template.text("from/convert.yaml", Map.of("types", types())));
        return Template.text(api.isPresent() ? "from/http.camel.yaml" : "from/objects.camel.yaml", words);
    }

    /** What a reader of CSV has to know of its names. */
    private String names() {
        CsvGuess csv = data.csv();
        if (csv.header().equals("none")) {
            return "Its first row is taken for data, so the columns are numbered: name them in 'columns' of the route, or"
                    + " give --header first if that row holds their names";
        }
        String index = csv.indexColumn().equals("ignore")
                ? "; the first column, which has no name as the index that pandas writes, is left out (--index-column"
                        + " <name> keeps it)"
                : "";
        return "The first row is taken for the names of the columns (--header none if it is data)" + index;
    }

    private String csvParameters() {
        CsvGuess csv = data.csv();
        StringBuilder more = new StringBuilder();
        if (!csv.delimiter().equals(","))
            more.append((data.how().has("delimiter") ? "" : "        # a guess: it makes the most columns\n")
                    + "        delimiter: \"" + csv.delimiter() + "\"\n");
        if (csv.header().equals("none")) {
            more.append("        # the first row is data; if it holds the names: first, without columns\n"
                    + "        header: none\n        columns: \"" + String.join(",", csv.columns()) + "\"\n");
        } else {
            more.append(
                    "        # a guess: the first row holds the names; if it is data: none, and columns: their names\n"
                            + "        header: first\n");
        }
        if (!csv.indexColumn().isEmpty()) {
            more.append(
                    "        # what the first column is called, which has no name, as the index that pandas writes\n"
                            + "        indexColumn: " + TableGuess.quoted(csv.indexColumn()) + "\n");
        }
        return more.toString();
    }

    /** Parameters that only this format needs. */
    private String more() {
        StringBuilder more = new StringBuilder();
        if (data.format().equals("csv")) more.append(csvParameters());
        if (data.format().equals("xlsx")
                && !data.how().has("sheet")
                && !data.how().has("headerRow")) {
            more.append(
                    "        # a guess: the first sheet, names in its first row\n        sheet: \"1\"\n        headerRow: 1\n");
        }
        if (!data.path().isEmpty()) {
            more.append("        # a guess: the first list of objects\n        path: " + TableGuess.quoted(data.path())
                    + "\n");
        }
        return more + data.how().parameters();
    }

    private String types() {
        return columns.stream()
                .filter(c -> c.convert().isPresent())
                .map(c -> c.field() + "=" + c.convert().get())
                .collect(Collectors.joining(","));
    }

    /** A case of the first rows, with what the step makes of them; false where there is no way to write such a file. */
    private boolean test(NewFiles files) {
        if (api.isPresent()) return false;
        String folder = "tests/" + pipeline + "/first-rows/";
        List<Record> once = withKeys(rows.records());
        List<Record> first = once.subList(0, Math.min(TRIED_ROWS, once.size()));
        Optional<WritableFormat> form =
                switch (data.format()) {
                    case "csv" ->
                        data.csv().header().equals("first")
                                        && data.csv().indexColumn().isEmpty()
                                ? Optional.of(new CsvForm(data.csv().delimiter(), false, Compression.NONE))
                                : Optional.empty();
                    case "jsonl" -> Optional.of(new JsonlForm(Compression.NONE));
                    case "parquet" -> Optional.of(new ParquetForm(Compression.SNAPPY));
                    default -> Optional.empty();
                };
        // what we write ourselves is not written as the data is
        if (!data.how().none()) form = Optional.empty();
        try {
            if (form.isPresent()) {
                files.add(folder + "input/rows" + form.get().suffix(), bytes(form.get(), first));
            } else if (Files.size(data.file()) <= SMALL
                    && rows.whole()
                    && rows.bad() == 0
                    && once.size() == rows.records().size()) {
                files.add(folder + "input/" + data.file().getFileName(), content());
                first = once;
            } else {
                return false;
            }
            List<Record> expected = types().isEmpty()
                    ? first
                    : new ConvertTypes(types(), "").apply(first, (record, why) -> {
                        throw new IllegalStateException("init: the guess must fit, but " + why.getMessage());
                    });
            files.add(folder + "expected/records.jsonl", bytes(new JsonlForm(Compression.NONE), expected));
            return true;
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                    "init", "--from", "be readable", data.file().toString()));
        }
    }

    /** Of records with one key the first counts. */
    private List<Record> withKeys(List<Record> records) {
        Set<List<String>> met = new LinkedHashSet<>();
        return records.stream()
                .filter(r -> met.add(key.fields().stream()
                        .map(field -> r.get(field).map(ValueText::json).orElse(""))
                        .toList()))
                .toList();
    }

    private static byte[] bytes(WritableFormat form, List<Record> records) throws IOException {
        Columns columns = new Columns();
        records.forEach(columns::add);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = form.write(bytes, columns)) {
            for (Record record : records) writer.write(record);
        }
        return bytes.toByteArray();
    }

    /** Camel reads these itself. */
    private static boolean isSetting(String text) {
        return !text.matches("(?s).*(\"|\\{\\{|\\$\\{|[\\r\\n]).*") && !text.startsWith("#");
    }

    private static String named(Path file) {
        return file.getFileName().toString().replaceAll("[\\p{Cc}{}$@]", "_");
    }

    private String suffix() {
        String name = data.file().getFileName().toString();
        String suffix = name.substring(name.indexOf('.', Math.max(0, name.length() - 14)));
        return suffix.matches("[.A-Za-z0-9]+") ? suffix : "";
    }
}
