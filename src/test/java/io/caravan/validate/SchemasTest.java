package io.caravan.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.caravan.book.MergeRules;
import io.caravan.error.ConfigurationException;
import io.caravan.graph.MappingFields;
import io.caravan.shape.ShapeFields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON Schemas for editors say what those say who read the files. */
class SchemasTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final String TABLE = """
            table: orders
            columns:
              - {name: id, type: text, key: true}
              - {name: total, from: sum, type: numeric, nullable: false}
            """;

    private static final String GRAPH = """
            record: order
            nodes:
              order: {label: Order, key: id, properties: {at: ordered_at}}
              buyer: {label: Buyer, key: buyer, field: who, when: {who: present, kind: [sale]}}
              shop: {label: Shop, key: shop}
            relationships:
              - {from: buyer, type: BOUGHT, to: order, properties: {amount: total}}
              - {from: order, type: IN, to: shop}
              - {from: buyer, type: KNOWS, to: shop, properties: {since: {earliest: at}}}
            """;

    private static final String SHAPE = """
            zone: Europe/Berlin
            formats: {day: [yyyy-MM-dd, dd/MM/yyyy]}
            summaries:
              user: {of: users, by: user_id, fields: {name: {join: [first, last], separator: "-"}}, value: name}
            kinds:
              reads:
                at: timestamp(day)
                count: {from: n, type: integer, required: true}
                users: {list: ",", summary: user, missing: absent}
                goals: {list: "|", separator: ";", parts: {year: integer, goal: {type: integer, required: false}}}
                log: {function: reading-log, with: {status: at, started: at, history: at, completed: at}, keep: false}
                all: {rows: reads, where: {user_id: user_id}, shaped: true, sort: at, figures: {n: {count: all, where: {count: [1]}}}}
                some: {rows: reads, where: {user_id: user_id}, parts: {n: integer}, sort: [n]}
            """;

    /** One that reads a file and throws what is wrong with it. */
    private interface Reader extends Consumer<String> {}

    private static final Reader WAREHOUSE = file -> new io.caravan.warehouse.TableFields().in(file);
    private static final Reader BIGQUERY = file -> new io.caravan.bigquery.TableFields().in(file);
    private static final Reader MAPPING = file -> new MappingFields().in(file);
    private static final Reader SHAPES = file -> new ShapeFields().in(file);
    private static final Reader RULES = file -> MergeRules.load(file);

    @TempDir
    private Path folder;

    @Test
    void theTableIsDescribedAsItsReadersTakeIt() throws IOException {
        agree("warehouse-table", TABLE, 30, WAREHOUSE, BIGQUERY);
        agree(
                "warehouse-table",
                Files.readString(Path.of("routes/personalization/warehouse.yaml")),
                30,
                WAREHOUSE,
                BIGQUERY);
    }

    @Test
    void theMappingIsDescribedAsItsReaderTakesIt() throws IOException {
        agree("graph-mapping", GRAPH, 60, MAPPING);
        agree("graph-mapping", Files.readString(Path.of("routes/personalization/graph.yaml")), 60, MAPPING);
    }

    @Test
    void theMappingOfSeveralKindsIsRightByTheSchema() throws IOException {
        String mapping = Files.readString(Path.of("routes/bookclub/graph.yaml"));
        JsonSchema schema = schema("graph-mapping");
        assertThat(schema.validate(YAML.readTree(mapping))).isEmpty();
        assertThat(schema.validate(YAML.readTree(mapping.replace("for: series", "each: series"))))
                .isNotEmpty();
        assertThat(schema.validate(YAML.readTree(mapping.replace("count: status, of", "count: status, by"))))
                .isNotEmpty();
    }

    @Test
    void theRulesAreDescribedAsTheirReaderTakesThem() throws IOException {
        agree("merge-rules", Files.readString(Path.of("routes/books/merge.yaml")), 80, RULES);
    }

    @Test
    void whatDocumentsBecomeIsDescribedAsItsReaderTakesIt() throws IOException {
        agree("shape-mapping", SHAPE, 60, SHAPES);
    }

    @Test
    void everyTypeThatAReaderNamesIsInTheSchema() throws IOException {
        JsonSchema schema = schema("warehouse-table");
        for (Reader reader : List.of(WAREHOUSE, BIGQUERY)) {
            String said = refusal(reader, TABLE.replace("numeric", "money")).orElseThrow();
            Matcher types = Pattern.compile("type must be one of ([\\w|, ]+?)(, or array.*)?, got 'money'")
                    .matcher(said);
            assertThat(types.find()).as(said).isTrue();
            for (String type : types.group(1).split("\\||, ")) {
                assertThat(schema.validate(YAML.readTree(TABLE.replace("numeric", type))))
                        .as(type)
                        .isEmpty();
            }
        }
        assertThat(schema.validate(YAML.readTree(TABLE.replace("numeric", "array<string>"))))
                .isEmpty();
        assertThat(schema.validate(YAML.readTree(TABLE.replace("numeric", "money"))))
                .isNotEmpty();
        assertThat(schema.validate(YAML.readTree(TABLE.replace("type: text", "type: jsonb"))))
                .isNotEmpty();
    }

    /**
     * The file is right by the schema. Of every change of it that all readers refuse for its form, the schema refuses it too; what the
     * schema refuses no reader takes.
     */
    private void agree(String name, String text, int least, Reader... readers) throws IOException {
        JsonSchema schema = schema(name);
        JsonNode right = YAML.readTree(text);
        assertThat(schema.validate(right)).isEmpty();
        int refused = 0;
        for (JsonNode changed : changes(right)) {
            String yaml = YAML.writeValueAsString(changed);
            List<String> refusals =
                    Stream.of(readers).flatMap(r -> refusal(r, yaml).stream()).toList();
            boolean valid = schema.validate(changed).isEmpty();
            if (refusals.size() < readers.length)
                assertThat(valid).as(yaml + schema.validate(changed)).isTrue();
            // what one part of a file says of another no schema can compare
            else if (refusals.stream().allMatch(SchemasTest::ofForm))
                assertThat(valid).as(yaml + refusals).isFalse();
            if (!valid) refused++;
        }
        assertThat(refused).isGreaterThanOrEqualTo(least);
    }

    private static boolean ofForm(String refusal) {
        return refusal.lines()
                .noneMatch(
                        s -> s.matches(
                                ".*(be one of nodes|have a relationship with|be of a property of|given once|"
                                        + "differ from|with another rule than as|be the same for one label|have either parts or|be one of the summaries|name a field that stands before|name fields of the rows|"
                                        + "be one of its fields|be one of its arguments|have all of its arguments|have a format of|be one of the kinds|not hold the key again|neither when nor).*"));
    }

    private static List<JsonNode> changes(JsonNode right) {
        List<JsonNode> changes = new ArrayList<>();
        for (String at : pointers(right, "")) {
            int slash = at.lastIndexOf('/');
            String name = at.substring(slash + 1);
            if (!(right.at(at.substring(0, slash)) instanceof ObjectNode)) continue;
            for (int i = 0; i < 4; i++) {
                JsonNode copy = right.deepCopy();
                ObjectNode parent = (ObjectNode) copy.at(at.substring(0, slash));
                switch (i) {
                    case 0 -> parent.remove(name);
                    case 1 -> parent.set(name + " x", parent.remove(name));
                    case 2 -> parent.putArray(name).addArray().add(1);
                    default -> parent.putObject(name).putObject("nonsense").put("x", "y");
                }
                changes.add(copy);
            }
        }
        return changes;
    }

    private static List<String> pointers(JsonNode node, String at) {
        List<String> pointers = new ArrayList<>();
        if (!at.isEmpty()) pointers.add(at);
        node.properties().forEach(e -> pointers.addAll(pointers(e.getValue(), at + "/" + e.getKey())));
        for (int i = 0; node.isArray() && i < node.size(); i++) pointers.addAll(pointers(node.get(i), at + "/" + i));
        return pointers;
    }

    private java.util.Optional<String> refusal(Reader reader, String yaml) {
        try {
            Path file = Files.writeString(folder.resolve("file.yaml"), yaml);
            reader.accept(file.toString());
            return java.util.Optional.empty();
        } catch (ConfigurationException e) {
            return java.util.Optional.of(e.getMessage());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonSchema schema(String name) throws IOException {
        try (InputStream in = SchemasTest.class.getResourceAsStream("/schemas/" + name + ".schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(in);
        }
    }
}
