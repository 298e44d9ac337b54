package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a secret is made of, a bean gets it as it is. */
class LiteralSecretsTest {

    private static final String HARD = "a\"b{{c}}${d}#";

    private final CamelContext context = new DefaultCamelContext();
    private final PropertiesComponent settings = context.getPropertiesComponent();

    /** What a connector is to Camel. */
    public static final class Taken {
        private final String text;
        private final String object;

        public Taken(String before, String text, Object object) {
            this.text = text;
            this.object = before + object;
        }
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void tenThousandSecretsArriveInBeansAsTheyAre() throws Exception {
        Random random = new Random(29);
        for (int i = 0; i < 10_000; i++) {
            String secret = secret(random);
            settings.addOverrideProperty("caravan.shop.password", secret);
            assertThat(taken("caravan.shop.password")).isEqualTo(secret);
        }
    }

    @Test
    void theyArriveThroughTheSecretParametersOfEveryKamelet() throws Exception {
        Random random = new Random(29);
        List<String> seen = new ArrayList<>();
        try (Stream<Path> kamelets = Files.list(Path.of("src/main/resources/kamelets"))) {
            for (Path file : kamelets.sorted().toList()) {
                JsonNode properties = new YAMLMapper().readTree(file.toFile()).at("/spec/definition/properties");
                for (var property : properties.properties()) {
                    // a whole URI is read by who is asked, not by us
                    if (!property.getValue().path("format").asText().equals("password")
                            || property.getKey().equals("uri")) continue;
                    seen.add(file.getFileName() + " " + property.getKey());
                    for (int i = 0; i < 50; i++) throughKamelet(property.getKey(), secret(random));
                }
            }
        }
        assertThat(seen)
                .hasSizeGreaterThan(40)
                .contains("warehouse-sink.kamelet.yaml password", "objects-source.kamelet.yaml secretKey");
    }

    /** As a route names its setting, directly and in a URI, and as application.properties gives it for one call. */
    private void throughKamelet(String parameter, String secret) throws Exception {
        settings.addOverrideProperty("caravan.shop.password", secret);
        String uri = context.resolvePropertyPlaceholders("kamelet:x?" + parameter + "={{caravan.shop.password}}");
        String inUri = uri.substring(("kamelet:x?" + parameter + "=").length());
        for (String given : List.of("{{caravan.shop.password}}", inUri)) {
            Properties local = new Properties();
            local.setProperty(parameter, given);
            settings.setLocalProperties(local);
            try {
                assertThat(taken(parameter)).as(parameter).isEqualTo(secret);
            } finally {
                settings.setLocalProperties(null);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HARD,
                "{{",
                "}}",
                "x{{c}}",
                "{{c}}{{d}}",
                "\"q\"",
                "'q'",
                " \"q\" ",
                "#hash",
                "#bean",
                "${x",
                "a,b",
                "\\",
                "a\"",
                "\\\"",
                "(x)",
                "12.50",
                "4711",
                "true",
                "null"
            })
    void whoAsksForASettingByNameGetsIt(String secret) throws Exception {
        settings.addOverrideProperty("caravan.api.key", secret);
        assertThat(LiteralSecrets.text(
                        context, settings.resolveProperty("caravan.api.key").orElseThrow()))
                .isEqualTo(secret);
        assertThat(taken("caravan.api.key")).isEqualTo(secret);
    }

    @Test
    void whatRefersToAnotherSettingDoesSo() throws Exception {
        settings.addOverrideProperty("caravan.a.password", "{{caravan.b.password}}");
        settings.addOverrideProperty("caravan.b.password", HARD);
        assertThat(taken("caravan.a.password")).isEqualTo(HARD);
        settings.addOverrideProperty("caravan.b.password", "{{sys:a.system.property}}");
        System.setProperty("a.system.property", HARD);
        try {
            assertThat(taken("caravan.a.password")).isEqualTo(HARD);
        } finally {
            System.clearProperty("a.system.property");
        }
        settings.addOverrideProperty("part", "me");
        settings.addOverrideProperty("caravan.a.connectionString", "AccountName={{part}};AccountKey=x==");
        assertThat(taken("caravan.a.connectionString")).isEqualTo("AccountName=me;AccountKey=x==");
        context.getRegistry().bind("own", "of a user's own");
        settings.addOverrideProperty("caravan.a.password", "#bean:own");
        assertThat(taken("caravan.a.password")).isEqualTo("of a user's own");
    }

    @Test
    void whereATextIsWantedItStaysAText() {
        settings.addOverrideProperty("caravan.a.password", "p#1,\"x");
        assertThat(context.resolvePropertyPlaceholders("{{caravan.a.password}}"))
                .isEqualTo("p#1,\"x");
        assertThat(context.resolvePropertyPlaceholders("smtp:x?password=RAW({{caravan.a.password}})"))
                .isEqualTo("smtp:x?password=RAW(p#1,\"x)");
    }

    private String taken(String name) throws Exception {
        Taken taken = (Taken) PropertyBindingSupport.resolveBean(
                context,
                "#class:" + Taken.class.getName() + "(\"before\", \"{{" + name + "}}\", \"{{" + name + "}}\")");
        assertThat(taken.object).isEqualTo("before" + taken.text);
        return taken.text;
    }

    private static String secret(Random random) {
        List<String> parts = List.of(
                "{{", "}}", "${", "}", "\"", "'", "#", "\\", ",", "(", ")", "&", "%", "+", "=", "?", ":", "/", "@", " ",
                "RAW(", "{{c}}", "$", "a", "Z", "7", "ü");
        StringBuilder secret = new StringBuilder("p"); // the others are listed above
        if (random.nextBoolean()) secret.setLength(0);
        int length = 1 + random.nextInt(20);
        for (int i = 0; i < length; i++) secret.append(parts.get(random.nextInt(parts.size())));
        return secret.toString().equals("{{c}}") ? "{{" : secret.toString(); // alone it is the name of a setting
    }
}
