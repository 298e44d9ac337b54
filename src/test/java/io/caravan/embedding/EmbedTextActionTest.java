package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class EmbedTextActionTest {

    private final List<String> rejected = new ArrayList<>();

    @Test
    void theBatchGetsItsVectorsAndWhatIsNoTextBecomesADeadLetter() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("ledgerDataSource", ledger);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:batch").to("kamelet:embed-text-action?field=message&into=text_embedding");
                }
            });
            camel.start();
            List<?> made = camel.createFluentProducerTemplate()
                    .to("direct:batch")
                    .withProcessor(exchange -> {
                        exchange.setVariable(RunContext.VARIABLE, new Rejecting());
                        exchange.getMessage().setBody(List.of(record("1", "hello"), record("2", 5L), record("3", " ")));
                    })
                    .request(List.class);
            assertThat(made).extracting(r -> ((Record) r).key()).containsExactly("1", "3");
            float[] vector =
                    (float[]) ((Record) made.get(0)).get("text_embedding").orElseThrow();
            try (OnnxEmbedder embedder = new OnnxEmbedder("bundled", 8)) {
                assertThat(vector).isEqualTo(embedder.embed(List.of("hello"))[0]);
            }
            assertThat(((Record) made.get(1)).get("text_embedding")).contains(new float[384]);
            assertThat(rejected)
                    .containsExactly("embed-text, 2: embed-text-action: message must be text, got 'a whole number'");
        }
    }

    private static Record record(String key, Object message) {
        Fields fields = Fields.of("record_id", "message");
        return Record.read(key, fields, new Object[] {key, message}, new Origin("o", 1), Hash.NONE);
    }

    private final class Rejecting implements RunContext {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            throw new IllegalStateException("a step delivers nothing");
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            rejected.add(step + ", " + record.key() + ": " + reason.getMessage());
        }
    }
}
