package io.caravan.query;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.math.BigDecimal;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.model.Model;
import org.apache.camel.openapi.BeanConfig;
import org.apache.camel.openapi.OpenApiHelper;
import org.apache.camel.openapi.RestOpenApiReader;
import org.apache.camel.openapi.RestOpenApiSupport;

/**
 * Serves the OpenAPI document of what the REST DSL of this context declares, made at the first request. Adds what the DSL
 * cannot say: the media type of problems, the bounds of parameters, that no field of an answer is ever absent
 * (what is sent, {@code ...Request}, may lack some).
 */
public final class OpenApiDocument implements Processor {

    private final BeanConfig config = new BeanConfig();
    private final int highestLimit;
    private volatile byte[] document;

    /** {@code highestLimit}: of the parameter {@code limit}. */
    public OpenApiDocument(String title, String version, String description, int highestLimit) {
        config.setVersion("3.0.3");
        config.setInfo(new Info().title(title).version(version).description(description));
        this.highestLimit = highestLimit;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        byte[] made = document;
        if (made == null) {
            made = made(exchange.getContext());
            document = made;
        }
        HttpReply.send(exchange, 200, "application/json", made, java.util.Map.of());
    }

    private byte[] made(CamelContext context) throws Exception {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        OpenAPI api = new RestOpenApiReader()
                .read(context, model.getRestDefinitions(), config, context.getName(), context.getClassResolver());
        OpenApiHelper.clearVendorExtensions(api);
        // relative to the document, wherever a proxy shows it
        api.setServers(List.of(new Server().url("./")));
        api.getPaths().values().forEach(path -> path.readOperations().forEach(this::complete));
        api.getComponents().getSchemas().forEach((name, schema) -> {
            if (!name.endsWith("Request")) requireAll(schema);
        });
        return RestOpenApiSupport.getFromOpenAPI(api, config, byte[].class, true);
    }

    private void complete(Operation operation) {
        if (operation.getParameters() != null) operation.getParameters().forEach(this::bound);
        operation.getResponses().forEach(OpenApiDocument::problem);
    }

    private void bound(Parameter parameter) {
        Schema<?> schema = parameter.getSchema();
        if (parameter.getName().equals("limit")) {
            schema.minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(highestLimit));
            schema.setDefault(Integer.valueOf(schema.getDefault().toString()));
        } else {
            schema.minLength(1).maxLength(UserRequest.LONGEST_ID);
        }
    }

    private static void problem(String status, ApiResponse response) {
        if (status.startsWith("2") || response.getContent() == null) return;
        Schema<?> schema = response.getContent().get("application/json").getSchema();
        if (schema == null || schema.get$ref() == null || !schema.get$ref().endsWith("/Problem")) return;
        response.setContent(new Content()
                .addMediaType("application/problem+json", response.getContent().get("application/json")));
    }

    private static void requireAll(Schema<?> schema) {
        if (schema.getProperties() != null)
            schema.setRequired(List.copyOf(schema.getProperties().keySet()));
    }
}
