package io.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.error.ConfigurationException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointCallTest {

    private static final String HOSTILE = "a&b=c#d%20+ é)&x=RAW(y) {$1}";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:double").process(e -> {
                    calls.incrementAndGet();
                    e.getMessage().setBody(2 * e.getMessage().getBody(Integer.class));
                });
                from("direct:opens")
                        .process(e -> e.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange exchange) {
                                closed.incrementAndGet();
                            }
                        }));
                from("direct:fails-twice").process(e -> {
                    SQLException inner = new SQLException("inner", "08006");
                    throw new IllegalStateException("outer", new SQLException("login", "28000", inner));
                });
                from("direct:fails").process(e -> {
                    throw new IllegalStateException("outer", new SQLException("inner", "08006"));
                });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void anEndpointAnswersAndCamelCountsTheCall() {
        EndpointCounts counts = EndpointCounts.of(context);
        EndpointCall call = EndpointCall.of(context, "direct", Map.of("name", "double"));

        assertThat(call.call(21, Map.of()).getBody()).isEqualTo(42);
        assertThat(counts.calls()).containsExactly(Map.entry("direct", 1L));
    }

    @Test
    void theClientsExceptionIsFoundBelowThatOfTheComponent() {
        EndpointCall call = EndpointCall.of(context, "direct", Map.of("name", "fails"));

        assertThatThrownBy(() -> call.call(1, Map.of()))
                .isInstanceOfSatisfying(EndpointException.class, e -> assertThat(
                                e.cause(SQLException.class).orElseThrow().getSQLState())
                        .isEqualTo("08006"));
    }

    @Test
    void ofSeveralExceptionsOfTheClientTheOuterSaysWhatHappened() {
        EndpointCall call = EndpointCall.of(context, "direct", Map.of("name", "fails-twice"));

        assertThatThrownBy(() -> call.call(1, Map.of()))
                .isInstanceOfSatisfying(EndpointException.class, e -> assertThat(
                                e.cause(SQLException.class).orElseThrow().getSQLState())
                        .isEqualTo("28000"));
    }

    @Test
    void whatAClientThrewComesBeforeTheTriesThatItSuppressed() throws Exception {
        SQLException thrown = new SQLException("last", "08006");
        thrown.addSuppressed(new SQLException("first try", "08001"));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tries").process(e -> {
                    throw thrown;
                });
            }
        });
        EndpointCall call = EndpointCall.of(context, "direct", Map.of("name", "tries"));

        assertThatThrownBy(() -> call.call(1, Map.of()))
                .isInstanceOfSatisfying(EndpointException.class, e -> assertThat(e.cause(SQLException.class))
                        .contains(thrown));
    }

    @Test
    void aMockTakesTheEndpointsPlace() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("direct:double", true));
        MockEndpoint mock = context.getEndpoint("mock:direct:double", MockEndpoint.class);
        mock.expectedBodiesReceived(21);

        EndpointCall.of(context, "direct", Map.of("name", "double")).call(21, Map.of());

        mock.assertIsSatisfied();
        assertThat(calls).hasValue(0);
    }

    @Test
    void parametersWithSignsThatMeanSomethingInAUriArriveLiterally() {
        MongoClient nobody = MongoClients.create("mongodb://127.0.0.1:1");
        context.getRegistry().bind("nobody", nobody);
        EndpointCall call = EndpointCall.of(
                context, "mongodb", Map.of("connectionBean", "nobody", "database", HOSTILE, "collection", "#?x=y"));

        assertThat(context.getEndpoint(call.uri(), org.apache.camel.component.mongodb.MongoDbEndpoint.class))
                .satisfies(e -> assertThat(e.getDatabase()).isEqualTo(HOSTILE))
                .satisfies(e -> assertThat(e.getCollection()).isEqualTo("#?x=y"));
        nobody.close();
    }

    @Test
    void whatCamelWouldEvaluateInAParameterIsRefused() {
        for (String evaluated : new String[] {"{{env:HOME}}", "${env:HOME}", "$simple{1}"}) {
            assertThatThrownBy(() ->
                            EndpointCall.of(context, "mongodb", Map.of("connectionBean", "x", "database", evaluated)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("mongodb: database must not hold {{, ${ or $simple{, got '" + evaluated + "'");
        }
    }

    @Test
    void anAnswerThatIsReadBitByBitStaysOpenUntilItIsClosed() {
        EndpointCall call = EndpointCall.of(context, "direct", Map.of("name", "opens"));
        try (EndpointAnswer answer = call.open("x", Map.of())) {
            assertThat(answer.message().getBody()).isEqualTo("x");
            assertThat(closed).hasValue(0);
        }
        assertThat(closed).hasValue(1);

        call.call("x", Map.of());
        assertThat(closed).hasValue(2);
    }
}
