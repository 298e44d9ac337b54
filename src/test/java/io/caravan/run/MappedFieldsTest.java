package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which fields of the source's records a route reads. */
class MappedFieldsTest {

    @TempDir
    Path folder;

    @Test
    void fieldsOfTheSourceAreThoseThatNoStepMakesAndAsFarAsBlocksTellWhatTheyDo() throws Exception {
        Path table = folder.resolve("table.yaml");
        Files.writeString(
                table,
                "table: t\ncolumns:\n- {name: id, type: text, key: true}\n- {name: title, from: name, type: text}\n"
                        + "- {name: vector, type: text}\n- {name: note, type: text, optional: true}\n");
        String route = """
                - route:
                    id: shop
                    from:
                      uri: kamelet:objects-source
                      parameters: {pipeline: shop, input: /data, keyFields: id}
                      steps:
                      - to: {uri: kamelet:convert-types-action, parameters: {types: price=decimal}}
                      - to: {uri: kamelet:filter-records-action, parameters: {where: "${body[status]} == 'sold'"}}
                      - to: {uri: kamelet:embed-text-action, parameters: {field: message, into: vector}}
                      - multicast:
                          steps:
                          - to: {uri: kamelet:warehouse-sink, parameters: {sink: rows, table: "%s"}}
                          - to: {uri: kamelet:mongodb-sink, parameters: {sink: documents, exclude: secret}}
                      - process: {ref: mine}
                      - to: {uri: kamelet:lucene-sink, parameters: {sink: late, fields: made}}
                """.formatted(table);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("shop.camel.yaml", route));
            List<MappedField> fields =
                    PipelineModel.find(context, "shop").wiring().fields();
            assertThat(fields.stream().filter(f -> !f.optional()).map(f -> f.sentence() + ": " + f.field()))
                    .containsExactlyInAnyOrder(
                            "type of 'price' of convert-types-action: price",
                            "parameter where of filter-records-action: status",
                            "parameter field of embed-text-action: message",
                            "column 'id' of rows: id",
                            "column 'title' of rows: name");
            assertThat(fields.stream().filter(MappedField::optional).map(MappedField::field))
                    .containsExactlyInAnyOrder("note", "secret");
        }
    }
}
