package io.caravan.run;

import io.caravan.record.FieldUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * The fields of the source's records that the blocks of a route read: not those that a step before them makes, and none behind a block
 * that may change records in a way nobody tells.
 */
final class MappedFields {

    /** Blocks that change nothing by themselves; all others may make any fields. */
    private static final Set<String> TRANSPARENT = Set.of(
            "route",
            "filter",
            "pipeline",
            "step",
            "doTry",
            "doCatch",
            "doFinally",
            "choice",
            "when",
            "otherwise",
            "multicast",
            "circuitBreaker",
            "onFallback",
            "simple",
            "jsonpath",
            "constant",
            "method",
            "setHeader",
            "setHeaders",
            "setVariable",
            "setVariables",
            "setProperty",
            "removeHeader",
            "removeHeaders",
            "removeVariable",
            "removeProperty",
            "removeProperties",
            "stop");

    /** Blocks that leave records alone, with all that is in them. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "from",
            "description",
            "routeProperty",
            "log",
            "delay",
            "throttle",
            "wireTap",
            "onException",
            "onCompletion");

    private final CamelContext context;
    private final BlockCalls calls;
    private final List<MappedField> mapped = new ArrayList<>();
    private final Set<String> entered = new HashSet<>();

    /** What stands before a block. */
    private static final class Before {
        private final Set<String> made = new HashSet<>();
        private boolean unknown;

        private Before copy() {
            Before copy = new Before();
            copy.made.addAll(made);
            copy.unknown = unknown;
            return copy;
        }
    }

    private MappedFields(CamelContext context) {
        this.context = context;
        this.calls = new BlockCalls(context);
    }

    static List<MappedField> of(CamelContext context, RouteDefinition route) {
        MappedFields fields = new MappedFields(context);
        // what these steps make of rows is what records have: what they make is not told apart from what rows have
        KameletCall.of(context, route.getInput().getUri())
                .flatMap(source -> source.value("prepare"))
                .flatMap(fields.calls::route)
                .ifPresent(prepare -> fields.through(RouteBlock.of(context, prepare), new Before()));
        fields.through(RouteBlock.of(context, route), new Before());
        return List.copyOf(fields.mapped);
    }

    private void through(RouteBlock block, Before before) {
        if (before.unknown
                || WITHOUT_EFFECT.contains(block.name())
                || calls.resolved(block.attribute("disabled")).equals("true")) return;
        Optional<KameletCall> call = calls.kamelet(block);
        if (call.isPresent()) {
            kamelet(call.get(), before);
            return;
        }
        Optional<RouteDefinition> other = calls.route(block);
        if (other.isPresent()) {
            if (entered.add(other.get().getRouteId())) through(RouteBlock.of(context, other.get()), before);
            return;
        }
        if (!TRANSPARENT.contains(block.name())) {
            before.unknown = true;
            return;
        }
        boolean branches = block.name().equals("multicast");
        for (RouteBlock child : block.children()) through(child, branches ? before.copy() : before);
    }

    private void kamelet(KameletCall call, Before before) {
        for (FieldUse use : call.fields().uses()) {
            if (before.made.contains(use.field())) continue;
            String reader = call.isSink() ? call.value("sink").orElse(call.name()) : call.name();
            mapped.add(new MappedField(use.field(), reader, call.isSink(), use.place(), use.optional()));
        }
        if (call.isSink()) return;
        before.made.addAll(call.fields().added());
        before.unknown = !call.fields().known();
    }

    /** By field, of the sinks that count and of all steps. */
    static Map<String, List<MappedField>> required(List<MappedField> mapped, Set<String> leftOut) {
        Map<String, List<MappedField>> required = new TreeMap<>();
        for (MappedField field : mapped) {
            if (field.optional() || (field.sink() && leftOut.contains(field.reader()))) continue;
            required.computeIfAbsent(field.field(), name -> new ArrayList<>()).add(field);
        }
        return required;
    }
}
