package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kamelets share is put where they name it, and their beans get what they ask for by name. */
class SharedStepsTest {

    @TempDir
    Path kamelets;

    /** What such a bean got. */
    public static final class Parts implements Processor {

        private final String got;

        public Parts(String first, int second, Object third, Inner inner) {
            this.got = first + " " + (second + 1) + " " + third + " " + inner.text();
        }

        public Parts(String first) {
            this.got = "only " + first;
        }

        @Override
        public void process(Exchange exchange) {
            exchange.getMessage().setBody(got);
        }
    }

    /** Made by a factory method. */
    public record Inner(String text) {

        public static Inner of(String first) {
            return new Inner("inner of " + first);
        }
    }

    private static final String PROPERTIES = """
                first: {title: First, type: string, default: one}
                second: {title: Second, type: integer, default: 2}
                third: {title: Third, type: string, default: x}
            """;
    private static final String BEANS = """
                  - name: innerBean
                    type: "#class:io.caravan.run.SharedStepsTest$Inner#of"
                  - name: partsBean
                    type: "#class:io.caravan.run.SharedStepsTest$Parts"
            """;
    private static final String STEPS = """
                    - to: shared:nothing
                    - process: {ref: "{{partsBean}}"}
            """;

    @Test
    void aBeanGetsItsArgumentsByNameAndInTheirTypes() throws Exception {
        assertThat(call(PROPERTIES, BEANS, STEPS, "?third=007&first=two")).isEqualTo("two 3 007 inner of two");
    }

    @Test
    void theLargestConstructorCountsForWhichAllIsThere() throws Exception {
        String without = PROPERTIES.replaceFirst(" *third.*\n", "");
        assertThat(call(without, BEANS, STEPS, "")).isEqualTo("only one");
    }

    @Test
    void anArgumentThatIsListedByItsNumberStays() throws Exception {
        assertThat(call(PROPERTIES, BEANS + "        constructors: {\"2\": \"{{first}}!\"}\n", STEPS, ""))
                .isEqualTo("one 3 one! inner of one");
    }

    @Test
    void aKameletThatNamesNoSharedStepsIsLeftAsItIs() {
        assertThatThrownBy(() -> call(PROPERTIES, BEANS, "        - process: {ref: \"{{partsBean}}\"}\n", ""))
                .hasStackTraceContaining("Cannot create bean");
    }

    @Test
    void anArgumentThatNothingIsNamedLikeIsSaid() {
        assertThatThrownBy(() -> call("    third: {title: Third, type: string, default: x}\n", BEANS, STEPS, ""))
                .hasStackTraceContaining(
                        "parts-action: innerBean must get each argument from a property or a bean of its name,"
                                + " got none for 'first'; declare it or list its number below constructors");
    }

    @Test
    void sharedStepsThatAreNotThereAreSaid() {
        assertThatThrownBy(() -> call(PROPERTIES, BEANS, "        - to: shared:nowhere\n", ""))
                .hasStackTraceContaining(
                        "kamelet: to must name a file of classpath:shared-steps, got 'shared:nowhere'");
    }

    private String call(String properties, String beans, String steps, String parameters) throws Exception {
        write(properties, beans, steps);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:start")
                            .to("kamelet:parts-action" + parameters + (parameters.isEmpty() ? "?" : "&")
                                    + "location=file:" + kamelets);
                }
            });
            camel.start();
            return camel.createProducerTemplate().requestBody("direct:start", "", String.class);
        }
    }

    private void write(String properties, String beans, String steps) throws IOException {
        Files.writeString(
                kamelets.resolve("parts-action.kamelet.yaml"),
                """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: parts-action}
                spec:
                  definition:
                    properties:
                """
                        + properties.indent(2) + "  template:\n    beans:\n" + beans.indent(2)
                        + "    from:\n      uri: kamelet:source\n      steps:\n" + steps.indent(2));
    }
}
