package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Kinds;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Goes through the blocks of one pipeline, with the fields that records have there. They are known only where the source says all its
 * columns, and no longer behind a block that may change records in a way nobody tells.
 */
final class PipelineWalk {

    /** Blocks that leave the message as it is, apart from what the blocks in them do. */
    private static final Set<String> TRANSPARENT = Set.of(
            "filter",
            "pipeline",
            "step",
            "doTry",
            "circuitBreaker",
            "log",
            "delay",
            "throttle",
            "wireTap",
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
            "multicast",
            "choice");

    private static final List<String> PARTS =
            List.of("steps", "when", "otherwise", "doCatch", "doFinally", "onFallback");

    /** Where a sink is. */
    private record Place(SourceFile file, int line) {}

    private final Routes routes;
    private final Descriptions descriptions;
    private final Problems problems;
    private final SinkPlaces places;
    private final String pipeline;
    /** Empty where only a run knows them. */
    private final List<String> keyFields;

    private final Set<String> columns; // of the source, as far as it says them

    private final Map<String, Place> sinks = new TreeMap<>();
    private final Set<Route> entered = new HashSet<>();
    private boolean preparing;

    private PipelineWalk(
            Routes routes,
            Descriptions descriptions,
            Problems problems,
            SinkPlaces places,
            String pipeline,
            KameletUse source) {
        this.routes = routes;
        this.descriptions = descriptions;
        this.problems = problems;
        this.places = places;
        this.pipeline = pipeline;
        this.columns = columns(source).orElse(Set.of());
        this.keyFields = keyFields(source);
    }

    private static List<String> keyFields(KameletUse source) {
        boolean kinds = source.kamelet().properties().values().stream()
                .filter(property -> property.key().equals("kinds"))
                .anyMatch(property ->
                        !source.values().getOrDefault(property.name(), "").isBlank());
        return kinds ? Kinds.KEY : SettingList.of(source.values().getOrDefault("keyFields", ""));
    }

    /** From the route that begins with the source of a pipeline. */
    static void go(
            Routes routes,
            Descriptions descriptions,
            Problems problems,
            SinkPlaces places,
            Route first,
            KameletUse source) {
        String name = source.values().getOrDefault("pipeline", first.named());
        PipelineWalk walk = new PipelineWalk(routes, descriptions, problems, places, name, source);
        Optional<Set<String>> fields = columns(source);
        walk.names(first.file(), source, fields);
        walk.entered.add(first);
        walk.through(first.file(), first.steps(), walk.prepared(first.file(), source, fields));
    }

    /** The fields behind the steps that come before records are compared with the ledger. */
    private Optional<Set<String>> prepared(SourceFile file, KameletUse source, Optional<Set<String>> fields) {
        String uri = source.values().getOrDefault("prepare", "");
        if (uri.isBlank()) return fields;
        Optional<Route> route = routes.beginning(uri);
        if (route.isEmpty()) {
            problems.add(
                    file,
                    source.call().lineOf("prepare"),
                    SettingChecks.sentence(
                                    source.kamelet().name(),
                                    "prepare",
                                    "name a route of steps that begins with direct",
                                    uri)
                            + Nearest.hint(uri, routes.callable()));
            return Optional.empty();
        }
        preparing = true;
        Optional<Set<String>> after = through(route.get().file(), route.get().steps(), fields);
        preparing = false;
        return after;
    }

    /** All fields that its records have, where the source says so. */
    private static Optional<Set<String>> columns(KameletUse source) {
        for (Property property : source.kamelet().properties().values()) {
            String value = source.values().getOrDefault(property.name(), "");
            if (!property.fields().equals("all") || value.isBlank()) continue;
            String[] only = property.fieldsOf().split("=", 2);
            if (only.length == 2 && !only[1].equals(source.values().get(only[0]))) continue;
            return more(source, SettingList.of(value));
        }
        return Optional.empty();
    }

    /** With those that come from elsewhere; only a run knows them where the setting does not name them. */
    private static Optional<Set<String>> more(KameletUse source, List<String> columns) {
        Set<String> all = new LinkedHashSet<>(columns);
        for (Property property : source.kamelet().properties().values()) {
            String value = source.values().getOrDefault(property.name(), "");
            if (property.fields().equals("unknown") && !value.isBlank()) return Optional.empty();
            if (!property.fields().equals("more")) continue;
            List<String> named = SettingList.of(value);
            if (named.equals(List.of("auto"))) return Optional.empty();
            all.addAll(named);
        }
        return Optional.of(all);
    }

    private Optional<Set<String>> through(SourceFile file, List<YamlNode> steps, Optional<Set<String>> fields) {
        Optional<Set<String>> now = fields;
        for (YamlNode step : steps) {
            for (Map.Entry<String, YamlNode> block : step.fields().entrySet()) {
                now = through(file, block.getKey(), block.getValue(), now);
            }
        }
        return now;
    }

    private Optional<Set<String>> through(SourceFile file, String name, YamlNode block, Optional<Set<String>> fields) {
        if (block.textAt("disabled").equals("true")) return fields;
        Optional<KameletUse> use = routes.use(block);
        if (use.isPresent()) return kamelet(file, block, use.get(), fields);
        Optional<Route> other = routes.called(name, block);
        if (other.isPresent()) {
            if (!entered.add(other.get())) return fields;
            Optional<Set<String>> after =
                    through(other.get().file(), other.get().steps(), fields);
            entered.remove(other.get());
            return name.equals("wireTap") ? fields : after;
        }
        if (name.equals("stop") && !preparing) {
            problems.add(
                    file,
                    block.line(),
                    pipeline
                            + ": a stop must not stand between source and sinks, as the run would never end; put what it is"
                            + " to leave out into a filter or choice");
        }
        if (name.equals("multicast")) return multicast(file, block, fields);
        Optional<Set<String>> inside = TRANSPARENT.contains(name) ? fields : Optional.empty();
        return parts(file, block, inside);
    }

    private Optional<Set<String>> multicast(SourceFile file, YamlNode block, Optional<Set<String>> fields) {
        for (YamlNode branch : block.at("steps").map(YamlNode::items).orElse(List.of())) {
            through(file, List.of(branch), fields);
        }
        return fields;
    }

    /** What the parts of a block leave: a field that one of them adds may be there. */
    private Optional<Set<String>> parts(SourceFile file, YamlNode block, Optional<Set<String>> fields) {
        Optional<Set<String>> after = fields;
        for (String part : PARTS) {
            YamlNode said = block.fields().get(part);
            if (said == null) continue;
            List<Optional<Set<String>>> results;
            if (part.equals("steps")) results = List.of(through(file, said.items(), after));
            else if (said.isMap()) results = List.of(parts(file, said, after));
            else {
                Optional<Set<String>> before = after;
                results = said.items().stream()
                        .map(one -> parts(file, one, before))
                        .toList();
            }
            for (Optional<Set<String>> result : results) after = joined(after, result);
        }
        return after;
    }

    private static Optional<Set<String>> joined(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty() || other.isEmpty()) return Optional.empty();
        Set<String> both = new LinkedHashSet<>(one.get());
        both.addAll(other.get());
        return Optional.of(both);
    }

    private Optional<Set<String>> kamelet(
            SourceFile file, YamlNode block, KameletUse use, Optional<Set<String>> fields) {
        names(file, use, fields);
        if (use.kamelet().isSink()) {
            routes.reached(block);
            if (preparing) {
                problems.add(
                        file,
                        use.call().line(),
                        "sink '" + use.sink() + "' must stand in the route of " + pipeline
                                + ", got it among the steps that 'prepare' names, before records are compared with the ledger");
                return fields;
            }
            keys(file, use, fields);
            places.add(pipeline, file, use);
            String sink = use.sink();
            Place other = sinks.putIfAbsent(sink, new Place(file, use.call().line()));
            if (other != null) {
                problems.add(
                        file,
                        use.call().line(),
                        pipeline + ": the sinks of a pipeline must have different names, got '" + sink + "' also in "
                                + other.file().name() + ":" + other.line()
                                + "; set 'sink' in the parameters of each, or give its step an id");
            }
            return fields;
        }
        if (!use.kamelet().saysFields()) return Optional.empty();
        Map<String, String> more = use.adds();
        more.forEach((property, field) -> {
            if (fields.isPresent() && columns.contains(field))
                problems.warn(file, use.call().lineOf(property), use.replaces(property, field, pipeline));
        });
        return joined(fields, Optional.of(new LinkedHashSet<>(more.values())));
    }

    /** Compares what a sink takes for a record's key with the key. */
    private void keys(SourceFile file, KameletUse use, Optional<Set<String>> fields) {
        if (keyFields.isEmpty() || !file.checked()) return;
        if (fields.isPresent() && !fields.get().containsAll(keyFields)) return; // said where they are named
        for (Property property : use.kamelet().properties().values()) {
            property.key(use.values().getOrDefault(property.name(), ""))
                    .flatMap(key -> key.problem(use.kamelet().name(), keyFields, fields.orElse(Set.of())))
                    .ifPresent(sentence -> problems.add(file, use.call().lineOf(property.name()), sentence));
        }
    }

    /** Compares the fields that a call names with those that there are. */
    private void names(SourceFile file, KameletUse use, Optional<Set<String>> fields) {
        for (Property property : use.kamelet().properties().values()) {
            String value = use.values().getOrDefault(property.name(), "");
            if (value.isBlank()) continue;
            int line = use.call().lineOf(property.name());
            Set<String> named = Set.of();
            if (property.fields().equals("reads")) {
                named = new LinkedHashSet<>(SettingList.of(value));
            } else if (property.fields().startsWith("#class:") && file.checked()) {
                named = descriptions
                        .fields(
                                property.fields(),
                                use.kamelet().name(),
                                property.name(),
                                value,
                                sentence -> problems.add(file, line, sentence))
                        .orElse(Set.of());
            }
            if (fields.isEmpty()) continue;
            for (String field : named) {
                if (fields.get().contains(field)) continue;
                problems.add(
                        file,
                        line,
                        SettingChecks.sentence(
                                        use.kamelet().name(),
                                        property.name(),
                                        "name fields that the records of " + pipeline + " have here: "
                                                + String.join(", ", new TreeSet<>(fields.get())),
                                        field)
                                + Nearest.hint(field, fields.get()));
            }
        }
    }
}
