package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * Goes through the blocks of a route and remembers what is before each sink. It reads the route as Camel writes it in XML, which
 * holds all that a block says: a filter's predicate, a bean's method, a data format.
 */
final class RouteShape {

    /** Blocks that leave the message alone, and what Camel does only when something else has failed or ended. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("description", "log", "delay", "throttle", "wireTap", "onException", "onCompletion");
    /** Blocks that change nothing by themselves: without a step in them, what comes behind is as if they were not there. */
    private static final Set<String> TRANSPARENT =
            Set.of("filter", "pipeline", "step", "doTry", "doCatch", "doFinally");

    static final String STOP =
            ": a stop must not stand between source and sinks, as the run would never end; put what it is to leave out"
                    + " into a filter or choice";

    /** What the clause of a choice is called that is taken when no other is. */
    static final String OTHERWISE = "otherwise";

    /** The Kamelet that drops records, each for itself. */
    static final String FILTER = "filter-records-action";

    private static final Set<String> UNIMPORTANT =
            Set.of("id", "description", "note", "sourceLocation", "sourceLineNumber");

    /** What a sink is made by: the blocks before it and its own call. */
    record Sink(KameletCall call, String steps, String branch, Wiring.Guards guards) {}

    /**
     * Where a block stands.
     *
     * @param branch the multicasts around it with the numbers of their branches, {@code outer/1/inner/0}
     * @param guards what may keep a batch from it, the outermost first
     */
    private record Place(String branch, List<String> guards) {

        static final Place START = new Place("", List.of());

        Place inBranch(String multicast, int index) {
            return new Place(branch + (branch.isEmpty() ? "" : "/") + multicast + '/' + index, guards);
        }

        Place guarded(String guard) {
            return new Place(
                    branch, Stream.concat(guards.stream(), Stream.of(guard)).toList());
        }
    }

    private final CamelContext context;
    private final BlockCalls calls;
    private final String pipeline;
    private final FilesCount files;
    private final Map<String, Sink> sinks = new TreeMap<>();
    private final Set<String> entered = new HashSet<>();
    private boolean drops;

    private RouteShape(CamelContext context, String pipeline, FilesCount files) {
        this.context = context;
        this.calls = new BlockCalls(context);
        this.pipeline = pipeline;
        this.files = files;
    }

    /**
     * The sinks of a route by name.
     *
     * @param files how what stands in files that a block names counts
     */
    static Map<String, Sink> sinks(CamelContext context, RouteDefinition route, String pipeline, FilesCount files) {
        RouteShape shape = new RouteShape(context, pipeline, files);
        shape.route(route, "", Place.START);
        return shape.sinks;
    }

    /** Whether one of the steps before the sinks drops records, each for itself. */
    static boolean drops(CamelContext context, RouteDefinition route, String pipeline) {
        RouteShape shape = new RouteShape(context, pipeline, FilesCount.BY_MEANING);
        shape.route(route, "", Place.START);
        return shape.drops;
    }

    private String route(RouteDefinition route, String steps, Place place) {
        List<RouteBlock> blocks = new ArrayList<>(RouteBlock.of(context, route).children());
        blocks.removeIf(block -> block.name().equals("from") || block.name().equals("routeProperty"));
        return through(blocks, steps, place);
    }

    /** {@code steps}: all that was passed before; returns them with those of these blocks. */
    private String through(List<RouteBlock> blocks, String steps, Place place) {
        String passed = steps;
        for (RouteBlock block : blocks) passed = through(block, passed, place);
        return passed;
    }

    private String through(RouteBlock block, String steps, Place place) {
        String kind = block.name();
        if (WITHOUT_EFFECT.contains(kind)
                || calls.resolved(block.attribute("disabled")).equals("true")) return steps;
        if (kind.equals("multicast")) return multicast(block, steps, place);
        if (kind.equals("stop")) throw new ConfigurationException(pipeline + STOP);
        if (kind.equals("choice")) return choice(block, steps, place);
        Optional<KameletCall> call = calls.kamelet(block);
        if (call.isPresent() && call.get().isSink()) {
            sink(call.get(), block.attribute("id"), steps, place);
            return steps;
        }
        if (call.isPresent() && call.get().name().equals(FILTER)) drops = true;
        if (call.isPresent())
            return through(block.children(), steps + call.get().shape("", files) + '\n', place);
        Optional<RouteDefinition> other = calls.route(block);
        if (other.isPresent()) return inside(other.get(), steps, place);
        return plain(block, steps, place);
    }

    private String plain(RouteBlock block, String steps, Place place) {
        List<RouteBlock> children = block.children();
        String opened = steps + opening(block);
        if (!TRANSPARENT.contains(block.name())) return through(children, opened, place) + "end\n";
        boolean predicate = block.name().equals("filter") && !children.isEmpty();
        if (predicate) opened = through(children.get(0), opened, place);
        Place inside = predicate ? place.guarded(block.attribute("id")) : place;
        String passed = through(predicate ? children.subList(1, children.size()) : children, opened, inside);
        return passed.equals(opened) ? steps : passed + "end\n";
    }

    /** A clause depends on all predicates up to its own, and on no step of the clauses before. */
    private String choice(RouteBlock choice, String steps, Place place) {
        String guard = steps + opening(choice);
        StringBuilder clauses = new StringBuilder();
        boolean changes = false;
        int when = 0;
        for (RouteBlock clause : choice.children()) {
            List<RouteBlock> blocks = clause.children();
            guard += opening(clause);
            if (clause.name().equals("when") && !blocks.isEmpty()) {
                guard = through(blocks.get(0), guard, place);
                blocks = blocks.subList(1, blocks.size());
            }
            boolean counted = clause.name().equals("when")
                    && !calls.resolved(clause.attribute("disabled")).equals("true");
            String number = clause.name().equals("when") ? String.valueOf(counted ? when++ : -1) : OTHERWISE;
            String passed = through(blocks, guard, place.guarded(choice.attribute("id") + '/' + number));
            changes |= !passed.equals(guard);
            clauses.append(passed, steps.length(), passed.length()).append("end\n");
        }
        return changes ? steps + clauses : steps;
    }

    private String multicast(RouteBlock multicast, String steps, Place place) {
        int index = 0;
        for (RouteBlock child : multicast.children()) {
            through(child, steps, place.inBranch(multicast.attribute("id"), index++));
        }
        return steps;
    }

    /** A route of its own that this one calls. */
    private String inside(RouteDefinition other, String steps, Place place) {
        if (!entered.add(other.getRouteId())) return steps;
        String passed = route(other, steps, place);
        entered.remove(other.getRouteId());
        return passed;
    }

    private void sink(KameletCall call, String node, String steps, Place place) {
        String name = call.value("sink").orElse(call.name());
        Wiring.Guards guards = new Wiring.Guards(node, place.guards());
        if (sinks.put(name, new Sink(call, steps, place.branch(), guards)) != null) {
            throw new ConfigurationException(pipeline + ": the sinks of a pipeline must have different names, got '"
                    + name + "' twice; set 'sink' in the parameters of each, or give its step an id");
        }
    }

    /** The block itself, without what is in it. */
    private String opening(RouteBlock block) {
        Map<String, String> attributes = new TreeMap<>();
        block.attributes().forEach((name, value) -> {
            if (!UNIMPORTANT.contains(name))
                attributes.put(name, PointsAt.of(calls.resolved(value)) + contents(calls.resolved(value)));
        });
        String text = block.children().isEmpty() ? calls.resolved(block.text()) : "";
        return block.name() + attributes + text + contents(text) + '\n';
    }

    private String contents(String text) {
        return files != FilesCount.DESCRIPTIONS_ONLY ? NamedFiles.contents(context, text) : "";
    }
}
