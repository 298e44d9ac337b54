package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.settings.Configuration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * Lets trips that follow one another run in one engine, where it comes to what an engine for each comes to: of the same routes, and with
 * settings that are parameters of pipelines where they differ. Whatever Camel reads of settings when a context begins (what begins with
 * {@code camel.}, a route's precondition, a Kamelet's name) must not hang on those; nor has an engine beans of a project, which
 * may remember, or was there a trip that failed. For one thread.
 */
final class Engines implements AutoCloseable {

    /** How many trips one engine makes: what it may have gathered by then goes with it. */
    static final int MOST = 100;

    private static final String OF_A_KAMELET = "camel.kamelet.";
    /** Lines of a route file that Camel, or we, read once. */
    private static final Pattern ONCE =
            Pattern.compile("(?m)^.*(?:precondition:|kamelet:[^/?\\s]*\\{\\{|\\bname:.*\\{\\{).*$");

    private static final Pattern REFERENCE = Pattern.compile("\\{\\{[?!]?([\\w.-]+)|properties:([\\w.-]+)");

    private final int most;
    private Engine kept;
    private List<String> routes = List.of();
    private int trips;

    /** {@code most}: how many trips an engine makes; with 1 each has its own. */
    Engines(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    /** An engine for one trip, which closes this and not the engine. */
    final class Taken implements AutoCloseable {

        private final Engine engine;
        private boolean sound;

        private Taken(Engine engine) {
            this.engine = engine;
        }

        Engine engine() {
            return engine;
        }

        /** The trip ended well: others may follow. */
        void sound() {
            sound = true;
        }

        @Override
        public void close() {
            if (!sound || trips >= most || !engine.rests()) Engines.this.close();
        }
    }

    /** {@code configured}: is told of the context before its routes are made, each time. */
    Taken take(Pipelines pipelines, Pipeline pipeline, Configuration configuration, Consumer<CamelContext> configured)
            throws Exception {
        if (!fits(pipelines, pipeline, configuration) || !again(configuration, configured)) {
            close();
            kept = new Engine(configuration, pipeline.routes(), configured);
            routes = pipeline.routes();
        }
        trips++;
        return new Taken(kept);
    }

    private boolean again(Configuration configuration, Consumer<CamelContext> configured) {
        try {
            kept.again(configuration, configured);
            return true;
        } catch (Exception e) {
            return false; // a new one says what is wrong
        }
    }

    private boolean fits(Pipelines pipelines, Pipeline pipeline, Configuration now) {
        if (kept == null || !routes.equals(pipeline.routes()) || Pipelines.isDataset(pipeline)) return false;
        if (!UserBeans.sources(List.of()).isEmpty()) return false;
        Set<String> moved = moved(now);
        Set<String> names =
                pipelines.all().stream().map(p -> "caravan." + p.name() + ".").collect(Collectors.toSet());
        names.add(OF_A_KAMELET);
        return moved.stream().allMatch(key -> names.stream().anyMatch(key::startsWith))
                && pipelines.files().stream()
                        .filter(file -> routes.contains(file.folder()))
                        .flatMap(file -> ONCE.matcher(file.text()).results())
                        .noneMatch(line -> refers(line.group(), moved));
    }

    /** The settings that mean something else now: those that differ, and those that refer to them. */
    private Set<String> moved(Configuration now) {
        Configuration before = kept.configuration();
        Set<String> moved = new HashSet<>(before.differing(now));
        boolean more = !moved.isEmpty();
        while (more) {
            more = false;
            for (Map<String, String> values : List.of(before.values(), now.values())) {
                for (Map.Entry<String, String> value : values.entrySet()) {
                    if (!moved.contains(value.getKey()) && refers(value.getValue(), moved))
                        more = moved.add(value.getKey());
                }
            }
        }
        return moved;
    }

    private static boolean refers(String text, Set<String> keys) {
        return REFERENCE
                .matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .anyMatch(key -> keys.contains(key)
                        // one in one, {{caravan.copy.to.{{caravan.copy.kind}}}}
                        || key.endsWith(".") && keys.stream().anyMatch(moved -> moved.startsWith(key)));
    }

    @Override
    public void close() {
        Engine last = kept;
        kept = null;
        trips = 0;
        if (last != null) last.close();
    }
}
