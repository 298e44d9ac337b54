package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.BadRecordException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class Neo4jSinkKameletTest {

    private final RunContext run = new RunContext() {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            assertThat(sink.name()).isEqualTo("graph");
            assertThat(sink.write(batch)).isEmpty();
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            throw reason;
        }
    };

    @Test
    void writesTheBatchAsItsMappingSays() throws Exception {
        TestNeo4j.clear();
        Endpoint endpoint = TestNeo4j.endpoint();
        Fields fields = Fields.of("record_id", "user_id");
        Record record = Record.read("e1", fields, new Object[] {"e1", "ann"}, new Origin("test.csv", 1), Hash.NONE);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .toF(
                                    "kamelet:neo4j-sink?uri=%s&user=%s&password=RAW(%s)&mapping=%s",
                                    endpoint.uri(),
                                    endpoint.user(),
                                    endpoint.password(),
                                    "classpath:routes/personalization/graph.yaml");
                }
            });
            context.start();
            EndpointCounts counts = EndpointCounts.of(context);
            Exception failure = context.createFluentProducerTemplate()
                    .to("direct:in")
                    .withVariable(RunContext.VARIABLE, run)
                    .withBody(List.of(record))
                    .send()
                    .getException();

            assertThat(failure).isNull();
            assertThat(counts.calls()).as("a constraint for each label").containsEntry("neo4j", 3L);
        }
        assertThat(GraphDump.of())
                .containsExactly(
                        "Event{record_id=e1}",
                        "User{user_id=ann}",
                        "User{user_id=ann}-PERFORMED{}->Event{record_id=e1}");
    }
}
