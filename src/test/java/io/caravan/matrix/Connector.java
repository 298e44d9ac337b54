package io.caravan.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * A connector as the matrix tries it: a Kamelet with parameters, on a store. Each Kamelet {@code x-y-sink} or {@code
 * x-y-source} has a class {@code XYSinkCells} or {@code XYSourceCells} in this package that makes its connectors.
 */
interface Connector {

    /** How the table names it: {@code objects-source: S3, jsonl}. */
    String name();

    String kamelet();

    /** Whether every run of the matrix tries it with that one; else only one that names the pair, by {@code caravan.matrix}. */
    default boolean always(Connector other) {
        return true;
    }

    /** Puts the beans into a context that its parameters name. */
    default void bindTo(CamelContext camel) throws Exception {}

    /** How many characters a text of its can have. */
    default int longestText() {
        return 1 << 20;
    }

    /** A connector that records come from. */
    interface Source extends Connector {

        /** What the Kamelet needs, besides the name of the pipeline, after the store was made to hold exactly these rows. */
        Map<String, String> holding(List<Map<String, Object>> rows) throws Exception;

        /** A pipeline begins that has read nothing of it yet. */
        default void begin() throws Exception {}

        /** Whether each reading shows all rows; else it shows what is news and what is gone, once. */
        default boolean hasAllRows() {
            return true;
        }

        /** Whether its records can have maps and lists. */
        default boolean nested() {
            return true;
        }
    }

    /** A connector that records go to. */
    interface Sink extends Connector {

        /** What the Kamelet needs to write to a place of its own. */
        Map<String, String> parameters(String cell) throws Exception;

        /** What names its records; blank where any key does. */
        default String keyFields() {
            return "";
        }

        /** Whether it wants a vector. */
        default boolean vectors() {
            return false;
        }

        /** Whether anybody can ask it what it holds. */
        default boolean verifiable() {
            return true;
        }

        /** Fails unless it was told of exactly these records, by key their size; of one that is verifiable nothing more is asked. */
        default void assertTold(String cell, Map<String, String> sizes) throws Exception {}
    }

    /**
     * Those that take or give observations of series, and no other records: DatasetCommandsTest and SeriesPeersIT try them; and the one that
     * keeps images and no records, which ImagesSinkTest tries; {@code pages-sink} pages of an API, which IngestApiTest tries; {@code jobs-sink} jobs, which JobsSinkTest tries.
     */
    Set<String> OF_SOME_RECORDS =
            Set.of("announce-sink", "dataset-source", "images-sink", "jobs-sink", "pages-sink", "state-sink");

    /** The names of the Kamelets of a kind that take or give any record. */
    static List<String> ofAnyRecord(String kind) throws IOException {
        return kamelets(kind).stream()
                .filter(name -> !OF_SOME_RECORDS.contains(name))
                .toList();
    }

    /** The names of all Kamelets of a kind, {@code sink} or {@code source}. */
    static List<String> kamelets(String kind) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/kamelets"))) {
            return files.map(f -> f.getFileName().toString().replace(".kamelet.yaml", ""))
                    .filter(name -> name.endsWith("-" + kind))
                    .sorted()
                    .toList();
        }
    }

    /** All connectors of a kind, as the Kamelets' folder has them, of any record. */
    static <T extends Connector> List<T> all(String kind, Class<T> type) throws Exception {
        List<T> all = new java.util.ArrayList<>();
        for (String kamelet : ofAnyRecord(kind)) {
            String cells = Arrays.stream(kamelet.split("-"))
                    .map(part -> part.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + part.substring(1))
                    .collect(Collectors.joining());
            Class<?> made;
            try {
                made = Class.forName(Connector.class.getPackageName() + "." + cells + "Cells");
            } catch (ClassNotFoundException e) {
                throw new AssertionError("the matrix must try " + kamelet + ": write " + cells + "Cells", e);
            }
            List<?> connectors = (List<?>) ((java.util.function.Supplier<?>)
                            made.getDeclaredConstructor().newInstance())
                    .get();
            connectors.forEach(c -> all.add(type.cast(c)));
        }
        return all;
    }
}
