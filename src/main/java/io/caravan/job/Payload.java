package io.caravan.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a job of the table is told: values by the names of its parameters. In JSON one value is a text, several are an array. */
public record Payload(Map<String, List<String>> values) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Payload {
        Map<String, List<String>> all = new LinkedHashMap<>();
        values.forEach((name, said) -> all.put(name, List.copyOf(said)));
        values = Collections.unmodifiableMap(all);
    }

    /** Of one value each. */
    public static Payload of(Map<String, String> values) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        values.forEach((name, value) -> all.put(name, List.of(value)));
        return new Payload(all);
    }

    /** As the table has it. */
    static Payload of(String json) {
        try {
            Map<String, List<String>> all = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> value : JSON.readTree(json).properties()) {
                List<String> said = new ArrayList<>();
                if (value.getValue().isArray()) for (JsonNode one : value.getValue()) said.add(one.asText());
                else said.add(value.getValue().asText());
                all.put(value.getKey(), said);
            }
            return new Payload(all);
        } catch (JsonProcessingException e) {
            throw new JobException("jobs: the payload of a job must be a JSON object", e);
        }
    }

    String json() {
        ObjectNode object = JSON.createObjectNode();
        values.forEach((name, said) -> {
            if (said.size() == 1) object.put(name, said.get(0));
            else {
                ArrayNode several = object.putArray(name);
                said.forEach(several::add);
            }
        });
        return object.toString();
    }

    /** As people see it: a text, or several. */
    public Map<String, Object> shown() {
        Map<String, Object> all = new LinkedHashMap<>();
        values.forEach((name, said) -> all.put(name, said.size() == 1 ? said.get(0) : said));
        return all;
    }

    /** The value of that name; empty for none. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).map(said -> String.join(",", said));
    }

    /** The same, blank for none. */
    public String text(String name) {
        return find(name).orElse("");
    }
}
