package io.caravan.run;

import io.caravan.error.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
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

    private static final Set<String> UNIMPORTANT =
            Set.of("id", "description", "note", "sourceLocation", "sourceLineNumber");

    /** What a sink is made by: the blocks before it and its own call. */
    record Sink(KameletCall call, String steps, OptionalInt branch) {}

    private final CamelContext context;
    private final BlockCalls calls;
    private final String pipeline;
    private final FilesCount files;
    private final Map<String, Sink> sinks = new TreeMap<>();
    private final Set<String> entered = new HashSet<>();

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
        shape.route(route, "", OptionalInt.empty());
        return shape.sinks;
    }

    private String route(RouteDefinition route, String steps, OptionalInt branch) {
        List<RouteBlock> blocks = new ArrayList<>(RouteBlock.of(context, route).children());
        blocks.removeIf(block -> block.name().equals("from") || block.name().equals("routeProperty"));
        return through(blocks, steps, branch);
    }

    /** {@code steps}: all that was passed before; returns them with those of these blocks. */
    private String through(List<RouteBlock> blocks, String steps, OptionalInt branch) {
        String passed = steps;
        for (RouteBlock block : blocks) passed = through(block, passed, branch);
        return passed;
    }

    private String through(RouteBlock block, String steps, OptionalInt branch) {
        String kind = block.name();
        if (WITHOUT_EFFECT.contains(kind)
                || calls.resolved(block.attribute("disabled")).equals("true")) return steps;
        if (kind.equals("multicast")) return multicast(block, steps, branch);
        if (kind.equals("choice")) return choice(block, steps, branch);
        Optional<KameletCall> call = calls.kamelet(block);
        if (call.isPresent() && call.get().isSink()) {
            sink(call.get(), steps, branch);
            return steps;
        }
        if (call.isPresent())
            return through(block.children(), steps + call.get().shape("", files) + '\n', branch);
        Optional<RouteDefinition> other = calls.route(block);
        if (other.isPresent()) return inside(other.get(), steps, branch);
        return plain(block, steps, branch);
    }

    private String plain(RouteBlock block, String steps, OptionalInt branch) {
        List<RouteBlock> children = block.children();
        String opened = steps + opening(block);
        if (!TRANSPARENT.contains(block.name())) return through(children, opened, branch) + "end\n";
        boolean predicate = block.name().equals("filter") && !children.isEmpty();
        if (predicate) opened = through(children.get(0), opened, branch);
        String passed = through(predicate ? children.subList(1, children.size()) : children, opened, branch);
        return passed.equals(opened) ? steps : passed + "end\n";
    }

    /** A clause depends on all predicates up to its own, and on no step of the clauses before. */
    private String choice(RouteBlock choice, String steps, OptionalInt branch) {
        String guard = steps + opening(choice);
        StringBuilder clauses = new StringBuilder();
        boolean changes = false;
        for (RouteBlock clause : choice.children()) {
            List<RouteBlock> blocks = clause.children();
            guard += opening(clause);
            if (clause.name().equals("when") && !blocks.isEmpty()) {
                guard = through(blocks.get(0), guard, branch);
                blocks = blocks.subList(1, blocks.size());
            }
            String passed = through(blocks, guard, branch);
            changes |= !passed.equals(guard);
            clauses.append(passed, steps.length(), passed.length()).append("end\n");
        }
        return changes ? steps + clauses : steps;
    }

    private String multicast(RouteBlock multicast, String steps, OptionalInt branch) {
        if (branch.isPresent()) {
            throw new ConfigurationException("pipeline: a multicast must not stand inside another;"
                    + " make every branch one of the outer multicast");
        }
        int index = 0;
        for (RouteBlock child : multicast.children()) through(child, steps, OptionalInt.of(index++));
        return steps;
    }

    /** A route of its own that this one calls. */
    private String inside(RouteDefinition other, String steps, OptionalInt branch) {
        if (!entered.add(other.getRouteId())) return steps;
        String passed = route(other, steps, branch);
        entered.remove(other.getRouteId());
        return passed;
    }

    private void sink(KameletCall call, String steps, OptionalInt branch) {
        String name = call.value("sink").orElse(call.name());
        if (sinks.put(name, new Sink(call, steps, branch)) != null) {
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
