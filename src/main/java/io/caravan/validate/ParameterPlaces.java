package io.caravan.validate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Where the routes of a pipeline use its parameters, in a reader's words: {@code source (objects-source)}, {@code sink documents (mongodb-sink)}. */
public final class ParameterPlaces {

    private final String prefix;
    private final Map<String, String> settings;
    private final Map<String, Set<String>> places = new LinkedHashMap<>();

    private ParameterPlaces(String prefix, Map<String, String> settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    /**
     * Parameters by the place of each, in the order of the routes; of several places all are said together.
     *
     * @param routes the files of the pipeline
     * @param prefix what the names of its settings begin with
     */
    public static Map<String, List<String>> of(
            List<SourceFile> routes, Map<String, String> settings, String prefix, List<String> parameters) {
        ParameterPlaces found = new ParameterPlaces(prefix, settings);
        for (SourceFile file : routes) {
            YamlFile.read(file.name(), file.text(), new ArrayList<>())
                    .ifPresent(yaml -> yaml.items().forEach(found::item));
        }
        Map<String, List<String>> by = new LinkedHashMap<>();
        for (Set<String> place : found.places.values()) by.putIfAbsent(String.join(", ", place), new ArrayList<>());
        for (String parameter : parameters) {
            String place = String.join(", ", found.places.getOrDefault(parameter, Set.of()));
            by.computeIfAbsent(place, p -> new ArrayList<>()).add(parameter);
        }
        by.values().removeIf(List::isEmpty);
        return by;
    }

    private void item(YamlNode item) {
        for (YamlNode bean : item.at("beans").map(YamlNode::items).orElse(List.of())) {
            note(bean, "bean " + bean.textAt("name"));
        }
        YamlNode route = item.at("route").orElse(item);
        route.at("from").ifPresent(from -> {
            Call.of("from", from).ifPresent(call -> call(call, "source", ""));
            blocks(from);
        });
    }

    private void blocks(YamlNode node) {
        node.items().forEach(this::blocks);
        node.fields().forEach((name, value) -> {
            if (name.equals("parameters")) return;
            Optional<Call> call = name.equals("from") ? Optional.empty() : Call.of(name, value);
            if (call.isPresent()) call(call.get(), "step", call.get().id());
            blocks(value);
        });
    }

    private void call(Call call, String kind, String id) {
        String path = call.uri().replaceFirst("^kamelet:", "");
        String resolved =
                new Values(Optional.of(settings)).resolved(path, missing -> {}).orElse(path);
        String[] parts = resolved.split("/", 2);
        boolean sink = parts[0].endsWith("-sink");
        String named = sink && call.parameters().containsKey("sink")
                ? call.parameters().get("sink").text()
                : id;
        String place = (sink ? "sink" : kind)
                + (named.isBlank() ? "" : " " + named)
                + (call.isKamelet() ? " (" + parts[0] + ")" : "");
        call.parameters().values().forEach(value -> note(value, place));
        if (parts.length < 2) return;
        String below = "camel.kamelet." + parts[0] + "." + parts[1] + ".";
        settings.forEach((key, value) -> {
            if (key.startsWith(below)) note(YamlNode.scalar(value, 0), place);
        });
    }

    private void note(YamlNode node, String place) {
        node.items().forEach(item -> note(item, place));
        node.fields().values().forEach(value -> note(value, place));
        for (int at = node.text().indexOf("{{" + prefix);
                at >= 0;
                at = node.text().indexOf("{{" + prefix, at + 1)) {
            String parameter = node.text().substring(at + 2 + prefix.length()).replaceFirst("[:}].*(?s).*", "");
            places.computeIfAbsent(parameter, p -> new TreeSet<>()).add(place);
        }
    }
}
