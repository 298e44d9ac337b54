package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.BadRecordException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class MongodbSinkKameletTest {

    private final RunContext run = new RunContext() {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            assertThat(sink.name()).isEqualTo("documents");
            assertThat(sink.write(batch)).isEmpty();
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            throw reason;
        }
    };

    @Test
    void writesTheBatchWithoutTheExcludedFields() throws Exception {
        String uri = TestStores.mongo().uri();
        try (DefaultCamelContext context = new DefaultCamelContext();
                MongoClient client = MongoClients.create(uri)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .toF(
                                    "kamelet:mongodb-sink?uri=%s&database=kamelet_test&collection=messages&exclude=b",
                                    uri);
                }
            });
            context.start();
            EndpointCounts counts = EndpointCounts.of(context);
            Record record = Record.read(
                    "r1", Fields.of("a", "b"), new Object[] {"kept", "left out"}, new Origin("a.csv", 1), Hash.NONE);
            context.createFluentProducerTemplate()
                    .to("direct:in")
                    .withVariable(RunContext.VARIABLE, run)
                    .withBody(List.of(record))
                    .send();
            assertThat(counts.calls())
                    .as("the write, and before it whether the collection has a collation")
                    .containsEntry("mongodb", 2L);
            assertThat(Clients.of(context).uses()).containsEntry("mongoClient", 0L);
            Document stored = client.getDatabase("kamelet_test")
                    .getCollection("messages")
                    .find()
                    .first();
            stored.remove("ingested_at");
            assertThat(stored)
                    .isEqualTo(new Document("_id", "r1")
                            .append("a", "kept")
                            .append("source", new Document("object", "a.csv").append("line", 1L)));
        }
    }
}
