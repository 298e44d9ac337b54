package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneSinkKameletTest {

    @Test
    void writesTheBatchAndFreesTheFolderWhenCamelStops(@TempDir Path folder) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:batch")
                            .to("kamelet:lucene-sink?collection=user_data&keyField=record_id&vectorField=embedding"
                                    + "&dimensions=2&fields=user_id&idleMillis=3600000&path=RAW(" + folder + ")");
                }
            });
            camel.start();
            List<Record> batch = List.of(record("1", "ann", 1, 0));
            Object after = camel.createFluentProducerTemplate()
                    .to("direct:batch")
                    .withProcessor(exchange -> {
                        exchange.setVariable(RunContext.VARIABLE, new WriteAll());
                        exchange.getMessage().setBody(batch);
                    })
                    .request(Object.class);
            assertThat(after).as("the body stays").isSameAs(batch);
        }
        try (LuceneSink next = new LuceneSink("vectors", folder.toString(), COLLECTION, Duration.ofMinutes(1))) {
            next.write(List.of(record("2", "bob", 0, 1)));
            assertThat(next.keys()).containsExactlyInAnyOrder("1", "2");
        }
    }

    private static final class WriteAll implements RunContext {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            assertThat(sink.name()).isEqualTo("vectors");
            assertThat(sink.write(batch)).isEmpty();
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            throw reason;
        }
    }
}
