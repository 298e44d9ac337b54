package io.caravan.matrix;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** docs/connectors.md: what the Kamelets say of themselves, and what the matrix has seen. */
final class ConnectorsPage {

    static final Path FILE = Path.of("docs/connectors.md");

    private static final String BEGIN = "<!-- the matrix: made by peers/run -->\n";
    private static final String END = "<!-- end of the matrix -->\n";
    private static final String NOTE = "caravan.io/";

    /** Where only some of a Kamelet's calls go. */
    private static final List<String> PLACES = List.of("S3", "Azure", "Google", "SNS", "Kafka", "HTTP", "query API");

    private ConnectorsPage() {}

    /** The page as it should be, with the matrix that the file has now. */
    static String text() throws IOException {
        StringBuilder page = new StringBuilder("""
            # Connectors

            Every source connects to every sink: a pipeline is a route that begins with a source and ends with sinks, see
            `routes/personalization` for one and [adding a connector](adding-a-connector.md) for a new block. This page is made from
            the Kamelets (`mvn test -Dtest=ConnectorsPageTest -Dcaravan.docs=write`), the table of pairs by the test that tries them
            (`peers/run`): a first run of 1,200 awkward records, a run without news that writes nothing, 3 changes, 2 inserts and 4
            deletes that are exactly that, a poison record that stands alone, and a deep `verify`, or what arrived is read where nobody
            can ask (`endpoint-sink`); of a source that shows each record once (`endpoint-source`) there is nothing to verify. Those of
            `endpoint-sink` on Kafka, JMS, SFTP, SQS and mail are tried with one or two sources each time, those of `endpoint-source` with one or
            two sinks, all by `-Dcaravan.matrix=.`; a pair that nobody tried so far says not yet.

            A sink is named by its parameter `sink`, without it by the id of its step, and without both by the default below. The names
            of a pipeline's sinks differ, else it does not start.

            A parameter that is a *place* or *content* makes what a sink holds: when it changes, the sink gets everything again, and a
            source is read whole. All others, such as timeouts, limits and credentials, can be changed at any time, see
            [the ledger](ledger.md).

            What each store makes of each type, in one table: [types](types.md). What is refused: [records](records.md), [formats](formats.md), [object stores](object-stores.md),
            [databases](databases.md), [HTTP, Sheets, notifications](http-sheets-notify.md),
            [documents and warehouse](documents-and-warehouse.md), [vectors](vectors.md), [BigQuery](bigquery.md),
            [any endpoint of Camel](endpoints.md).

            """);
        page.append(BEGIN).append(matrix()).append(END).append('\n');
        for (String kind : List.of("source", "action", "sink")) {
            page.append("## ")
                    .append(Map.of("source", "Sources", "action", "Steps", "sink", "Sinks")
                            .get(kind));
            page.append("\n\n");
            for (String kamelet : Connector.kamelets(kind)) section(page, kamelet, kind);
        }
        return page.toString();
    }

    /** Puts what was seen into the page; of pairs that were not tried now stays what it says. Another part may be at it, too. */
    static void writeMatrix(
            Map<String, Map<String, String>> seen, List<Connector.Source> sources, List<Connector.Sink> sinks)
            throws IOException {
        seen.forEach((source, row) -> System.out.println(source + ": " + row));
        if (!"write".equals(System.getProperty("caravan.docs"))) return;
        try (FileChannel page = FileChannel.open(FILE, READ, WRITE);
                FileLock held = page.lock()) {
            String table = table(said(), seen, sources, sinks);
            String text = text();
            int begin = text.indexOf(BEGIN) + BEGIN.length();
            Files.writeString(FILE, text.substring(0, begin) + table + text.substring(text.indexOf(END)));
        }
    }

    private static String table(
            Map<String, Map<String, String>> said,
            Map<String, Map<String, String>> seen,
            List<Connector.Source> sources,
            List<Connector.Sink> sinks) {
        StringBuilder table = new StringBuilder("| |");
        Map<String, Connector.Source> rows = new TreeMap<>();
        sources.forEach(source -> rows.put(source.name(), source));
        Map<String, Connector.Sink> columns = new TreeMap<>();
        sinks.forEach(sink -> columns.put(sink.name(), sink));
        columns.keySet().forEach(sink -> table.append(' ').append(sink).append(" |"));
        table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        rows.forEach((source, row) -> {
            table.append("| ").append(source).append(" |");
            columns.forEach((sink, column) -> {
                String none = row.always(column) && column.always(row) ? "not run" : "not yet";
                String before = said.getOrDefault(source, Map.of()).getOrDefault(sink, none);
                String now = seen.getOrDefault(source, Map.of()).getOrDefault(sink, before);
                table.append(' ').append(now).append(" |");
            });
            table.append('\n');
        });
        return table.toString();
    }

    /** By source and sink, what the page says of them. */
    private static Map<String, Map<String, String>> said() throws IOException {
        List<String[]> rows =
                matrix().lines().map(l -> l.split("\\s*\\|\\s*", -1)).toList();
        Map<String, Map<String, String>> said = new TreeMap<>();
        for (int row = 2; row < rows.size(); row++) {
            Map<String, String> of = new TreeMap<>();
            for (int i = 2; i < rows.get(row).length - 1; i++) of.put(rows.get(0)[i], rows.get(row)[i]);
            said.put(rows.get(row)[1], of);
        }
        return said;
    }

    static String matrix() throws IOException {
        if (!Files.exists(FILE)) return "";
        String page = Files.readString(FILE);
        int begin = page.indexOf(BEGIN);
        return begin < 0 ? "" : page.substring(begin + BEGIN.length(), page.indexOf(END));
    }

    private static void section(StringBuilder page, String kamelet, String kind) throws IOException {
        Map<?, ?> yaml = kamelet(kamelet);
        Map<?, ?> definition = at(yaml, "spec", "definition");
        Map<?, ?> metadata = at(yaml, "metadata");
        Map<?, ?> notes = metadata.get("annotations") instanceof Map<?, ?> m ? m : Map.of();
        page.append("### `")
                .append(kamelet)
                .append("`\n\n")
                .append(definition.get("description"))
                .append("\n\n");
        if (notes.get(NOTE + "guarantees") != null) {
            page.append("**Guarantees:** ")
                    .append(line(notes.get(NOTE + "guarantees")))
                    .append("\n\n");
        }
        if (notes.get(NOTE + "limits") != null) {
            page.append("**Limits:** ").append(line(notes.get(NOTE + "limits"))).append("\n\n");
        }
        calls(page, kamelet);
        if (notes.get(NOTE + "example") != null) {
            page.append("```yaml\n").append(example(kamelet, kind, notes)).append("```\n\n");
        }
        page.append("| parameter | type | default | is | |\n|---|---|---|---|---|\n");
        List<?> required = definition.get("required") instanceof List<?> l ? l : List.of();
        Map<?, ?> properties = at(definition, "properties");
        properties.forEach((name, of) -> page.append(row((String) name, (Map<?, ?>) of, required.contains(name))));
        page.append('\n');
    }

    /** What goes by an endpoint of Camel, and what by its client and why. */
    private static void calls(StringBuilder page, String kamelet) throws IOException {
        Map<String, String> calls = calls(kamelet);
        if (calls.isEmpty()) return;
        page.append("| call | goes by |\n|---|---|\n");
        calls.forEach((call, way) ->
                page.append("| ").append(call).append(" | ").append(shown(way)).append(" |\n"));
        page.append('\n');
    }

    private static String shown(String way) {
        return scheme(way).map(s -> "`" + s + "`" + way.substring(s.length())).orElse(way);
    }

    /** Each call that a Kamelet makes, and its way: a component and what it does, or client and why. */
    static Map<String, String> calls(String kamelet) throws IOException {
        Map<?, ?> metadata = at(kamelet(kamelet), "metadata");
        Object said = metadata.get("annotations") instanceof Map<?, ?> m ? m.get(NOTE + "calls") : null;
        Map<String, String> calls = new LinkedHashMap<>();
        if (said == null) return calls;
        said.toString().strip().lines().forEach(line -> {
            String[] parts = line.split(": ", 2);
            calls.put(parts[0].strip(), parts[1].strip());
        });
        return calls;
    }

    /** The components that every run calls for this connector: those of calls that name no other place than its own. */
    static Set<String> schemes(Connector connector) throws IOException {
        Set<String> schemes = new TreeSet<>();
        calls(connector.kamelet()).forEach((call, way) -> {
            boolean elsewhere = PLACES.stream()
                    .anyMatch(p -> call.contains(p) && !connector.name().contains(p));
            if (!elsewhere) scheme(way).ifPresent(schemes::add);
        });
        return schemes;
    }

    private static Optional<String> scheme(String way) {
        String first = way.split("[ ,]", 2)[0];
        // of some it is the component that a URI names
        return Set.of("client", "the", "its").contains(first) ? Optional.empty() : Optional.of(first);
    }

    /** The call of a Kamelet with the parameters of its example. */
    static String example(String kamelet, String kind, Map<?, ?> notes) {
        String call = kind.equals("source") ? "from" : "to";
        String parameters = notes.get(NOTE + "example")
                .toString()
                .strip()
                .lines()
                .map(l -> "    " + l + "\n")
                .collect(Collectors.joining());
        return call + ":\n  uri: kamelet:" + kamelet + "\n  parameters:\n" + parameters;
    }

    private static String row(String name, Map<?, ?> of, boolean required) {
        List<String> types = new ArrayList<>();
        if (of.get("enum") instanceof List<?> values) values.forEach(v -> types.add("`" + v + "`"));
        else types.add(of.get("type").toString());
        Object standard = of.get("default");
        String shown = required ? "required" : standard.equals("") ? "" : "`" + standard + "`";
        Object identity = of.get(NOTE + "identity");
        return "| `" + name + "` | " + String.join(", ", types) + " | " + shown + " | "
                + ("none".equals(identity) ? "" : identity) + " | "
                + line(of.get("description")).replace("|", "\\|") + " |\n";
    }

    private static String line(Object text) {
        return text.toString().strip().replaceAll("\\s*\n\\s*", " ");
    }

    static Map<?, ?> kamelet(String name) throws IOException {
        Path file = Path.of("src/main/resources/kamelets", name + ".kamelet.yaml");
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> at(Map<?, ?> yaml, String... path) {
        Map<?, ?> at = yaml;
        for (String name : path) at = (Map<?, ?>) at.get(name);
        return at;
    }
}
