package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in Camel's YAML is valid by the schema that Camel ships, which is what Kaoto and other editors go by. */
class DslSchemaTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = schema();

    private static JsonSchema schema() {
        try (InputStream in = DslSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(in);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Stream.of("routes", "samples", "src/main/resources/kamelets")
                .flatMap(folder -> below(Path.of(folder)))) {
            return files.filter(f -> f.toString().matches(".*\\.(camel|kamelet)\\.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Path> below(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is checked of a file: a route file as it is, of a Kamelet the template's body as a route file has it. */
    private static JsonNode checked(Path file) throws IOException {
        JsonNode read = YAML.readTree(Files.readString(file));
        // Camel resolves a placeholder before it looks at the type, the schema knows no placeholders
        read.findParents("disabled").forEach(parent -> {
            if (parent.get("disabled").asText().matches("\\{\\{.*}}")) ((ObjectNode) parent).put("disabled", true);
        });
        if (!file.toString().endsWith(".kamelet.yaml")) return read;
        JsonNode template = read.at("/spec/template");
        ArrayNode routes = YAML.createArrayNode();
        template.fieldNames().forEachRemaining(name -> routes.addObject().set(name, template.get(name)));
        return routes;
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValid(Path file) throws IOException {
        JsonNode routes = checked(file);
        assertThat(routes.isEmpty()).isFalse();
        Set<ValidationMessage> problems = SCHEMA.validate(routes);
        assertThat(problems).as(file.toString()).isEmpty();
    }

    @Test
    void theSchemaSeesAWordThatCamelDoesNotKnow() throws IOException {
        JsonNode wrong = YAML.readTree("- from: {uri: 'direct:a', steps: [{to: {url: 'log:x'}}]}");
        assertThat(SCHEMA.validate(wrong)).isNotEmpty();
        assertThat(files()).hasSizeGreaterThan(20);
    }
}
