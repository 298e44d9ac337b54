package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class AnswerProblemTest {

    @Test
    void theUnforeseenIsA500ThatTellsNothing() throws IOException {
        assertThat(answer(new IllegalStateException("jdbc:postgresql://10.0.0.7/db?password=secret")))
                .isEqualTo("""
                500 application/problem+json {"type":"about:blank","title":"Internal Server Error","status":500,\
                "detail":"query: the request failed; the log says why","instance":"/graph/x"}""");
    }

    @Test
    void aStoreThatCannotBeAskedIsA503WithoutAddressOrAccount() throws IOException {
        CaravanException down = new UnavailableException("bolt://10.0.0.7 as neo4j refused", new Exception());
        assertThat(answer(Stores.problem("graph", down))).isEqualTo("""
                503 application/problem+json {"type":"about:blank","title":"Service Unavailable","status":503,\
                "detail":"query: the store of the graph does not answer; try again later","instance":"/graph/x"}""");
        CaravanException wrong = new ConfigurationException("password of neo4j is wrong");
        assertThat(answer(Stores.problem("graph", wrong)))
                .contains("query: the store of the graph cannot be used as it is configured; the log says why");
    }

    private static String answer(Exception failure) throws IOException {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/graph/x");
            exchange.getMessage().setHeader("Cookie", "of the request");
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
            new AnswerProblem().process(exchange);
            assertThat(exchange.getMessage().getHeaders().keySet())
                    .containsExactlyInAnyOrder(
                            Exchange.HTTP_RESPONSE_CODE,
                            Exchange.CONTENT_TYPE,
                            "X-Content-Type-Options",
                            "Cache-Control");
            return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)
                    + " "
                    + exchange.getMessage().getHeader(Exchange.CONTENT_TYPE)
                    + " "
                    + new String((byte[]) exchange.getMessage().getBody(), StandardCharsets.UTF_8);
        }
    }
}
