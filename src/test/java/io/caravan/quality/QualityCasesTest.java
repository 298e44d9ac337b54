package io.caravan.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores and profiles as {@code bench/quality/reference.py} has them, which was written from the rules without this code. */
class QualityCasesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream file = QualityCasesTest.class.getResourceAsStream("/quality/cases.json")) {
            List<JsonNode> cases = new ArrayList<>();
            JSON.readTree(file).forEach(cases::add);
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreAndProfileAreThoseOfPython(JsonNode known) {
        Quality quality = QualityCheck.of(schema(known.get("schema"))).check(records(known.get("rows")));
        assertThat(JSON.valueToTree(quality.deductionsCompatible()).toString())
                .isEqualTo(known.get("deductions").toString());
        assertThat(quality.scoreCompatible()).isEqualTo(known.get("score").asInt());
        ObjectNode profile = JSON.valueToTree(quality.profile());
        profile.remove("typeFormatIssues"); // with a schema ours says more
        List<String> sections = new ArrayList<>();
        profile.fieldNames().forEachRemaining(sections::add);
        for (String section : sections)
            assertThat(profile.get(section).toPrettyString())
                    .as(section)
                    .isEqualTo(known.get("profile").get(section).toPrettyString());
        assertThat(sections).hasSize(known.get("profile").size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOrderOfRowsChangesNoFigure(JsonNode known) {
        List<Record> rows = new ArrayList<>(records(known.get("rows")));
        QualityCheck check = QualityCheck.of(schema(known.get("schema")));
        Quality one = check.check(rows);
        Collections.shuffle(rows, new Random(7));
        Quality other = check.check(rows);
        assertThat(other.score()).isEqualTo(one.score());
        assertThat(other.deductions()).isEqualTo(one.deductions());
        assertThat(figures(other)).isEqualTo(figures(one));
    }

    /** All but the examples, which are the first that were seen. */
    private static String figures(Quality quality) {
        ObjectNode profile = JSON.valueToTree(quality.profile());
        profile.remove("sampleData");
        profile.findParents("sampleInvalid").forEach(n -> ((ObjectNode) n).remove("sampleInvalid"));
        for (String examples : List.of("outlierValues", "exampleValues"))
            profile.findParents(examples).forEach(n -> sort((ObjectNode) n, examples));
        return profile.toPrettyString() + JSON.valueToTree(quality.columns()).toPrettyString();
    }

    private static void sort(ObjectNode entry, String key) {
        List<JsonNode> values = new ArrayList<>();
        entry.get(key).forEach(values::add);
        boolean all = values.size() < 5;
        values.sort(Comparator.comparingDouble(JsonNode::asDouble));
        entry.put(key, all ? values.toString() : "some");
    }

    private static DataSchema schema(JsonNode json) {
        SchemaFile.Found found = SchemaFile.read("schemas/case.json", json.toString());
        return found.schema().orElseThrow(() -> new AssertionError(found.problems()));
    }

    private static List<Record> records(JsonNode rows) {
        List<Record> records = new ArrayList<>();
        for (JsonNode row : rows) {
            List<String> names = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            row.fields().forEachRemaining(field -> {
                names.add(field.getKey());
                values.add(field.getValue().isNull() ? null : field.getValue().asText());
            });
            records.add(Record.read(
                    Integer.toString(records.size()),
                    new Fields(names),
                    values.toArray(),
                    new Origin("case", records.size() + 1)));
        }
        return records;
    }
}
