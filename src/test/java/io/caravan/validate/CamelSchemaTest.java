package io.caravan.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Our reading of Camel's schema refuses what a validator for all of JSON Schema refuses, and nothing else. */
class CamelSchemaTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private final CamelSchema ours = CamelSchema.load();
    private final JsonSchema whole = whole();

    @Test
    void everyChangeOfARouteIsJudgedAsByAWholeValidator() throws IOException {
        int refused = 0;
        int compared = 0;
        for (Path file : files()) {
            JsonNode routes = YAML.readTree(Files.readString(file));
            for (JsonNode changed : changes(routes)) {
                boolean valid = whole.validate(changed).isEmpty();
                String text = YAML.writeValueAsString(changed);
                List<Problem> problems = new ArrayList<>();
                YamlNode read = YamlFile.read("x", text, problems).orElseThrow();
                problems.addAll(ours.check("x", read));
                assertThat(problems.isEmpty())
                        .as("%s%n%s%n%s", problems, whole.validate(changed), text)
                        .isEqualTo(valid);
                compared++;
                refused += valid ? 0 : 1;
            }
        }
        assertThat(compared).isGreaterThan(1000);
        assertThat(refused).isBetween(compared / 10, compared);
    }

    /** Each name written otherwise, each left out, each value made a list, a map or a text, and a second block beside each. */
    private static List<JsonNode> changes(JsonNode routes) {
        List<JsonNode> changes = new ArrayList<>(List.of(routes));
        for (String at : pointers(routes, "")) {
            int slash = at.lastIndexOf('/');
            String name = at.substring(slash + 1);
            JsonNode[] copies = Stream.generate(routes::deepCopy).limit(5).toArray(JsonNode[]::new);
            List<JsonNode> parents =
                    Stream.of(copies).map(c -> c.at(at.substring(0, slash))).toList();
            if (parents.get(0) instanceof ArrayNode list) {
                list.set(Integer.parseInt(name), "a text");
                ((ArrayNode) parents.get(1))
                        .insertObject(Integer.parseInt(name))
                        .put("nonsense", 1);
                changes.addAll(List.of(copies[0], copies[1]));
                continue;
            }
            // what a placeholder's quotes hide from a validator is no difference of ours
            ((ObjectNode) parents.get(0)).set(name + "x", ((ObjectNode) parents.get(0)).remove(name));
            ((ObjectNode) parents.get(1)).remove(name);
            ((ObjectNode) parents.get(2)).putArray(name).add("x");
            ((ObjectNode) parents.get(3)).putObject(name).put("nonsense", "x");
            ((ObjectNode) parents.get(4)).put("log", "x");
            changes.addAll(List.of(copies));
        }
        return changes;
    }

    private static List<String> pointers(JsonNode node, String at) {
        List<String> pointers = new ArrayList<>();
        if (!at.isEmpty()) pointers.add(at);
        node.properties()
                .forEach(e -> pointers.addAll(pointers(
                        e.getValue(), at + "/" + e.getKey().replace("~", "~0").replace("/", "~1"))));
        for (int i = 0; node.isArray() && i < node.size(); i++) pointers.addAll(pointers(node.get(i), at + "/" + i));
        return pointers;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files.filter(f -> f.toString().matches(".*(ingest-events|work-books|errors|query-api).camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonSchema whole() {
        try (InputStream in = CamelSchemaTest.class.getResourceAsStream(CamelSchema.RESOURCE)) {
            return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
