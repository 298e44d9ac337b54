package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStores;
import io.caravan.observation.Normalisation;
import io.caravan.observation.Parser;
import io.caravan.observation.Parsers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** Makes the blocks of a dataset's route from its file, or reports all that is wrong with it at once. */
public final class DatasetSources {

    private DatasetSources() {}

    /**
     * The dataset in a file, with the settings that its placeholders stand for.
     *
     * @param file a path, or {@code classpath:<resource>}
     */
    public static Dataset dataset(CamelContext context, String file) {
        String text = SettingFile.read("dataset", "file", file);
        DatasetFile.Found found = DatasetFile.read(file, resolved(context, text));
        if (found.dataset().isEmpty()) {
            throw new ConfigurationException(
                    found.problems().stream().map(Object::toString).toList());
        }
        return found.dataset().get();
    }

    /** Each line by itself, so that lines stay where they are; a comment may show a placeholder. */
    private static String resolved(CamelContext context, String text) {
        StringBuilder resolved = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            boolean setting = line.contains("{{") && !line.strip().startsWith("#");
            resolved.append(setting ? context.resolvePropertyPlaceholders(line) : line)
                    .append('\n');
        }
        return resolved.substring(0, resolved.length() - 1);
    }

    /**
     * The observations of a dataset; nothing is touched yet.
     *
     * @param file what describes it: a path, or {@code classpath:<resource>}
     * @param output where its versions are published and its bytes are kept; blank for nowhere
     * @param fromRaw the version whose bytes are read again; blank for the file as it is now
     * @param scope what the ledger compares with that of the last run
     */
    public static DatasetFileSource of(String file, String output, String fromRaw, ObjectAccess access, String scope) {
        return new DatasetFileSource(context -> made(context, file, output, fromRaw, access));
    }

    private static DatasetSource made(
            CamelContext context, String file, String output, String fromRaw, ObjectAccess access) {
        Dataset dataset = dataset(context, file);
        List<String> problems = new ArrayList<>();
        Extract extract = orReport(problems, () -> extract(dataset, access));
        Optional<Parser> parser = dataset.parses()
                ? Optional.ofNullable(orReport(problems, () -> parser(context, dataset)))
                : Optional.empty();
        Optional<RawFiles> raw = output.isBlank()
                ? Optional.empty()
                : Optional.ofNullable(orReport(
                        problems,
                        () -> new RawFiles(ObjectStores.of(dataset.id(), "output", output, access), dataset.id())));
        if (!fromRaw.isBlank() && (raw.isEmpty() || !dataset.loads())) {
            problems.add(SettingChecks.sentence(
                    dataset.id(), "--from-raw", "be of a dataset that is published, see load", fromRaw));
        }
        Optional<SeriesState> state = orReport(problems, () -> DatasetStates.of(context, dataset, access));
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return new DatasetSource(dataset, extract, parser, raw, fromRaw, state);
    }

    private static Extract extract(Dataset dataset, ObjectAccess access) {
        return switch (dataset.text("source.kind")) {
            case "http", "indec_ipc_http" -> HttpExtract.of(dataset, Dated.of(dataset, Clock.systemUTC()));
            default -> new ObjectExtract(dataset.text("source.url"), dataset.whole("source.max_bytes"), access);
        };
    }

    /** A user's own parser is a bean of his folder, by its name. */
    private static Parser parser(CamelContext context, Dataset dataset) {
        String plugin = dataset.text("parse.plugin");
        Parser own = context.getRegistry().lookupByNameAndType(plugin, Parser.class);
        if (own != null) return own;
        return Parsers.named(plugin, configuration(dataset), normalisation(dataset));
    }

    /** What the parser is told; the format of a table is that of the source, unless it says another. */
    static Map<String, Object> configuration(Dataset dataset) {
        Map<String, Object> told = new LinkedHashMap<>(dataset.map("parse_config"));
        boolean table = dataset.text("parse.plugin").equals("table");
        if (table && dataset.has("source.format")) told.putIfAbsent("format", dataset.text("source.format"));
        return told;
    }

    @SuppressWarnings("unchecked") // the reader of the file lets only lists of texts pass
    static Normalisation normalisation(Dataset dataset) {
        List<String> keys =
                (List<String>) dataset.value("normalize.primary_keys").orElse(List.of());
        return Normalisation.of(dataset.text("normalize.timezone"), keys);
    }

    private static <T> T orReport(List<String> problems, Supplier<T> part) {
        try {
            return part.get();
        } catch (ConfigurationException e) {
            problems.addAll(e.getMessage().lines().toList());
            return null;
        }
    }
}
