package io.caravan.query;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Serves Swagger UI from its jar, showing the OpenAPI document of this API and asking nothing of other hosts. */
public final class SwaggerUi implements Processor {

    private static final String ARTIFACT = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "index.html", "text/html;charset=UTF-8",
            "index.css", "text/css;charset=UTF-8",
            "swagger-ui.css", "text/css;charset=UTF-8",
            "swagger-ui-bundle.js", "text/javascript;charset=UTF-8",
            "swagger-ui-standalone-preset.js", "text/javascript;charset=UTF-8",
            "swagger-initializer.js", "text/javascript;charset=UTF-8",
            "favicon-16x16.png", "image/png",
            "favicon-32x32.png", "image/png");
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer");

    private final String path;
    private final byte[] initializer;

    /**
     * @param path where it is served, such as {@code /swagger-ui}
     * @param document the OpenAPI document, relative to that path with a slash behind
     */
    public SwaggerUi(String path, String document) {
        this.path = path;
        this.initializer = """
                window.onload = () => {
                  window.ui = SwaggerUIBundle({
                    url: '%s',
                    dom_id: '#swagger-ui',
                    deepLinking: true,
                    validatorUrl: null,
                    supportedSubmitMethods: ['get'],
                    presets: [SwaggerUIBundle.presets.apis],
                    layout: 'BaseLayout'
                  });
                };
                """.formatted(document).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        String asked = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
        if (asked.equals(path)) {
            // relative, so that it leads nowhere else
            String folder = path.substring(path.lastIndexOf('/') + 1) + "/";
            HttpReply.send(exchange, 308, "text/plain", new byte[0], Map.of("Location", folder));
            return;
        }
        String file = asked.equals(path + "/") ? "index.html" : asked.substring(path.length() + 1);
        if (!MEDIA_TYPES.containsKey(file)) {
            throw new ProblemException(404, QueryString.UNIT + ": Swagger UI has no such file");
        }
        byte[] content = file.equals("swagger-initializer.js") ? initializer : read(file);
        HttpReply.send(exchange, 200, MEDIA_TYPES.get(file), content, HEADERS);
    }

    private static byte[] read(String file) throws IOException {
        Properties artifact = new Properties();
        try (InputStream in = resource(ARTIFACT)) {
            artifact.load(in);
        }
        String version = artifact.getProperty("version");
        try (InputStream in = resource("META-INF/resources/webjars/swagger-ui/" + version + "/" + file)) {
            return in.readAllBytes();
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = SwaggerUi.class.getClassLoader().getResourceAsStream(name);
        if (in == null) throw new IOException(name + " is not on the class path: org.webjars:swagger-ui is missing");
        return in;
    }
}
