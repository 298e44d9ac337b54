package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.cli.Pipelines.Pipeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which settings the routes of one pipeline use, of a folder that may have the routes of several. */
final class UsedSettings {

    private static final Pattern SETTING = Pattern.compile("\\{\\{\\??(caravan\\.[\\w.-]+)");
    private static final Pattern CALLED = Pattern.compile("\\bdirect:([\\w.-]+)");
    /** A call that settings give more to. */
    private static final Pattern NAMED_CALL = Pattern.compile("kamelet:[^\"?/]+/([\\w.-]+)");

    /** What a pipeline uses: settings, and the files of its routes. */
    record Used(Set<String> keys, Set<RouteFile> files) {}

    private record Item(RouteFile file, JsonNode yaml) {

        private JsonNode route() {
            return yaml.has("route") ? yaml.get("route") : yaml;
        }

        private boolean begins(String pipeline) {
            return route().at("/from/parameters/pipeline").asText().equals(pipeline) || isCalled(pipeline);
        }

        private boolean isCalled(String direct) {
            return route().at("/from/uri").asText().equals("direct:" + direct);
        }
    }

    private final List<RouteFile> files;
    private final Map<String, String> settings;

    UsedSettings(List<RouteFile> files, Map<String, String> settings) {
        this.files = files;
        this.settings = settings;
    }

    Used of(Pipeline pipeline) {
        List<Item> items = items(pipeline);
        Set<Item> reached = new LinkedHashSet<>();
        Deque<Item> ahead = new ArrayDeque<>(
                items.stream().filter(item -> item.begins(pipeline.name())).toList());
        Set<String> keys = new TreeSet<>();
        while (!ahead.isEmpty()) {
            Item item = ahead.pop();
            if (!reached.add(item)) continue;
            String text = item.yaml().toString();
            uses(text, keys);
            Matcher called = CALLED.matcher(text);
            while (called.find()) {
                String direct = called.group(1);
                items.stream().filter(other -> other.isCalled(direct)).forEach(ahead::add);
            }
            // beans stand beside the route that uses them
            items.stream()
                    .filter(other ->
                            other.file().equals(item.file()) && other.yaml().has("beans"))
                    .forEach(ahead::add);
        }
        Set<RouteFile> of = new LinkedHashSet<>();
        reached.forEach(item -> of.add(item.file()));
        return new Used(keys, of);
    }

    /** With what the settings that are used are made of. */
    private void uses(String text, Set<String> keys) {
        Matcher used = SETTING.matcher(text);
        while (used.find()) {
            String key = used.group(1);
            if (keys.add(key)) uses(settings.getOrDefault(key, ""), keys);
        }
        Matcher named = NAMED_CALL.matcher(text);
        while (named.find()) {
            String call = "." + named.group(1) + ".";
            settings.forEach((key, value) -> {
                if (key.startsWith("camel.kamelet.") && key.contains(call)) uses(value, keys);
            });
        }
    }

    private List<Item> items(Pipeline pipeline) {
        List<Item> items = new ArrayList<>();
        for (RouteFile file : files) {
            if (!pipeline.routes().contains(file.folder())) continue;
            try {
                for (JsonNode item : new ObjectMapper(new YAMLFactory()).readTree(file.text())) {
                    items.add(new Item(file, item));
                }
            } catch (JsonProcessingException e) {
                // said where the pipelines are found
            }
        }
        return items;
    }
}
