package io.caravan.cli;

import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.graph.GraphQuery;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;

/** The book club from an invented spreadsheet, which a server on this machine hands out with its covers, to the graph, and questions to that. */
final class DemoBookclub {

    private static final String CHAIN = "bookclub";
    private static final String SAMPLES = "samples/bookclub";
    /** The sample's cells name it for the covers. */
    private static final int PORT = 8917;

    private static final String KEYS = "caravan.encryption.keysFile";
    private static final String MEMBER = "sami2";
    private static final int TIMEOUT_MILLIS = 30_000;

    private static final int ANSWERS = 5;

    /** By what they ask of the member: what the query API asks the graph. */
    private static final Map<String, String> QUESTIONS = questions();

    private final Shell shell;
    private final boolean json;
    /** The registry of the demo, where the settings name none. */
    private Path madeKeys;

    DemoBookclub(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    private static Map<String, String> questions() {
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put("Who reads like " + MEMBER + "?", "similar-readers");
        questions.put("What should " + MEMBER + " read next, and why?", "recommendations");
        questions.put("Which clubs is " + MEMBER + " in, and what did they choose?", "clubs");
        return questions;
    }

    int run() throws Exception {
        Path samples = Path.of(System.getProperty("caravan.home", "."), SAMPLES);
        RunReport report;
        try (DemoSpreadsheet sheets = new DemoSpreadsheet(samples, PORT)) {
            Configuration configuration = shell.configuration().with(settings(sheets));
            report = new Trip(shell, shell.pipelines().named(CHAIN), configuration, json).go(Mode.RUN);
        }
        Map<String, List<Map<String, Object>>> answers = Exit.of(report.status()) == Exit.FAILED ? Map.of() : answers();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>(new ChainSummary(report).json());
            all.put("answers", answers);
            shell.terminal().json(all);
        } else {
            new ChainSummary(report).print(shell.terminal(), false);
            answers.forEach(this::print);
            if (madeKeys != null) {
                shell.terminal()
                        .out()
                        .println(System.lineSeparator() + "To go on with it (plan, verify, ...): export"
                                + " CARAVAN_ENCRYPTION_CLEARTEXTKEYS=true CARAVAN_ENCRYPTION_KEYSFILE=" + madeKeys);
            }
        }
        return Exit.of(report.status());
    }

    private Map<String, String> settings(DemoSpreadsheet sheets) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("caravan.bookclub.spreadsheet", DemoSpreadsheet.ID);
        settings.put("caravan.bookclub.credentialsFile", "");
        settings.put("caravan.bookclub.sheetsEndpoint", sheets.endpoint());
        settings.put("caravan.bookclub.images.connectionString", "");
        settings.put("caravan.bookclub.images.allowHosts", "127.0.0.1:" + PORT);
        if (shell.setting(KEYS).isBlank()) {
            Path file = Path.of(shell.setting("caravan.bookclub.images.output"))
                    .toAbsolutePath()
                    .resolveSibling("bookclub-demo-keys.json");
            Files.createDirectories(file.getParent());
            KeysFile keys = new KeysFile(file);
            if (!keys.exists()) keys.change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
            settings.put(KEYS, file.toString());
            madeKeys = file;
            settings.put("caravan.encryption.cleartextKeys", "true");
        }
        return settings;
    }

    private Map<String, List<Map<String, Object>>> answers() throws Exception {
        Map<String, List<Map<String, Object>>> answers = new LinkedHashMap<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
                GraphQuery query = new GraphQuery(
                        shell.setting("caravan.graph.uri"),
                        shell.setting("caravan.graph.user"),
                        shell.setting("caravan.graph.password"),
                        "",
                        "classpath:routes/query/" + question.getValue() + ".cypher",
                        TIMEOUT_MILLIS);
                query.setCamelContext(context);
                answers.put(question.getKey(), answer(query));
            }
        }
        return answers;
    }

    /** The one row of such a question has the list of answers. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> answer(GraphQuery query) {
        return query.rows(Map.of("user_id", MEMBER, "limit", ANSWERS)).stream()
                .flatMap(row -> ((List<Map<String, Object>>) row.get("answer")).stream())
                .toList();
    }

    private void print(String question, List<Map<String, Object>> rows) {
        shell.terminal().out().println(System.lineSeparator() + question);
        if (rows.isEmpty()) {
            shell.terminal().out().println("nobody and nothing");
            return;
        }
        Table table = new Table(rows.get(0).keySet().toArray(String[]::new));
        rows.forEach(
                row -> table.row(row.values().stream().map(DemoBookclub::shown).toArray()));
        shell.terminal().print(table);
    }

    /** Of a book its title, of a path what it leads through: {@code readers (bk170, hana36)}. */
    static Object shown(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(DemoBookclub::shown).map(String::valueOf).collect(Collectors.joining(", "));
        }
        if (!(value instanceof Map<?, ?> map)) return value;
        if (map.get("title") != null) return map.get("title");
        if (map.get("through") == null || !(map.get("nodes") instanceof List<?> nodes)) return map;
        return map.get("through") + " ("
                + nodes.subList(1, nodes.size() - 1).stream()
                        .map(node -> String.valueOf(((Map<?, ?>) node).get("id")))
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
