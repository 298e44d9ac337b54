package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

class QuotedNamesTest {

    @Test
    void aNameWithADoubleQuoteIsRefusedBeforeCamelTakesItOut() throws Exception {
        assertThatThrownBy(() -> start("mongodb-sink", "a\"b"))
                .rootCause()
                .hasMessage(
                        "mongodb-sink: collection must hold no double quote, which Camel takes out of a Kamelet's parameters,"
                                + " got 'a\"b'; copy what it names to another name, without one, and name that");
        assertThatCode(() -> start("mongodb-sink", "it's {a}; ä%22")).doesNotThrowAnyException();
    }

    private static void start(String sink, String collection) throws Exception {
        String route = """
                - route:
                    id: quoted
                    from:
                      uri: direct:quoted
                      steps:
                        - to:
                            uri: kamelet:%s
                            parameters: {uri: 'mongodb://127.0.0.1:1', database: quotes, collection: '%s'}
                """.formatted(sink, collection.replace("'", "''"));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("quoted.camel.yaml", route));
            context.start();
        }
    }
}
